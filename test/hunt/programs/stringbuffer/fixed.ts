/** stringbuffer, with both buffers locked for as long as append() looks at them. */

import { mutex_enter, mutex_exit, program } from 'rumpus';
import { lwps } from '../kit.ts';
import { copyChars, erase, StringBuffer } from './stringbuffer.ts';

function* append(to: StringBuffer, from: StringBuffer): Generator<void, void, void> {
  yield* mutex_enter(to.lock);
  yield* mutex_enter(from.lock);
  copyChars(from, from.count, to);
  mutex_exit(from.lock);
  mutex_exit(to.lock);
}

export default program({ components: [] }, function* main() {
  const one = new StringBuffer('one', 'abc');
  const two = new StringBuffer('two', 'def');
  yield* lwps({ append: () => append(one, two), erase: () => erase(two) });
});
