/** dap: the debug adapter, over stdio and TCP. README.md lists its requests. */

export { DapError } from './errors.ts';
export type { Configuration, OpenRequest } from './launch.ts';
export { connect, listen, type Listening, serveStdio } from './server.ts';
export { type Host, Session } from './session.ts';
