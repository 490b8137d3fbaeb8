/** The deterministic panic: a rename that forgets the parents' link counts. See README.md. */

import { program, tmpfsComponent } from 'rumpus';
import { move } from './move.ts';
import { forgetfulRename } from './old.ts';

const tmpfs = tmpfsComponent({ vnodeops: { rename: forgetfulRename } });

export default program({ components: [tmpfs] }, move);
