import { ffs } from '../../../kernel/fs/ffs/index.ts';
import { fileSystemContract } from '../vfs/contract.ts';
import { disk, image, mountDisk } from './images.ts';

for (const order of ['le', 'be'] as const) {
  const etfs = disk(image(`tree-${order}`));
  fileSystemContract(
    `ffs, ${order === 'le' ? 'little' : 'big'} endian`,
    { components: [ffs], etfs, root: '/mnt', tree: mountDisk, readOnly: 'read-only' },
    {},
  );
}
