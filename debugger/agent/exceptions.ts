/** Which errnos and verdicts stop a run, besides breakpoints. */

import { waitsForLwps } from '../../corefiles/index.ts';
import { current, type Outcome } from '../../kernel/index.ts';
import type { ExceptionRequest } from '../target/target.ts';
import type { StopDetails } from './standing.ts';

/** The stop at an errno that was made at `site`; undefined when it is not asked for. */
export function errnoStop(
  { errnos }: ExceptionRequest,
  error: unknown,
  site: number,
): StopDetails | undefined {
  if (errnos === undefined || errnos.length === 0) return undefined;
  const name = (error as { code?: string }).code ?? '';
  if (errnos !== 'all' && !errnos.includes(name)) return undefined;
  return { reason: 'errno', description: `${name} was made here`, inside: true, site };
}

/** The stop at a failure; undefined when that verdict is not asked for. */
export function verdictStop(
  { verdicts }: ExceptionRequest,
  { verdict, message, icount, lwps }: Outcome,
): StopDetails | undefined {
  if (verdicts !== undefined && !verdicts.includes(verdict)) return undefined;
  const description = `${verdict}: ${message}`;
  const outcome = { verdict, message, icount };
  const lwp = current.lwp?.id ?? firstStuck(lwps);
  return { reason: 'verdict', description, inside: true, outcome, lwp };
}

/** Of those that will never run again, the first that does not only wait for others to end. */
function firstStuck(ids: readonly number[]): number {
  const isStuck = (id: number) => !waitsForLwps(current.world?.lwps[id]?.wmesg ?? '');
  return ids.find(isStuck) ?? ids[0] ?? 0;
}
