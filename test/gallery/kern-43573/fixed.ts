/** The same with the search as it is now: an unreadable candidate is passed over. */

import { ffs, program } from 'rumpus';
import { DISK, mountSmall } from './mount.ts';

export default program({ components: [ffs], etfs: DISK }, mountSmall);
