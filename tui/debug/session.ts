/**
 * A debugging session in a terminal: lines come in, what they answer goes out.
 *
 * It holds what commands mean when they do not say: the chosen LWP and frame, the breakpoints.
 */

import { setTimeout } from 'node:timers/promises';
import { printableLines } from '../../corefiles/index.ts';
import {
  type CommandResult,
  completeCommand,
  type OutputLine,
  OwnBreakpoints,
  runCommand,
  type Selection,
  type Stop,
  stopText,
  type Target,
  TargetError,
} from '../../debugger/index.ts';
import { grouped, note, print, styled } from '../output.ts';

/** Between two tries to interrupt a move: between its runs there is nothing to interrupt. */
const AGAIN_MS = 100;
const QUIT = /^(?:q|quit|exit)$/;
/** What is said below help. */
const QUIT_HELP = '\nThe terminal\n  quit                                 leave; also Ctrl-D';

/** What a line came to. */
export type Done = 'quit' | 'moved' | 'answered';

export class DebugSession {
  readonly target: Target;
  readonly breakpoints: OwnBreakpoints;
  #isMoving = false;
  /** What the present line moves is to stop. */
  #interrupting = false;
  /** The failure into which a line ran the target; null when none did. */
  failure: Stop['outcome'] = null;
  #chosen: Partial<Selection> = {};

  constructor(target: Target) {
    this.target = target;
    this.breakpoints = new OwnBreakpoints(target);
    target.events = {
      output: (line) => show(line),
      breakpointChanged: (breakpoint) => this.breakpoints.changed(breakpoint),
      // A move that was under way says so itself.
      died: (why) => {
        if (!this.#isMoving) note(why);
      },
    };
  }

  /** Says where it stands. */
  async begin(): Promise<void> {
    const { stop } = this.target;
    if (stop !== null) print(await stopText(this.target, stop));
  }

  /** Carries out a line. Errors: TargetError. */
  async line(line: string): Promise<Done> {
    const text = line.trim();
    if (QUIT.test(text)) return 'quit';
    const result = await this.#run(text).finally(() => {
      this.#interrupting = false;
    });
    if (result === undefined) throw new TargetError(notKnown(text));
    if (result.text !== '') print(result.text);
    if (/^(help|\?)$/.test(text)) print(QUIT_HELP);
    if (result.selected !== undefined) this.#chosen = result.selected;
    if (result.stop === undefined) return 'answered';
    this.#arrived(result.stop);
    return 'moved';
  }

  async #run(text: string): Promise<CommandResult | undefined> {
    const { target, breakpoints } = this;
    return runCommand(target, text, {
      ...this.#chosen,
      breakpoints,
      move: async (motion) => {
        this.#isMoving = true;
        try {
          return await target.move(motion);
        } finally {
          this.#isMoving = false;
          // Frames are known no longer, wherever it got.
          this.#chosen = {};
        }
      },
    });
  }

  /** Ends the move of the line that is carried out, even if it has not quite begun. */
  async interrupt(): Promise<void> {
    if (this.#interrupting) return;
    this.#interrupting = true;
    for (; this.#interrupting; await setTimeout(AGAIN_MS)) {
      if (this.#isMoving) await this.target.interrupt().catch(() => undefined);
    }
  }

  #arrived({ outcome }: Stop): void {
    if (outcome !== null && outcome.verdict !== 'passed') this.failure = outcome;
  }

  complete(line: string): Promise<{ words: readonly string[]; word: string }> {
    return completeCommand(this.target, line, this.#chosen);
  }

  /** `(rumpus 1,204 LWP 2) `. */
  get prompt(): string {
    const { stop } = this.target;
    const lwp = this.#chosen.lwp ?? stop?.lwp;
    const where = stop === null ? '' : ` ${grouped(stop.icount)}`;
    const who = lwp === undefined || lwp === 0 ? '' : ` LWP ${lwp}`;
    return `${styled('bold', `(rumpus${where}${who})`)} `;
  }
}

/** Output of the program, as it comes; of a recording it is a stranger's text. */
function show({ kind, text }: OutputLine): void {
  const safe = printableLines(text);
  if (kind === 'dprintf') process.stderr.write(safe);
  else process.stdout.write(safe);
}

function notKnown(text: string): string {
  const [word] = text.split(/\s/);
  return /^[a-z?]/.test(text)
    ? `there is no command '${word}': try help, or print ${text}`
    : `this is no command: try help, or print ${text}`;
}
