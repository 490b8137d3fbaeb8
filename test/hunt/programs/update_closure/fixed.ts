/** Threads that return what they have, to be added up by who joins them. */

import { program, pthread_create, pthread_join } from 'rumpus';

function* give(amount: number): Generator<void, number, void> {
  return amount;
}

export default program({ components: [] }, function* main() {
  let total = 0;
  const five = yield* pthread_create(give, 5, 'five');
  const seven = yield* pthread_create(give, 7, 'seven');
  for (const t of [five, seven]) total += Number(yield* pthread_join(t));
  if (total !== 12) throw new Error(`closure: the total is ${total}`);
});
