/**
 * Serves the inspector of the target's main thread to one debugger, over a WebSocket on loopback
 * whose address holds a secret. Node's own inspector socket takes 44 ms a request; this one a
 * tenth of a millisecond.
 *
 * Runs in a worker, so it answers while the main thread is paused. When the debugger goes away the
 * process goes too, unless it was only attached to: then the agent is told, and the next debugger
 * may come. While one is there another is refused. A process that nobody comes to does not stay.
 */

import { type InspectorNotification, Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { type WebSocket, WebSocketServer } from 'ws';
import { AGENT } from './protocol.ts';

/** What the worker is started with. */
export interface InspectorWorkerData {
  readonly secret: string;
  /** The process outlives its debugger. */
  readonly survives: boolean;
  /** 0 for any that is free. */
  readonly port: number;
}

/** Bytes of one request. */
const REQUEST_MAX = 64 << 20;
/** Host time within which the debugger that had the process started has to come, ms. */
const LONELY_MS = 60_000;
/** HTTP's word for: somebody else is there already. */
const CONFLICT = 409;

const { secret, survives, port } = workerData as InspectorWorkerData;

/** A debugger is there. */
let taken = false;
/** The one before has gone, and the agent knows. */
let left = Promise.resolve();

const server = new WebSocketServer({
  host: '127.0.0.1',
  port,
  path: `/${secret}`,
  maxPayload: REQUEST_MAX,
  perMessageDeflate: false,
  verifyClient: (_info, answer) => void left.then(() => answer(!taken, CONFLICT)),
});
server.on('listening', () => {
  const address = server.address();
  parentPort?.postMessage({ port: typeof address === 'object' ? address?.port : 0 });
});
server.on('error', (error) => parentPort?.postMessage({ error: error.message }));
server.on('connection', serve);
if (!survives) {
  const end = () => taken || process.kill(process.pid, 'SIGKILL');
  setTimeout(end, LONELY_MS).unref();
}

function serve(socket: WebSocket): void {
  taken = true;
  const session = new Session();
  session.connectToMainThread();
  const send = (message: unknown) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  session.on('inspectorNotification', (message: InspectorNotification<object>) => send(message));
  socket.on('message', (data) => {
    const { id, method, params } = JSON.parse(String(data)) as {
      id: number;
      method: string;
      params?: object;
    };
    session.post(method, params ?? {}, (error, result) => {
      send(error === null ? { id, result: result ?? {} } : { id, error: answerOf(error) });
    });
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    if (!survives) process.kill(process.pid, 'SIGKILL');
    left = leave(session);
  });
}

/** Whatever the debugger was about, the run goes on without it. */
function leave(session: Session): Promise<void> {
  return new Promise((done) => {
    session.post('Runtime.evaluate', { expression: `${AGENT}.leave()` }, () => {
      // That nothing is paused is no fault; what is goes on now.
      session.post('Debugger.resume', {}, () => {});
      session.disconnect();
      taken = false;
      done();
    });
  });
}

function answerOf(error: Error): object {
  const { code, message } = error as Error & { code?: unknown };
  return { code: typeof code === 'number' ? code : -32000, message };
}
