/**
 * The Rumpus session in front of the user, and where it stands. Views and the status bar listen
 * here; they ask the adapter only when they are seen, and only once a step has come to rest, so
 * that somebody who holds F10 down steps as fast as without them.
 */

import * as vscode from 'vscode';
import type { Where } from './describe.ts';
import { lwpOf, type PrintedLine, shortThreadName, type WhereBody } from './protocol.ts';

export const DEBUG_TYPE = 'rumpus';
/** Milliseconds that a target must stand before views ask about it. */
const REST_MS = 120;
/** Lines of output that are kept; the oldest go first. */
const LINES_MAX = 1000;

/** What is read of the adapter's messages. */
interface Message {
  readonly type?: string;
  readonly event?: string;
  readonly command?: string;
  readonly body?: {
    readonly threadId?: number;
    readonly description?: string;
    readonly output?: string;
    readonly data?: { readonly kind?: string; readonly icount?: number; readonly lwp?: number };
    readonly threads?: readonly { readonly id: number; readonly name: string }[];
  };
}

/** What a session last said of itself. */
interface Known {
  standing: boolean;
  thread: number | undefined;
  description: string;
  names: ReadonlyMap<number, string>;
  lines: readonly PrintedLine[];
}

/** Follows all sessions of ours; one at most is the active one. */
export class Sessions implements vscode.DebugAdapterTrackerFactory, vscode.Disposable {
  /** Where the active session stands; undefined while it runs, and when there is none. */
  where: Where | undefined;
  readonly #changed = new vscode.EventEmitter<void>();
  /** It stands somewhere else, runs, or is gone. */
  readonly onDidChange = this.#changed.event;
  readonly #disposables: vscode.Disposable[] = [this.#changed];
  readonly #known = new Map<string, Known>();
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.#disposables.push(
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, this),
      vscode.debug.onDidChangeActiveDebugSession(() => this.refresh()),
      vscode.debug.onDidTerminateDebugSession((session) => {
        this.#known.delete(session.id);
        this.refresh();
      }),
    );
  }

  /** The active session, if it is ours. */
  get active(): vscode.DebugSession | undefined {
    const session = vscode.debug.activeDebugSession;
    return session?.type === DEBUG_TYPE ? session : undefined;
  }

  /** The thread that is looked at: that of the selected frame, else the one that stopped. */
  get thread(): number | undefined {
    const item = vscode.debug.activeStackItem;
    const selected = item?.session.type === DEBUG_TYPE ? item.threadId : undefined;
    return selected ?? this.#activeKnown?.thread;
  }

  /** Its LWP; 0 for none. */
  get lwp(): number | undefined {
    const { thread } = this;
    return thread === undefined ? undefined : lwpOf(thread);
  }

  /** What the program has printed, each line with its moment. */
  get lines(): readonly PrintedLine[] {
    return this.#activeKnown?.lines ?? [];
  }

  /** `LWP 3 writer`. */
  lwpName(lwp: number): string {
    return this.#activeKnown?.names.get(lwp) ?? `LWP ${lwp}`;
  }

  get #activeKnown(): Known | undefined {
    return this.active && this.#known.get(this.active.id);
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    const known: Known = {
      ...{ standing: false, thread: undefined, description: '', names: new Map(), lines: [] },
    };
    this.#known.set(session.id, known);
    return { onDidSendMessage: (message: Message) => this.#follow(known, message) };
  }

  #follow(known: Known, { type, event, command, body }: Message): void {
    if (type === 'response' && command === 'threads') {
      const threads = body?.threads ?? [];
      known.names = new Map(threads.map(({ id, name }) => [lwpOf(id), shortThreadName(name)]));
      return;
    }
    if (type !== 'event') return;
    if (event === 'output') {
      const { kind, icount, lwp } = body?.data ?? {};
      if (kind === undefined || icount === undefined) return;
      const line = { kind, icount, lwp: lwp ?? 0, text: (body?.output ?? '').trimEnd() };
      known.lines = [...known.lines.slice(1 - LINES_MAX), line];
      return;
    }
    if (event === 'stopped') {
      known.standing = true;
      known.thread = body?.threadId;
      known.description = body?.description ?? '';
    } else if (event === 'continued' || event === 'terminated') known.standing = false;
    // A value was written, perhaps to the past.
    else if (event !== 'invalidated') return;
    this.refresh();
  }

  /** Asks anew, once the session has come to rest. */
  refresh(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), REST_MS);
  }

  async #ask(): Promise<void> {
    const known = this.#activeKnown;
    const body = known?.standing ? await this.ask<WhereBody>('rumpus/where') : undefined;
    const { stop } = body ?? {};
    this.where = undefined;
    if (known !== undefined && body !== undefined && stop) {
      const { kind, lastIcount, diverted } = body;
      const { description } = known;
      const { icount, lwp } = stop;
      const lwpName = lwp === 0 ? '' : this.lwpName(lwp);
      this.where = { icount, lwp, lwpName, kind, lastIcount, diverted, description };
    }
    this.#changed.fire();
  }

  /** Asks the adapter something; undefined when it has no answer, as while the program runs. */
  async ask<T>(command: string, args: object = {}): Promise<T | undefined> {
    try {
      return (await this.active?.customRequest(command, args)) as T | undefined;
    } catch {
      // Views show what is known; whoever acts uses demand().
      return undefined;
    }
  }

  /** Tells the adapter to do something; what it refuses is shown to the user. */
  async demand<T>(command: string, args: object = {}): Promise<T | undefined> {
    const { active } = this;
    if (active === undefined) {
      void vscode.window.showInformationMessage('There is no Rumpus session.');
      return undefined;
    }
    try {
      return (await active.customRequest(command, args)) as T;
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
