/** kern/43694 on the descriptors as they are. See README.md. */

import { files, program } from 'rumpus';
import { race } from './race.ts';

export default program({ components: [files], ncpu: 2 }, race);
