/**
 * StringBuffer.append of JDK 1.4: Flanagan and Qadeer, "A type and effect system for atomicity"
 * (PLDI 2003); in SCTBench as stringbuffer-jdk1.4 (CHESS).
 *
 * Bug      append() asks the other buffer for its length and then for that many characters; both
 *          calls lock it, but nothing holds it in between. No data race: every access is locked.
 * Needs    One preemption, between the two calls.
 */

import { expectVerdict, mutex_enter, mutex_exit, program } from 'rumpus';
import { lwps } from '../kit.ts';
import { copyChars, erase, length, StringBuffer } from './stringbuffer.ts';

function* append(to: StringBuffer, from: StringBuffer): Generator<void, void, void> {
  yield* mutex_enter(to.lock);
  const end = yield* length(from);
  yield* mutex_enter(from.lock);
  copyChars(from, end, to);
  mutex_exit(from.lock);
  mutex_exit(to.lock);
}

const expect = expectVerdict('program-error', /stringbuffer: \d+ characters of/);

export default program({ components: [], expect }, function* main() {
  const one = new StringBuffer('one', 'abc');
  const two = new StringBuffer('two', 'def');
  yield* lwps({ append: () => append(one, two), erase: () => erase(two) });
});
