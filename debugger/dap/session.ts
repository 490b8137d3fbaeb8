/**
 * Session: one client and what it debugs. Requests come in here, are held to their order, and go to
 * the file of their concern (requests.ts); what a session knows is on this record.
 *
 *   const session = new Session({ open: openTarget, say: (text) => … });
 *   session.onDidSendMessage((message) => …);
 *   session.handleMessage({ seq: 1, type: 'request', command: 'initialize', … });
 *
 * Order   new → initialized → opening → open → closed. A request that needs a target waits while
 *         one is being opened. While the target moves, what needs it to stand is refused with
 *         `notStopped`; what needs it alone waits for the others (gate.ts).
 * Errors  Whatever a handler throws is an error response in one sentence. Nothing ends the session
 *         but `disconnect` and the end of the connection.
 */

import { DebugSession, Event, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Target } from '../target/index.ts';
import { type Arguments, argumentsOf } from './args.ts';
import { Bookmarks } from './bookmarks.ts';
import { BreakpointList } from './breakpoints.ts';
import { CapabilityTeller } from './capabilities.ts';
import { Client } from './client.ts';
import { DapError, sentenceFor, tell } from './errors.ts';
import { ExceptionChoice } from './exceptions.ts';
import { Gate } from './gate.ts';
import { GotoTargets } from './goto.ts';
import type { Configuration, OpenRequest } from './launch.ts';
import { Modules } from './modules.ts';
import { Mover } from './mover.ts';
import { notice } from './output.ts';
import { Progress } from './progress.ts';
import { Registry } from './registry.ts';
import { REQUESTS } from './requests.ts';
import { Sources } from './sources.ts';
import { Threads } from './threads.ts';

/** What the adapter runs in. */
export interface Host {
  /** Opens what is to be debugged. */
  open(request: OpenRequest): Promise<Target>;
  /** Says a sentence to whoever started the adapter. */
  say(sentence: string): void;
}

/** A request that is being answered. */
export interface Call {
  readonly seq: number;
  /** The client no longer wants the answer. */
  readonly signal: AbortSignal;
  /** What is done once the answer is on its way. */
  afterwards(action: () => unknown): void;
}

/**
 * When a request is answered: `always`; from `initialize` on; when there is a target; when that
 * stands; when it stands and nobody else uses it; `moves` takes the target itself (mover.ts).
 */
export type When = 'always' | 'initialized' | 'open' | 'moves' | 'stopped' | 'alone';

export type Answer = object | undefined;

export interface RequestEntry {
  readonly when: When;
  handle(session: Session, args: Arguments, call: Call): Promise<Answer> | Answer;
}

export type Requests = Readonly<Record<string, RequestEntry>>;

export type Phase = 'new' | 'initialized' | 'opening' | 'open' | 'closed';

export class Session extends DebugSession {
  readonly host: Host;
  client = new Client({});
  phase: Phase = 'new';
  configuration: Configuration | null = null;
  /** configurationDone has come: the target was let go. */
  started = false;
  /** Why there is no target any more; '' while nothing happened to it. */
  gone = '';
  /** How the run ended, when that was said. */
  verdictTold = '';
  readonly gate = new Gate();
  readonly registry = new Registry();
  readonly sources = new Sources();
  readonly breakpoints = new BreakpointList();
  readonly exceptions = new ExceptionChoice();
  readonly threads = new Threads();
  readonly modules = new Modules();
  readonly gotos = new GotoTargets();
  readonly bookmarks = new Bookmarks();
  readonly capabilities = new CapabilityTeller();
  readonly progress = new Progress(this);
  readonly mover = new Mover(this);
  /** Called once, when the client has said good-bye. */
  onEnd: () => void = () => undefined;
  #target: Target | null = null;
  #opening: Promise<unknown> = Promise.resolve();
  /** How the calls that are being answered are given up. */
  readonly #calls = new Map<number, () => void>();

  constructor(host: Host) {
    super();
    this.host = host;
  }

