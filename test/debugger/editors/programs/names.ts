/** Makes directories, for editors to step through. */

import { program, type Sys } from 'rumpus';

function* make(sys: Sys, name: string) {
  const path = `/${name}`;
  yield* sys.mkdir(path, 0o755);
  return path.length;
}

export default program(function* main(sys) {
  let total = 0;
  for (const name of ['a', 'bb', 'ccc']) {
    total += yield* make(sys, name);
  }
  return total;
});
