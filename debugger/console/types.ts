/**
 * What a console command is, and what it is given. See README.md for the commands.
 *
 *   const result = await runCommand(target, 'show all locks', { lwp: 3 });
 *   result?.text       what to print
 *   result?.stop       where the target stands now, when the command moved it
 *   result?.selected   the LWP and frame that later commands mean, when the command chose them
 *
 * `undefined` is no command at all: in a debug console, an expression. Whatever a command cannot do
 * is a TargetError of one sentence.
 */

import type {
  Breakpoint,
  BreakpointRequest,
  ExceptionRequest,
  Motion,
  Stop,
  Target,
} from '../target/index.ts';

/** An LWP and a frame of it, as the target numbers them. */
export interface Selection {
  readonly lwp: number;
  /** Number of the frame for evaluate(); undefined for the innermost. */
  readonly frame?: number;
}

/** A breakpoint with what became of it. */
export interface KeptBreakpoint {
  readonly request: BreakpointRequest;
  readonly breakpoint: Breakpoint;
}

/** Who keeps the breakpoints: Target.setBreakpoints() replaces all, so there is one keeper. */
export interface BreakpointKeeper {
  list(): readonly KeptBreakpoint[];
  add(request: Omit<BreakpointRequest, 'id'>): Promise<KeptBreakpoint>;
  /** False when there is none of that number. */
  remove(id: number): Promise<boolean>;
  /** What else stops a run, as it was last set; a keeper may not know. */
  readonly exceptions?: ExceptionRequest;
  setExceptions(request: ExceptionRequest): Promise<void>;
}

/** Who asks. Everything is optional: a command then means where the target stands. */
export interface ConsoleContext extends Partial<Selection> {
  /** Without one, `break`, `watch`, `catch` and `delete` refuse. */
  readonly breakpoints?: BreakpointKeeper | undefined;
  /** How the target is moved; by default Target.move(). */
  readonly move?: ((motion: Motion) => Promise<Stop>) | undefined;
  /**
   * `too`: the line may be an expression as well, as in a debug console. What reads as one, or is
   * the bare name of a variable in the frame (`p`, `next`), is then no command.
   */
  readonly expressions?: 'too' | undefined;
}

export interface CommandResult {
  /** Lines without a newline at the end; '' when there is nothing to say. */
  readonly text: string;
  readonly stop?: Stop;
  readonly selected?: Selection;
}

/** A command line, taken apart. */
export interface CommandLine {
  /** Everything behind the command's name, without blanks around it. */
  readonly rest: string;
  readonly words: readonly string[];
  /** What is behind a slash, as ddb has it: `l` of `ps/l`. */
  readonly modifier: string;
}

/** What a command is carried out with. */
export interface Call extends CommandLine {
  readonly target: Target;
  readonly context: ConsoleContext;
  /** Where it stands. */
  readonly stop: Stop;
}

/** A command: data for help and completion, and what it does. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** How it is written: `bt [-a | LWP…]`. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  /** What else there is to know, for `help NAME`. */
  readonly details?: string;
  /** Modifiers that it knows: `lw` for ps/l and ps/w. */
  readonly modifiers?: string;
  /**
   * When it works: `always`, also before the target stands anywhere; `stands`, also when the run is
   * over; by default while there are LWPs to look at.
   */
  readonly when?: 'always' | 'stands';
  run(call: Call): Promise<CommandResult> | CommandResult;
}

/** Commands about one thing, under one heading of `help`. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}
