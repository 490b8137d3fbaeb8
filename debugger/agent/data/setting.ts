/** Setting breakpoints of all kinds at once: those on data, and those at places in the code. */

import type { Breakpoint, BreakpointRequest } from '../../target/target.ts';
import type { Breakpoints } from '../breakpoints.ts';
import type { Data, Wish } from './data.ts';

/** Replaces all breakpoints; the answers are in the order of the requests. */
export function setAll(
  breakpoints: Breakpoints,
  data: Data,
  requests: readonly BreakpointRequest[],
): Breakpoint[] {
  const wishes: Wish[] = [];
  const answers = new Map<number, Breakpoint>();
  for (const request of requests) {
    if (request.at.kind === 'data') answers.set(request.id, onData(data, request, wishes));
  }
  data.set(wishes);
  for (const one of breakpoints.set(requests.filter(({ at }) => at.kind !== 'data'))) {
    answers.set(one.id, one);
  }
  return requests.flatMap(({ id }) => answers.get(id) ?? []);
}

function onData(data: Data, request: BreakpointRequest, wishes: Wish[]): Breakpoint {
  const { at, id, condition, hitCondition, logMessage } = request;
  const failed = (message: string) => ({ id, verified: false, place: null, message });
  if (at.kind !== 'data') return failed('');
  if (condition !== undefined || hitCondition !== undefined || logMessage !== undefined) {
    return failed('a data breakpoint takes no condition, hit count or message');
  }
  try {
    const { access, dataId } = at;
    const { fields, elements, unnamed } = data.needs([dataId]);
    if (fields.length > 0 || elements || unnamed.length > 0) {
      return failed('it can be set while the target stands at a moment of its run');
    }
    const watch = data.watches.get(dataId);
    if (watch !== undefined && watch.failure !== '') return failed(watch.failure);
    if (watch?.data.byValue && access !== 'change') {
      return failed(`${watch.data.name} can be watched for changes only`);
    }
    wishes.push({ breakpoint: id, dataId, access });
    return { id, verified: true, place: null, message: '' };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}
