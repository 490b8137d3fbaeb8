/** A semaphore as a lock, which is posted only by who waited for it. */

import { program, type Sem, sem_init, sem_post, sem_trywait, sem_wait } from 'rumpus';
import { Section, visit } from '../critical.ts';
import { threads } from '../kit.ts';

function* hasty(sem: Sem, section: Section): Generator<void, void, void> {
  if (sem_trywait(sem) !== undefined) return;
  yield* visit(section, 'thread hasty');
  yield* sem_post(sem);
}

function* patient(sem: Sem, section: Section, name: string): Generator<void, void, void> {
  yield* sem_wait(sem);
  yield* visit(section, `thread ${name}`);
  yield* sem_post(sem);
}

export default program({ components: [] }, function* main() {
  const sem = sem_init(1, 'section') as Sem;
  const section = new Section();
  yield* threads({
    one: () => patient(sem, section, 'one'),
    hasty: () => hasty(sem, section),
    two: () => patient(sem, section, 'two'),
  });
});
