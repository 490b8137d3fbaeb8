/**
 * What JavaScript hides from a kernel: reads and writes outside a typed array, which give undefined
 * and do nothing; operands of `<<` and `| 0` that do not fit into 32 bits, or are NaN, which lose
 * what is above or become 0.
 *
 * Notes only, and only when asked for by name, since an index may be outside on purpose. What is
 * meant to wrap is left alone by the compiler (tracer/compiler/emit/traps.ts).
 */

import { hooks } from '../../hooks.ts';
import { accessNames } from '../../sites.ts';
import { current } from '../current.ts';
import { QuietMonitor } from '../monitor.ts';
import { conclude, unwindWorld } from '../outcome.ts';
import type { ReportSide } from '../report.ts';
import type { Variable } from '../variable.ts';
import type { World } from '../world.ts';
import { callSites } from './calls.ts';
import { typeOf, variableText } from './describe.ts';
import type { DetectorOptions } from './options.ts';
import { placeKey, placeText } from './places.ts';

export class TrapsDetector extends QuietMonitor {
  readonly #ends: boolean;
  #w: World | null = null;
  readonly #found = new Set<number>();

  constructor(options: DetectorOptions) {
    super();
    this.#ends = options.ends === true;
  }

  override begin(w: World): void {
    this.#w = w;
    this.#found.clear();
  }

  override read(v: Variable, site: number): void {
    if (isOutside(v)) this.#outside(v, site, 'read');
  }

  override write(v: Variable, site: number): void {
    if (isOutside(v)) this.#outside(v, site, 'write');
  }

  override misfit(value: number, site: number): void {
    const what = Number.isNaN(value) ? 'is NaN' : `does not fit into 32 bits: ${value}`;
    this.#report(site, 'read', 'number', `the operand of ${accessNames[-site]} ${what}`);
  }

  #outside(v: Variable, site: number, does: 'read' | 'write'): void {
    const { length } = v.object as Uint8Array;
    const object = this.#w === null ? typeOf(v.object) : variableText(this.#w, v);
    const what = `${object} is ${does === 'read' ? 'read' : 'written'} outside of its ${length}`;
    this.#report(site, does, typeOf(v.object), `${what} elements`);
  }

  #report(site: number, does: 'read' | 'write', type: string, what: string): void {
    const w = this.#w;
    const l = current.lwp;
    if (w === null || l === null || this.#found.has(site)) return;
    this.#found.add(site);
    const message = `${what}, at ${placeText(site)} in LWP ${l.id} (${l.name})`;
    const side: ReportSide = {
      lwp: l.id,
      lwpName: l.name,
      cpu: l.cpu.index,
      site,
      icount: hooks.icount,
      does,
      callSites: callSites(),
      held: l.held.map(({ name }) => name),
    };
    w.reports.push({
      verdict: 'trap',
      detector: 'traps',
      message,
      sides: [side],
      objectType: type,
      object: '',
      explanation: [],
      signature: `traps ${placeKey(site)} ${type}`,
    });
    if (!this.#ends) return;
    conclude(w, 'trap', message, l, { site });
    unwindWorld();
  }
}

/** An element that the typed array does not have. */
function isOutside({ object, key }: Variable): boolean {
  if (typeof key !== 'number' || !ArrayBuffer.isView(object)) return false;
  return !(Number.isInteger(key) && key >= 0 && key < (object as Uint8Array).length);
}
