/**
 * Connections: one on stdin and stdout, or any number over TCP on loopback.
 *
 *   await serveStdio(host);
 *   const server = await listen(host, 4711);      // server.address, server.close()
 */

import { createServer, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { DapError, sentenceFor } from './errors.ts';
import { notice } from './output.ts';
import { type Host, Session } from './session.ts';
import { vanished } from './vanished.ts';
import { frame, WireReader } from './wire.ts';

const LOOPBACK = '127.0.0.1';

/**
 * Host time, ms, for which a connection is kept after `disconnect`: whoever closes it himself may
 * say good-bye twice, as the protocol's test kit does.
 */
const GOODBYE_MS = 1000;

/** Connects a session with a client. Resolves when nothing of it is left. */
export function connect(
  session: Session,
  input: Readable,
  output: Writable,
  goodbyeMs = 0,
): Promise<void> {
  return new Promise((resolve) => {
    let ending = false;
    const end = async () => {
      if (ending) return;
      ending = true;
      await vanished(session).catch((thrown) => session.host.say(sentenceFor(thrown)));
      // What is still to be sent is sent; a client that is gone takes nothing any more.
      if (!output.destroyed) await new Promise<void>((sent) => output.end(sent));
      input.destroy();
      resolve();
    };
    session.onEnd = () => void setTimeout(end, goodbyeMs);
    const send = together(output);
    session.onDidSendMessage((message) => send(frame(message)));
    const reader = readerFor(session, () => void end());
    input.on('data', (bytes: Buffer) => reader.push(bytes));
    for (const event of ['end', 'close', 'error']) input.on(event, () => void end());
    output.on('error', () => void end());
    output.on('close', () => void end());
  });
}

/** What is sent in one turn is written at once: an editor asks for two hundred stacks in a breath. */
function together(output: Writable): (bytes: Buffer) => void {
  let waiting = false;
  return (bytes) => {
    if (!output.writable) return;
    if (!waiting) {
      waiting = true;
      output.cork();
      process.nextTick(() => {
        waiting = false;
        output.uncork();
      });
    }
    output.write(bytes);
  };
}

function readerFor(session: Session, refuse: () => void): WireReader {
  return new WireReader({
    message: (message) => handle(session, message),
    garbage: (what) => notice(session, `The client sent garbage, which is left out: ${what}.`),
    http: () => {
      session.host.say('A connection was refused: it speaks HTTP, not the debug adapter protocol.');
      refuse();
    },
  });
}

/** Requests are answered; nothing was asked of the client, so answers of it mean nothing. */
function handle(session: Session, message: object): void {
  const { type, seq } = message as { type?: unknown; seq?: unknown };
  if (type === 'request' && Number.isSafeInteger(seq)) {
    session.handleMessage(message as Parameters<Session['handleMessage']>[0]);
  } else if (type !== 'response' && type !== 'event') {
    notice(session, 'The client sent garbage, which is left out: a message that is no request.');
  }
}

/** One session on stdin and stdout. `interrupted` ends it as the end of stdin does. */
export function serveStdio(host: Host, interrupted: Promise<void>): Promise<void> {
  void interrupted.then(() => process.stdin.destroy());
  return connect(new Session(host), process.stdin, process.stdout);
}

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** Ends all sessions, and listens no more. */
  close(): Promise<void>;
}

/** Sessions over TCP, one a connection; port 0 takes a free one. Only this machine can connect. */
export function listen(host: Host, port: number): Promise<Listening> {
  const sessions = new Map<Socket, Promise<void>>();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    const session = connect(new Session(host), socket, socket, GOODBYE_MS);
    sessions.set(socket, session);
    void session.then(() => sessions.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.on('error', (error) => {
      reject(new DapError('input', `Port ${port} cannot be listened on: ${sentenceFor(error)}`));
    });
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      const close = async () => {
        server.close();
        const left = [...sessions.values()];
        for (const socket of sessions.keys()) socket.destroy();
        await Promise.all(left);
      };
      resolve({ host: LOOPBACK, port: taken, close });
    });
  });
}
