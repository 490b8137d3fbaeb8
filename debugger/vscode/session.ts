/**
 * The Rumpus session in front of the user, and where it stands. Views and the status bar listen
 * here; they ask the adapter only when they are seen, and only once a step has come to rest, so
 * that somebody who holds F10 down steps as fast as without them.
 */

import * as vscode from 'vscode';
import type { Where } from './protocol.ts';

export const DEBUG_TYPE = 'rumpus';
/** Milliseconds that a target must stand before views ask about it. */
const REST_MS = 120;

/** What the adapter tells of itself that views care about. */
type Message = { readonly type?: string; readonly event?: string; readonly body?: unknown };

/** Follows all sessions of ours; one at most is the active one. */
export class Sessions implements vscode.DebugAdapterTrackerFactory, vscode.Disposable {
  /** Where the active session stands; undefined while it runs, and when there is none. */
  where: Where | undefined;
  readonly #changed = new vscode.EventEmitter<void>();
  /** It stands somewhere else, runs, or is gone. */
  readonly onDidChange = this.#changed.event;
  readonly #disposables: vscode.Disposable[] = [this.#changed];
  /** Sessions that stand still. */
  readonly #standing = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.#disposables.push(
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, this),
      vscode.debug.onDidChangeActiveDebugSession(() => this.refresh()),
      vscode.debug.onDidTerminateDebugSession((session) => {
        this.#standing.delete(session.id);
        this.refresh();
      }),
    );
  }

  /** The active session, if it is ours. */
  get active(): vscode.DebugSession | undefined {
    const session = vscode.debug.activeDebugSession;
    return session?.type === DEBUG_TYPE ? session : undefined;
  }

  /** Number of the LWP that is looked at: that of the selected frame, else the one that stopped. */
  get lwp(): number | undefined {
    const item = vscode.debug.activeStackItem;
    const selected = item?.session.type === DEBUG_TYPE ? item.threadId : undefined;
    return selected ?? this.where?.lwp;
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    return { onDidSendMessage: (message: Message) => this.#follow(session, message) };
  }

  #follow(session: vscode.DebugSession, { type, event }: Message): void {
    if (type !== 'event') return;
    if (event === 'stopped') this.#standing.add(session.id);
    else if (event === 'continued' || event === 'terminated') this.#standing.delete(session.id);
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
    const { active } = this;
    const standing = active !== undefined && this.#standing.has(active.id);
    this.where = standing ? await this.ask<Where>('rumpus/where') : undefined;
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
