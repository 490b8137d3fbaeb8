/**
 * A semaphore as a lock: Cantrill and Bonwick, "Real-world concurrency" (ACM
 * Queue, 2008), on why a semaphore is no mutex: nobody owns it.
 *
 * Bug      Who finds nothing to do posts though it did not wait, so two get in later.
 * Needs    Two preemptions: the stray post first, then both inside.
 */

import {
  expectVerdict,
  program,
  type Sem,
  sem_init,
  sem_post,
  sem_trywait,
  sem_wait,
} from 'rumpus';
import { Section, visit } from '../critical.ts';
import { threads } from '../kit.ts';

function* hasty(sem: Sem, section: Section): Generator<void, void, void> {
  if (sem_trywait(sem) === undefined) yield* visit(section, 'thread hasty');
  yield* sem_post(sem);
}

function* patient(sem: Sem, section: Section, name: string): Generator<void, void, void> {
  yield* sem_wait(sem);
  yield* visit(section, `thread ${name}`);
  yield* sem_post(sem);
}

const expect = expectVerdict('program-error', /mutual exclusion: thread \w+ comes in while/);

export default program({ components: [], expect }, function* main() {
  const sem = sem_init(1, 'section') as Sem;
  const section = new Section();
  yield* threads({
    one: () => patient(sem, section, 'one'),
    hasty: () => hasty(sem, section),
    two: () => patient(sem, section, 'two'),
  });
});
