/** The program of a watched image: its text tells of accesses like the kernel's. */

import { hooks } from '../../../kernel/index.ts';
import {
  type CompiledProgram,
  installedTaps,
  patchedText,
  registerShifts,
} from '../../../tracer/index.ts';

/** The program as this image runs it; and all that moved is registered. */
export function watchedProgram(compiled: CompiledProgram): CompiledProgram {
  const taps = installedTaps();
  if (taps === undefined) return compiled;
  const { code, shifts } = patchedText({ code: compiled.code, of: 'program' }, taps.watchable);
  taps.shifts.set(`${compiled.entry}.cjs`, shifts);
  readyTaps();
  return { ...compiled, code };
}

/** The kernel is there, and all that was patched: accesses have their icounts, columns their places. */
export function readyTaps(): void {
  const taps = installedTaps();
  if (taps === undefined) return;
  taps.clock = hooks;
  for (const [file, moved] of taps.shifts) registerShifts(file, moved);
}
