/** Breakpoints of the engine's own, for conditions that have a frame's variables. */

import type { Debugger } from 'node:inspector';
import type { Inspector } from '../../corefiles/index.ts';
import { scriptName } from '../run/view.ts';

/** What breakpoints need of the engine. */
export interface EngineBreakpoints {
  /** Gives its id; undefined when there is no code at that place. */
  set(file: string, lineBase0: number, columnBase0: number, condition: string): string | undefined;
  remove(id: string): void;
}

export function engineBreakpoints(inspector: Inspector): EngineBreakpoints {
  return {
    set(file, lineNumber, columnNumber, condition) {
      const escaped = scriptName(file).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const request = { urlRegex: `${escaped}$`, lineNumber, columnNumber, condition };
      const { breakpointId, locations } = inspector.post(
        'Debugger.setBreakpointByUrl',
        request,
      ) as Debugger.SetBreakpointByUrlReturnType;
      if (locations.length > 0) return breakpointId;
      inspector.post('Debugger.removeBreakpoint', { breakpointId });
      return undefined;
    },
    remove(breakpointId) {
      inspector.post('Debugger.removeBreakpoint', { breakpointId });
    },
  };
}
