/** Which events are wanted. */

import { EVENT_NAMES } from '../../kernel/index.ts';
import type { TraceEvent } from './decode.ts';

export interface EventFilter {
  /** Names or beginnings of names: `lock` means lock:wait, lock:acquire and lock:release. */
  readonly kinds?: readonly string[];
  /** Numbers or names of LWPs. */
  readonly lwps?: readonly string[];
  /** First and last icount. */
  readonly from?: number;
  readonly to?: number;
}

/** Whether `wanted` names any kind at all. */
export function isEventKind(wanted: string): boolean {
  return EVENT_NAMES.some((name) => name !== '' && matchesKind(name, wanted));
}

function matchesKind(kind: string, wanted: string): boolean {
  return kind === wanted || kind.startsWith(`${wanted}:`);
}

/** The events that a filter lets through. */
export function filterEvents(events: readonly TraceEvent[], filter: EventFilter): TraceEvent[] {
  const { kinds, lwps, from = 0, to = Number.MAX_SAFE_INTEGER } = filter;
  return events.filter((event) => {
    if (event.icount < from || event.icount > to) return false;
    if (kinds !== undefined && !kinds.some((wanted) => matchesKind(event.kind, wanted)))
      return false;
    return lwps === undefined || lwps.some((wanted) => isLwp(event, wanted));
  });
}

function isLwp(event: TraceEvent, wanted: string): boolean {
  const { lwp, lwpName } = event;
  return String(lwp) === wanted || lwpName === wanted || lwpName === `${wanted}#${lwp}`;
}
