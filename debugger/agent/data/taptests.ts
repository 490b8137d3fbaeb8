/** Whether an access that is told of is one to a watched place. */

import { NAME_SHIFT, WHOLE, type Watchable } from '../../../tracer/index.ts';
import type { Watch } from './watches.ts';

export function isAbout(
  { data, key: wanted, hasKey }: Watch,
  tap: number,
  key: unknown,
  { fields }: Watchable,
): boolean {
  if (data.byValue || !hasKey) return false;
  const name = tap >> NAME_SHIFT;
  if (data.key.kind === 'field') {
    return name > 0 ? fields[name - 1] === wanted : String(key) === wanted;
  }
  if (name > 0) return false;
  if ((tap & WHOLE) !== 0) return true;
  if (data.key.kind === 'element') return Number(key) === wanted;
  return Object.is(key, wanted) || (key === 0 && wanted === 0);
}
