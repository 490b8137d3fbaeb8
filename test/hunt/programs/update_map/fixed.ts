/** A map's entries counted under a mutex. */

import {
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { threads } from '../kit.ts';

class Words {
  readonly lock: PthreadMutex = pthread_mutex_init('words');
  readonly counts = new Map<string, number>();
}

function* count(words: Words, text: string): Generator<void, void, void> {
  for (const word of text.split(' ')) {
    yield* pthread_mutex_lock(words.lock);
    words.counts.set(word, (words.counts.get(word) ?? 0) + 1);
    yield* pthread_mutex_unlock(words.lock);
  }
}

export default program({ components: [] }, function* main() {
  const words = new Words();
  yield* threads({
    one: () => count(words, 'to be'),
    two: () => count(words, 'to do'),
  });
  const times = words.counts.get('to');
  if (times !== 2) throw new Error(`map: "to" is counted ${times} times`);
});
