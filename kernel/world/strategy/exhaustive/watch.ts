/**
 * What the world tells (monitor.ts), as what it means for the trace: which variables the running step
 * touches, and what happens before what.
 */

import { READ, WRITE, type AccessKind } from '../../../accesses.ts';
import { hooks } from '../../../hooks.ts';
import { AtomicUint } from '../../../kern/atomic.ts';
import type { Cpu } from '../../../kern/cpu.ts';
import { type Lwp, LSZOMB } from '../../../kern/lwp.ts';
import { Proc } from '../../../kern/proc.ts';
import { current } from '../../current.ts';
import { QuietMonitor } from '../../monitor.ts';
import { type Variable, WHOLE_OBJECT } from '../../variable.ts';
import { isMutex, isWaitedFor, ownerOf } from './locks.ts';
import type { Trace } from './trace.ts';

/** The key of an object's being there. No field is called so. */
const LIFE = '\u0000life';

/** Where an LWP ran, and the switches of that CPU by then. */
interface OnCpu {
  readonly cpu: Cpu;
  readonly switches: number;
}

export class Watch extends QuietMonitor {
  readonly #trace: Trace;
  readonly #onCpu = new Map<Lwp, OnCpu>();
  /** Objects of kmem(9) and pool(9). */
  readonly #allocated = new Set<object>();
  /** Whom the last answer lets run; if that was who ran, the icount at which it may be resumed. */
  #expected: Lwp | null = null;
  #expectedAt = 0;
  /** An LWP is to run about whom no question was asked: it was the only one. */
  readonly #onUnasked: (l: Lwp) => void;

  constructor(trace: Trace, onUnasked: (l: Lwp) => void) {
    super();
    this.#trace = trace;
    this.#onUnasked = onUnasked;
  }

  /** A run begins. */
  start(): void {
    this.#onCpu.clear();
    this.#allocated.clear();
    this.#expected = null;
  }

  /** A question is answered: `l` is switched to, unless it is current and goes on. */
  expect(l: Lwp, asked: Lwp | null): void {
    this.#expected = l;
    this.#expectedAt = l === asked ? hooks.icount : -1;
  }

  override switched(to: Lwp): void {
    const at = this.#expectedAt;
    if (this.#expected !== to || (at >= 0 && at !== hooks.icount)) this.#onUnasked(to);
    this.#expected = null;
    if (!to.kernel.config.preempt && this.#dispatched(to)) this.#trace.scheduler(to);
  }

  /** Whether the LWP came from a run queue: then its CPU has made one more switch. */
  #dispatched(l: Lwp): boolean {
    const { cpu } = l;
    const before = this.#onCpu.get(l);
    if (before?.cpu === cpu && before.switches === cpu.switches) return false;
    this.#onCpu.set(l, { cpu, switches: cpu.switches });
    return true;
  }

  override read(v: Variable): void {
    this.#trace.touch(v, READ);
    this.#plainly(v, READ);
    if (this.#allocated.has(v.object)) this.#life(v.object, READ);
  }

  override write(v: Variable): void {
    this.#trace.touch(v, WRITE);
    this.#plainly(v, WRITE);
    if (this.#allocated.has(v.object)) this.#life(v.object, READ);
  }

  /** An access to an atomic's field is one to what atomic operations are about. */
  #plainly(v: Variable, kind: AccessKind): void {
    const { lwp } = current;
    if (v.object instanceof AtomicUint && lwp !== null) this.#whole(lwp, v.object, kind);
  }

  /** Whoever touches what was allocated depends on its being there. */
  override allocated(object: object): void {
    this.#allocated.add(object);
    this.#life(object, WRITE);
  }

  override freed(object: object): void {
    this.#life(object, WRITE);
  }

  #life(object: object, kind: AccessKind): void {
    const { lwp } = current;
    const variables = lwp === null ? null : lwp.kernel.world.variables;
    if (variables !== null) this.#trace.touch(variables.of(object, LIFE, lwp), kind);
  }

  #whole(l: Lwp, object: object, kind: AccessKind): void {
    const { variables } = l.kernel.world;
    if (variables !== null) this.#trace.touch(variables.of(object, WHOLE_OBJECT, l), kind);
  }

  override acquire(l: Lwp, object: object): void {
    this.#whole(l, object, WRITE);
  }

  /** What is done to a process (ends of its LWPs, signals) is in no order, but steers its LWPs. */
  override release(l: Lwp, object: object): void {
    const ends = l.stat === LSZOMB;
    if (object instanceof Proc) {
      this.#whole(l, object, READ);
      if (!ends) for (const other of object.lwps) this.#trace.steered(other, WRITE);
    } else this.#whole(l, object, WRITE);
  }

  /** One that is ended by another could have gone on. */
  override exited(l: Lwp): void {
    const { running } = this.#trace;
    if (running !== null && running !== l) this.#trace.steered(l, WRITE);
  }

  override atomic(l: Lwp | null, object: object): void {
    if (l !== null) this.#whole(l, object, WRITE);
  }

  override touched(l: Lwp | null, object: object | null, kind: AccessKind): void {
    if (l !== null && object !== null) this.#whole(l, object, kind);
  }

  override locked(l: Lwp, lock: object): void {
    const { variables } = l.kernel.world;
    if (variables === null) return;
    const v = variables.of(lock, WHOLE_OBJECT, l);
    const exclusive = isMutex(lock) || ownerOf(lock) === l;
    this.#trace.touch(v, exclusive ? WRITE : READ);
    this.#trace.took(v, exclusive);
  }

  override unlocked(l: Lwp, lock: object): void {
    const { variables } = l.kernel.world;
    if (variables === null) return;
    const v = variables.of(lock, WHOLE_OBJECT, l);
    const shared = !isMutex(lock) && !this.#trace.isExclusive(v) && !isWaitedFor(lock);
    this.#trace.touch(v, shared ? READ : WRITE);
    this.#trace.gaveBack(v);
  }

  override joined(_l: Lwp, ended: Lwp): void {
    this.#trace.after(ended);
  }

  override woken(by: Lwp | null, l: Lwp): void {
    if (by === null) this.#trace.timer(l);
    else if (l === this.#trace.running) this.#trace.stopped(by);
    else {
      this.#trace.woke(l);
      this.#trace.scheduler(by);
    }
  }
}
