/**
 * What the target says without being asked: console and dprintf lines and log points, each once,
 * however often its moment is passed again.
 */

import { current, hooks } from '../../kernel/index.ts';
import type { OutputLine, SourcePlace } from '../target/target.ts';
import { type Notice, NOTIFY } from './protocol.ts';

export class Output {
  /** The console of the present run so far. */
  text = '';
  /** Lines up to this icount have been shown. */
  shownUntil = -1;

  console(text: string): void {
    this.text += text;
    this.line('console', text, hooks.icount, null);
  }

  line(kind: OutputLine['kind'], text: string, icount: number, place: SourcePlace | null): void {
    if (icount <= this.shownUntil) return;
    const lwp = current.lwp?.id ?? 0;
    notify({ kind: 'output', line: { kind, text, icount, lwp, place } });
  }
}

function notify(notice: Notice): void {
  const scope = globalThis as Record<string, unknown>;
  const binding = scope[NOTIFY] as ((text: string) => void) | undefined;
  binding?.(JSON.stringify(notice));
}
