/**
 * What the target says without being asked: console and dprintf lines and log points, each once,
 * however often its moment is passed again.
 */

import { current, hooks, siteTable } from '../../kernel/index.ts';
import { currentStack } from '../../tracer/index.ts';
import type { OutputLine, SourcePlace } from '../target/target.ts';
import type { Armed } from './breakpoints.ts';
import { type Notice, NOTIFY } from './protocol.ts';

export class Output {
  /** The console of the present run so far. */
  text = '';
  /** Lines up to this icount have been shown. */
  shownUntil = -1;
  /** The same of each log point, which may have been set later. */
  readonly logged = new Map<string, number>();
  /** Where the output of the program itself goes besides. */
  echo: (kind: 'console' | 'dprintf', text: string) => void = () => {};
  /** Characters that have been echoed, and that the present run has put out. */
  readonly #echoed = { console: 0, dprintf: 0 };
  #said = { console: 0, dprintf: 0 };

  /** A run begins. */
  begin(): void {
    this.text = '';
    this.#said = { console: 0, dprintf: 0 };
  }

  console(text: string): void {
    this.text += text;
    this.#echo('console', text);
    if (!isHeard()) return;
    const icount = hooks.printIcount();
    if (icount > this.shownUntil) this.line('console', text, icount, printerPlace());
  }

  /** What a log point says: once each, from when it was set, whatever was passed before that. */
  log({ request, place }: Armed, text: string, icount: number): void {
    const key = JSON.stringify([place, request.logMessage]);
    if (icount <= (this.logged.get(key) ?? -1)) return;
    this.logged.set(key, icount);
    notify({ kind: 'output', line: { kind: 'log', text, icount, lwp: lwpNow(), place } });
  }

  dprintf(text: string, icount: number, place: SourcePlace): void {
    this.#echo('dprintf', text);
    this.line('dprintf', text, icount, place);
  }

  line(kind: OutputLine['kind'], text: string, icount: number, place: SourcePlace | null): void {
    if (icount <= this.shownUntil) return;
    notify({ kind: 'output', line: { kind, text, icount, lwp: lwpNow(), place } });
  }

  /** Runs say the same again, up to where the longest has got: only what is new is echoed. */
  #echo(kind: 'console' | 'dprintf', text: string): void {
    this.#said[kind] += text.length;
    const fresh = this.#said[kind] - this.#echoed[kind];
    if (fresh <= 0) return;
    this.#echoed[kind] = this.#said[kind];
    this.echo(kind, text.slice(-fresh));
  }
}

/** Where the console is printed on; who writes to it by a descriptor is not there, but a program. */
const PRINTF = 'rumpus/kernel/kern/subr_prf.ts';
const DESCRIPTOR = 'rumpus/kernel/kern/kern_file_console.ts';

/** The statement that prints: the innermost outside of the console's own code. */
function printerPlace(): SourcePlace | null {
  const counted = new Set(siteTable.modules.map(({ table }) => table.path));
  const frames = currentStack().filter(({ path }) => counted.has(path) && path !== PRINTF);
  const written = frames.some(({ path }) => path === DESCRIPTOR);
  const isPrinter = ({ path }: SourcePlace) => !written || !path.startsWith('rumpus/kernel/');
  const frame = frames.find(isPrinter);
  if (frame === undefined) return null;
  const { path, lineBase1, columnBase0 } = frame;
  return { path, lineBase1, columnBase0 };
}

function lwpNow(): number {
  return current.lwp?.id ?? 0;
}

function binding(): ((text: string) => void) | undefined {
  const scope = globalThis as Record<string, unknown>;
  return scope[NOTIFY] as ((text: string) => void) | undefined;
}

/** A debugger has been there, and may still be. */
function isHeard(): boolean {
  return binding() !== undefined;
}

function notify(notice: Notice): void {
  binding()?.(JSON.stringify(notice));
}
