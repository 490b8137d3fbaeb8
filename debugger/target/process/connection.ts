/**
 * The target's process and the connection to its inspector.
 *
 * The process ends when the connection does: whatever becomes of us, nothing is left behind. One
 * that was attached to was there before, and goes on.
 */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type CDP from 'chrome-remote-interface';
import type { Client } from 'chrome-remote-interface';
import type { Protocol } from 'devtools-protocol';
import { AGENT, NOTIFY, type Notice, type TargetOrders } from '../../agent/protocol.ts';
import { forgetListening } from '../../agent/listening.ts';
import { TargetError } from '../target.ts';
import { startProcess } from './starting.ts';

/** The last words of a process that died. */
const STDERR_MAX = 4000;
/** Host time within which the exit status of a process follows the end of its connection, ms. */
const EXIT_MS = 1000;
/** What the host itself says on stderr of processes that are debugged. */
const OF_THE_INSPECTOR =
  /^(Debugger (attached|listening|ending)|For help, see|Waiting for the deb)/;

export interface ConnectionEvents {
  paused(event: Protocol.Debugger.PausedEvent): void;
  notice(notice: Notice): void;
  /** The process is gone. */
  died(why: string): void;
}

/** A question that was asked, and who waits for its answer. */
interface Question {
  readonly asked: readonly [name: string, parameters: readonly unknown[]];
  readonly answered: (json: string) => void;
  readonly failed: (error: Error) => void;
}

export class Connection {
  #questions: Question[] = [];
  /** Null for a process that was attached to. */
  readonly #child: ChildProcess | null;
  #client: Client | undefined;
  #stderr = '';
  #pid = 0;
  #closing = false;
  #dead = false;