  /** What is debugged. Errors: nothing yet, or no longer. */
  get target(): Target {
    if (this.#target !== null && this.gone === '') return this.#target;
    if (this.gone !== '') throw new DapError('order', this.gone);
    throw new DapError('order', 'There is nothing to debug yet: send launch or attach first.');
  }

  /** The same, or null. */
  get anyTarget(): Target | null {
    return this.#target;
  }

  set anyTarget(target: Target | null) {
    this.#target = target;
  }

  /** Others wait for the target while `body` opens it. */
  async open<T>(body: () => Promise<T>): Promise<T> {
    const work = body();
    this.#opening = work.catch(() => undefined);
    return work;
  }

  /** The target that is being opened is there, or is not. */
  async opened(): Promise<void> {
    await this.#opening;
  }

  /** Sends an event. */
  tell(event: string, body?: object): void {
    this.sendEvent(new Event(event, body));
  }

  /** Gives up the answer to a request; false when none is being answered. */
  cancel(seq: number): boolean {
    const giveUp = this.#calls.get(seq);
    giveUp?.();
    return giveUp !== undefined;
  }

  /** DebugSession's own would end the process. */
  override shutdown(): void {}

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.#answer(request);
  }

  async #answer(request: DebugProtocol.Request): Promise<void> {
    const { seq, command } = request;
    const response: DebugProtocol.Response = new Response(request);
    const work = new AbortController();
    const cancelled = new Promise<never>((_resolve, reject) => {
      this.#calls.set(seq, () => {
        work.abort();
        reject(new DapError('cancelled', 'The request was cancelled.'));
      });
    });
    const after: (() => unknown)[] = [];
    const call: Call = {
      seq,
      // Made when somebody wants it, which few do.
      get signal() {
        return work.signal;
      },
      afterwards: (action) => void after.push(action),
    };
    try {
      const entry = REQUESTS.get(String(command));
      if (entry === undefined) throw new DapError('unsupported', noSuchRequest(command));
      const done = this.#perform(entry, argumentsOf(request.arguments), call);
      const body = await Promise.race([done, cancelled]);
      if (body !== undefined) response.body = body;
    } catch (thrown) {
      const { word, error } = tell(thrown);
      Object.assign(response, { success: false, message: word, body: { error } });
    }
    this.#calls.delete(seq);
    this.sendResponse(response);
    for (const action of after) void this.#afterwards(action);
  }

  /** What goes wrong after an answer is said, since no answer can say it. */
  async #afterwards(action: () => unknown): Promise<void> {
    try {
      await action();
    } catch (thrown) {
      if (this.gone === '') notice(this, sentenceFor(thrown), 'important');
    }
  }

  async #perform(entry: RequestEntry, args: Arguments, call: Call): Promise<Answer> {
    const handle = async () => entry.handle(this, args, call);
    const standing = async () => {
      this.#checkStanding();
      return handle();
    };
    if (entry.when === 'always') return handle();
    if (this.phase === 'new') {
      throw new DapError('order', 'The session has not begun: send initialize first.');
    }
    if (entry.when === 'initialized') return handle();
    await this.#opening;
    void this.target;
    if (entry.when === 'open') return handle();
    // Setting a data breakpoint runs the target again, after which it stands where it stood.
    if (!this.mover.moving) await this.gate.free();
    this.#checkStanding();
    if (entry.when === 'moves') return handle();
    return entry.when === 'alone' ? this.gate.alone(standing) : this.gate.share(standing);
  }

  #checkStanding(): void {
    if (this.mover.moving) throw new DapError('notStopped', 'The program runs: pause it first.');
    if (this.target.stop === null) {
      throw new DapError('notStopped', 'The program has not begun: send configurationDone first.');
    }
  }
}

function noSuchRequest(command: unknown): string {
  return typeof command === 'string'
    ? `There is no request '${command.slice(0, 60)}' in this debugger.`
    : 'A request must have a command.';
}
