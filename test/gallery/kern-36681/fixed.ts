/** kern/36681 on tmpfs as it is: an ancestor is locked first. See README.md. */

import { program, tmpfs } from 'rumpus';
import { race } from './race.ts';

export default program({ components: [tmpfs], ncpu: 2 }, race);