  private constructor(child: ChildProcess | null) {
    this.#child = child;
    child?.stderr?.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString('utf8')).slice(-STDERR_MAX);
    });
  }

  /** Starts the process and connects. Errors: TargetError, with what the process said. */
  static async open(orders: TargetOrders, events: ConnectionEvents): Promise<Connection> {
    const { child, ready } = startProcess(orders);
    const connection = new Connection(child);
    // Loaded when it is first needed, because most commands debug nothing; while the process starts.
    const client = import('chrome-remote-interface');
    try {
      const at = await ready(() => connection.#lastWords());
      connection.#pid = at.pid;
      await connection.#connect((await client).default, at, events);
      child.unref();
    } catch (error) {
      void connection.close();
      throw error;
    }
    return connection;
  }

  /** Connects to a process that is there. Errors: TargetError, in one sentence. */
  static async attach(port: number, secret: string, events: ConnectionEvents): Promise<Connection> {
    const connection = new Connection(null);
    const { default: connectTo } = await import('chrome-remote-interface');
    try {
      await withinPatience(connection.#connect(connectTo, { port, secret }, events));
    } catch (error) {
      void connection.close();
      const message = error instanceof Error ? error.message : String(error);
      if (isGone(message)) forgetListening(port, secret);
      throw new TargetError(whyNotAttached(port, message));
    }
    return connection;
  }

  async #connect(
    connectTo: typeof CDP,
    at: { port: number; secret: string },
    events: ConnectionEvents,
  ): Promise<void> {
    const target = `ws://127.0.0.1:${at.port}/${at.secret}`;
    const client = await connectTo({ target, local: true });
    const send = client.send.bind(client) as (...request: unknown[]) => Promise<unknown>;
    client.send = ((...request: unknown[]) =>
      send(...request).catch((error: Error) => this.#failed(error))) as Client['send'];
    this.#client = client;
    client.on('Debugger.paused', (event) => events.paused(event));
    client.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === NOTIFY) events.notice(JSON.parse(payload) as Notice);
    });
    this.#child?.once('exit', () => void this.#died(events));
    client.on('disconnect', () => void this.#died(events));
    await Promise.all([
      client.send('Runtime.enable'),
      client.send('Debugger.enable'),
      client.send('Runtime.addBinding', { name: NOTIFY }),
    ]);
  }

  async #died(events: ConnectionEvents): Promise<void> {
    if (this.#dead || this.#closing) return;
    await this.#exited();
    if (this.#dead || this.#closing) return;
    this.#dead = true;
    events.died(this.#lastWords());
  }

  /** A request failed: of itself, or because the process went away meanwhile. */
  async #failed(error: Error): Promise<never> {
    if (!/WebSocket/.test(error.message)) throw error;
    if (this.#closing) throw new TargetError('the target was closed');
    await this.#exited();
    throw new TargetError(this.#lastWords());
  }

  /** The exit status comes a little later than the end of the connection. */
  async #exited(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), EXIT_MS);
    await once(child, 'exit', { signal: late.signal }).catch(() => {});
    clearTimeout(timer);
  }

  #lastWords(): string {
    if (this.#child === null) return 'the process that was attached to is gone';
    const { exitCode, signalCode } = this.#child;
    if (/heap out of memory/i.test(this.#stderr)) return 'the target ran out of memory';
    if (signalCode !== null) return `the target was killed (${signalCode})`;
    const lines = this.#stderr.trim().split('\n');
    const line = lines.filter((one) => !OF_THE_INSPECTOR.test(one)).at(-1) ?? '';
    const how = exitCode === null ? 'the target is gone' : `the target ended with ${exitCode}`;
    return line === '' ? how : `${how}: ${line}`;
  }

  get client(): Client {
    if (this.#client === undefined || this.#dead) throw new TargetError('the target is gone');
    return this.#client;
  }

  /** 0 for a process that was attached to. */
  get pid(): number {
    return this.#pid;
  }

  /** Has the target run from its first order on. */
  run(): void {
    this.client.send('Runtime.evaluate', { expression: `${AGENT}.run()` }).catch(() => {});
  }

  resume(): void {
    this.client.send('Debugger.resume').catch(() => {});
  }

  /**
   * One question to the agent, which is paused or idle. Questions that are asked at the same time
   * go together: an editor asks for the stacks of two hundred LWPs at once. Errors: TargetError.
   */
  ask<Answer>(name: string, ...parameters: readonly unknown[]): Promise<Answer> {
    return new Promise<string>((answered, failed) => {
      if (this.#questions.length === 0) setImmediate(() => this.#send());
      this.#questions.push({ asked: [name, parameters], answered, failed });
    }).then((json) => answerOf<Answer>(json));
  }

  #send(): void {
    const questions = this.#questions;
    this.#questions = [];
    this.#askAll(questions.map(({ asked }) => asked)).then(
      (answers) => {
        for (const [i, { answered }] of questions.entries()) answered(answers[i]);
      },
      (error: Error) => {
        for (const { failed } of questions) failed(error);
      },
    );
  }

  async #askAll(asked: readonly Question['asked'][]): Promise<readonly string[]> {
    const { result, exceptionDetails } = await this.client.send('Runtime.evaluate', {
      expression: `${AGENT}.askAll(${JSON.stringify(asked)})`,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new TargetError(exceptionText(exceptionDetails));
    return result.value as string[];
  }

  /** Ends the process that was started, and leaves one that was attached to. Never fails. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#child?.kill('SIGKILL');
    await this.#client?.close().catch(() => {});
  }
}

/** Host time that a process has to answer to somebody who attaches, ms. */
const PATIENCE_MS = 5000;

function withinPatience(connecting: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_ready, failed) => {
    timer = setTimeout(() => failed(new Error('it does not answer')), PATIENCE_MS);
  });
  return Promise.race([connecting, late]).finally(() => clearTimeout(timer));
}

/** Nobody listens there, or somebody else does, who does not know the secret. */
function isGone(message: string): boolean {
  return /ECONNREFUSED|response: 4(?!09)/.test(message);
}

function whyNotAttached(port: number, message: string): string {
  if (isGone(message)) return `the process that listened at port ${port} is gone`;
  if (/response: 409/.test(message)) {
    return `another debugger is attached to the process at port ${port}`;
  }
  return `the process at port ${port} cannot be attached to: ${message}`;
}

/** What the agent answered. Errors: TargetError, with why it did not. */
export function answerOf<Answer>(json: string): Answer {
  const answer = JSON.parse(json) as { value?: Answer; error?: string };
  if (answer.error !== undefined) throw new TargetError(answer.error);
  return answer.value as Answer;
}

/** An exception of the engine's in one line. */
export function exceptionText({ exception, text }: Protocol.Runtime.ExceptionDetails): string {
  const description = exception?.description ?? String(exception?.value ?? text);
  return description.split('\n')[0];
}
