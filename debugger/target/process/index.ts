/** A live run or a recording, in a process of its own. */

export { type ProcessRequest, ProcessTarget } from './process.ts';
