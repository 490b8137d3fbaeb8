/** The deterministic panic's program on tmpfs as it is. See README.md. */

import { program, tmpfs } from 'rumpus';
import { move } from './move.ts';

export default program({ components: [tmpfs] }, move);
