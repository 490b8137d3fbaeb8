/**
 * tmpfs: the memory file system. Follows NetBSD sys/fs/tmpfs.
 */

import { component } from '../../kern/component.ts';

export const tmpfs = component({ name: 'tmpfs' });
