/** Recursion without end. */

import { program } from 'rumpus';

function deeper(depth: number, path: string): number {
  const below = deeper(depth + 1, path);
  return below + 1;
}

export default program({ components: [], ncpu: 1 }, function* main() {
  const path = '/a/b';
  deeper(0, path);
});
