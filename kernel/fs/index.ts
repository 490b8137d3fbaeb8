/** File systems, one a folder. */

export { tmpfs } from './tmpfs/index.ts';
