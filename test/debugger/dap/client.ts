/** A raw client of the adapter: sends requests, keeps everything that comes, waits for events. */

import { type Duplex, PassThrough } from 'node:stream';
import { connect, type OpenRequest, Session } from '../../../debugger/dap/index.ts';
import { frame, WireReader } from '../../../debugger/dap/wire.ts';
import type { Target } from '../../../debugger/target/index.ts';

export interface Message {
  readonly seq: number;
  readonly type: string;
  readonly command?: string;
  readonly event?: string;
  readonly success?: boolean;
  readonly message?: string;
  readonly request_seq?: number;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface Request {
  readonly type: 'request';
  readonly command: string;
  readonly arguments: object | undefined;
}

/** Host time that anything may take before the test says what is missing, ms. */
const PATIENCE_MS = 20_000;

/** A value inside of a body: `at(response, 'scopes', 0, 'name')`. */
export function at<T>({ body }: Message, ...path: (string | number)[]): T {
  let value: unknown = body;
  for (const key of path) value = (value as Record<string | number, unknown> | undefined)?.[key];
  return value as T;
}

export class RawClient {
  readonly messages: Message[] = [];
  /** Everything that was sent and that came, in order. */
  readonly log: (Message | Request)[] = [];
  readonly #send: (bytes: Uint8Array) => void;
  readonly #reader: WireReader;
  readonly #waiting = new Set<() => void>();
  #seq = 0;
  /** Events up to here were waited for. */
  #seen = 0;

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
    this.#reader = new WireReader({
      message: (message) => this.#take(message as Message),
      garbage: (what) => this.#take({ seq: 0, type: 'garbage', message: what }),
      http: () => undefined,
    });
  }

  /** The number of the last request. */
  get lastSeq(): number {
    return this.#seq;
  }

  push(bytes: Uint8Array): void {
    this.#reader.push(bytes);
  }

  raw(text: string): void {
    this.#send(Buffer.from(text));
  }

  /** Sends a request; gives its number. */
  send(command: string, args?: object): number {
    this.#seq++;
    const request: Request = { type: 'request', command, arguments: args };
    this.log.push(request);
    this.#send(frame({ seq: this.#seq, ...request }));
    return this.#seq;
  }

  /** Sends a request and waits for its response, whatever that says. */
  async ask(command: string, args?: object): Promise<Message> {
    const seq = this.send(command, args);
    return this.until(`the response to ${command}`, () =>
      this.messages.find((one) => one.type === 'response' && one.request_seq === seq),
    );
  }

  /** The same, for one that must succeed. */
  async do(command: string, args?: object): Promise<Message> {
    const response = await this.ask(command, args);
    if (response.success) return response;
    throw new Error(`${command}: ${response.message}: ${JSON.stringify(response.body)}`);
  }

  /** The next event of a name after those that were waited for. */
  async event(name: string): Promise<Message> {
    const found = await this.until(`the event ${name}`, () =>
      this.messages.slice(this.#seen).find((one) => one.event === name),
    );
    this.#seen = this.messages.indexOf(found) + 1;
    return found;
  }

  /** All events of a name so far. */
  events(name: string): Message[] {
    return this.messages.filter((one) => one.event === name);
  }

  /** Sends a motion, and waits until the target stands. */
  async move(command: string, args: object = { threadId: 1 }): Promise<Message> {
    await this.do(command, args);
    return this.event('stopped');
  }

  /** initialize, launch, whatever is configured, and configurationDone. */
  async launch(args: object, configure: () => Promise<unknown> = async () => undefined) {
    await this.initialize();
    await this.do('launch', args);
    await this.event('initialized');
    await configure();
    await this.do('configurationDone');
  }

  initialize(more: object = {}): Promise<Message> {
    const supports = {
      supportsVariableType: true,
      supportsProgressReporting: true,
      supportsInvalidatedEvent: true,
      supportsMemoryEvent: true,
    };
    const base = { clientID: 'test', adapterID: 'rumpus', pathFormat: 'path' };
    return this.do('initialize', { ...base, ...supports, ...more });
  }

  #take(message: Message): void {
    this.messages.push(message);
    this.log.push(message);
    for (const wake of this.#waiting) wake();
  }

  async until(what: string, find: () => Message | undefined): Promise<Message> {
    const found = find();
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`${what} has not come; ${this.#tail()}`));
      const timer = setTimeout(late, PATIENCE_MS);
      const wake = () => {
        const now = find();
        if (now === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(now);
      };
      this.#waiting.add(wake);
    });
  }

  #tail(): string {
    return `the last was ${JSON.stringify(this.messages.slice(-4))}`;
  }
}

export interface Connected {
  readonly client: RawClient;
  readonly session: Session;
  readonly opened: OpenRequest[];
  readonly said: string[];
  /** Ends the connection as a client that crashes does. */
  vanish(): Promise<void>;
  /** Resolves when the adapter has ended the session. */
  readonly ended: Promise<void>;
}

/** A client and a session that are joined by two streams. */
export function joined(open: (request: OpenRequest) => Promise<Target>): Connected {
  const [toAdapter, toClient] = [new PassThrough(), new PassThrough()];
  const [opened, said]: [OpenRequest[], string[]] = [[], []];
  const session = new Session({
    open: async (request) => {
      opened.push(request);
      return open(request);
    },
    say: (sentence) => void said.push(sentence),
  });
  const ended = connect(session, toAdapter, toClient);
  const client = new RawClient((bytes) => void toAdapter.write(bytes));
  toClient.on('data', (bytes: Uint8Array) => client.push(bytes));
  const vanish = async () => {
    toAdapter.destroy();
    await ended;
  };
  return { client, session, opened, said, vanish, ended };
}

/** A client on a socket or on the pipes of a process. */
export function clientOn(stream: Duplex): RawClient {
  const client = new RawClient((bytes) => void stream.write(bytes));
  stream.on('data', (bytes: Uint8Array) => client.push(bytes));
  return client;
}
