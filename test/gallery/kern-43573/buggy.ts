/** kern/43573 as it was: mounting a small FFS gives EINVAL. */

import { ffsComponent, program } from 'rumpus';
import { DISK, mountSmall } from './mount.ts';
import { oldFindSuperblock } from './old.ts';

const oldFfs = ffsComponent({ findSuperblock: oldFindSuperblock });

export default program({ components: [oldFfs], etfs: DISK }, mountSmall);
