import { tmpfs } from '../../../kernel/fs/tmpfs/index.ts';
import { fileSystemContract } from './contract.ts';
import { makeTree } from './tree.ts';

fileSystemContract('tmpfs', { components: [tmpfs], root: '', tree: makeTree }, {});
