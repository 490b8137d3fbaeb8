/** kern/36681 with tmpfs's old rename, which locks a child before its parent. See README.md. */

import { program, tmpfsComponent } from 'rumpus';
import { oldRename } from './old.ts';
import { race } from './race.ts';

const tmpfs = tmpfsComponent({ vnodeops: { rename: oldRename } });

export default program({ components: [tmpfs], ncpu: 2 }, race);
