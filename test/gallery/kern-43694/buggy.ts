/** kern/43694 with the old descriptors, which assert too much of a count. See README.md. */

import { filesComponent, program } from 'rumpus';
import { assertingOps } from './old.ts';
import { race } from './race.ts';

export default program({ components: [filesComponent({ ops: assertingOps })], ncpu: 2 }, race);
