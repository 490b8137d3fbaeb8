/**
 * The trace of one run: its steps, what each depends on, and the races among them.
 *
 * A step's clock says for every LWP how many of its steps happen before or are the step (vector
 * clocks: Mattern 1989). Step a happens before step b when
 *   - they are of one LWP, in this order;
 *   - a made b's LWP runnable (made it, woke it), or ended and b's LWP had waited for that (join);
 *   - both touched a variable, one of them to write (footprint.ts), in this order;
 *   - b's LWP was woken by a timer: this happens when the virtual clock says so, after everything.
 *
 * A race is a pair (a, b) of steps of different LWPs where a happens before b directly, with nothing
 * in between, and b's LWP could have run instead of a: the two can be reversed. What ordered b's LWP
 * before it touched the variable (`base`) makes no races: a wakeup cannot come before the waker.
 *
 * Locks    Releasing a mutex makes the next acquisition possible, so these two are ordered, but
 *          cannot be reversed. The race is then between the two acquisitions, as in Flanagan and
 *          Godefroid 2005.
 * Steering Each step of an LWP reads whether it is stopped, ended or sent a signal by another, and
 *          whoever does that writes it. Being stopped and being let go on are as lock and unlock.
 * CPUs     Without kernel preemption an LWP runs where and when a CPU is free. Whatever puts an LWP
 *          on a run queue, takes it from there or leaves a CPU touches one variable, the scheduler's.
 */

import { READ, WRITE, type AccessKind } from '../../../accesses.ts';
import { type Lwp, LSONPROC } from '../../../kern/lwp.ts';
import { current } from '../../current.ts';
import {
  OP_ATOMIC,
  OP_LOCK,
  OP_RDLOCK,
  OP_READ,
  OP_WRITE,
  opBlocked,
  type OpKind,
} from '../../op.ts';
import { type Variable, WHOLE_OBJECT } from '../../variable.ts';
import { conflict, Naming } from './footprint.ts';
import { isMutex } from './locks.ts';
import { join, Step, type Uses, usesOf, WIDTH_FIRST } from './step.ts';
import { Threads } from './threads.ts';

/** The key of whether an LWP is stopped, ended or sent signals. No field is called so. */
const STEERED = '\u0000steered';

export class Trace {
  readonly steps: Step[] = [];
  length = 0;
  /** A timer fired. */
  timers = false;
  readonly threads = new Threads();
  readonly #naming = new Naming();
  #width = WIDTH_FIRST;
  /** The step that goes on; null between steps. */
  #open: Step | null = null;
  /** By LWP: its last step, and what else happens before its next. */
  readonly #last: number[] = [];
  readonly #pending: (Int32Array | null)[] = [];
  /** By LWP: the step that stopped it (lwp_suspend(9)), until it goes on. */
  readonly #stops: number[] = [];
  /** LWPs that the open step made runnable. */
  readonly #woken: number[] = [];
  /** Steps that the open one depends on directly; those of the second list are no races. */
  readonly #direct: number[] = [];
  readonly #edges: number[] = [];
  /** Acquisitions that it races with, and the releases in between. */
  readonly #acquisitions: number[] = [];
  readonly #releases: number[] = [];
  /** Those of #direct that depend only by the scheduler's variable. */
  readonly #bySchedule: number[] = [];
  /** A run begins. */
  start(): void {
    this.length = 0;
    this.timers = false;
    this.threads.begin();
    this.#naming.begin();
    this.#open = null;
    this.#last.fill(-1);
    this.#pending.fill(null);
    this.#stops.fill(-1);
  }

  /** Index of the LWP's last step; -1 for none. */
  lastOf(thread: number): number {
    return thread < this.#last.length ? this.#last[thread] : -1;
  }

  /** `l` begins a step; the one before is over. */
  step(l: Lwp): void {
    const thread = this.threads.of(l);
    if (this.#width <= thread) this.#widen(thread);
    while (this.#last.length <= thread) {
      this.#last.push(-1);
      this.#pending.push(null);
    }
    const step = this.#next();
    this.#afterStop(step, thread);
    step.thread = thread;
    step.lwp = l;
    const last = this.#last[thread];
    if (last >= 0) step.base.set(this.steps[last].clock);
    else step.base.fill(0);
    const pending = this.#pending[thread];
    if (pending !== null) join(step.base, pending);
    this.#pending[thread] = null;
    step.local = step.base[thread] + 1;
    step.base[thread] = step.local;
    this.#last[thread] = this.length - 1;
    this.#open = step;
    this.steered(l, READ);
    this.#head(l);
  }

  /** It could have come before it was stopped, whoever let it go on. */
  #afterStop(step: Step, thread: number): void {
    const stop = this.#stops[thread] ?? -1;
    if (stop >= 0 && stop < this.length - 1) step.races.push(stop);
    this.#stops[thread] = -1;
  }

  #next(): Step {
    let step = this.steps[this.length];
    if (step === undefined) {
      step = new Step();
      step.clock = new Int32Array(this.#width);
      step.base = new Int32Array(this.#width);
      this.steps.push(step);
    }
    this.length++;
    step.footprint.clear();
    step.races.length = 0;
    step.scheduled.length = 0;
    return step;
  }

  #widen(thread: number): void {
    while (this.#width <= thread) this.#width *= 2;
    const wider = (clock: Int32Array) => {
      const copy = new Int32Array(this.#width);
      copy.set(clock);
      return copy;
    };
    for (const step of this.steps) {
      step.clock = wider(step.clock);
      step.base = wider(step.base);
    }
    for (let i = 0; i < this.#pending.length; i++) {
      const pending = this.#pending[i];
      if (pending !== null) this.#pending[i] = wider(pending);
    }
  }

  /** The operation that the LWP was about to do. */
  #head(l: Lwp): void {
    const { op } = l;
    const kind: OpKind = l.opKind;
    if (op === null) return;
    if (kind === OP_READ) this.touch(op, READ);
    else if (kind === OP_WRITE || kind === OP_ATOMIC) this.touch(op, WRITE);
    else if (kind === OP_RDLOCK) this.touch(op, READ);
    else if (kind === OP_LOCK) this.#lock(op, isMutex(op.object) && !opBlocked(l));
  }

  /** Takes a lock, or tries to; a free mutex is taken for sure. */
  #lock(v: Variable, free: boolean): void {
    const uses = usesOf(v);
    const at = this.length - 1;
    if (free && uses.acquired !== uses.released && uses.released === uses.lastWrite) {
      if (this.#unordered(uses.released)) this.#edges.push(uses.released);
      if (this.#unordered(uses.acquired)) {
        this.#acquisitions.push(uses.acquired);
        this.#releases.push(uses.released);
      }
      this.#added(v, uses, WRITE);
      this.#reads(uses);
      uses.lastWrite = at;
    } else this.touch(v, WRITE);
    if (free) uses.acquired = at;
  }

  /** The open step reads or writes a variable. */
  touch(v: Variable, kind: AccessKind): void {
    const step = this.#open;
    if (step === null) return;
    const uses = usesOf(v);
    const at = this.length - 1;
    if (!this.#added(v, uses, kind)) return;
    this.#depends(uses.lastWrite, v);
    if (kind === WRITE) {
      this.#reads(uses);
      uses.lastWrite = at;
    } else this.#noteRead(uses, at);
  }

  /** Of the reads of one LWP in a row the last stands for all. */
  #noteRead(uses: Uses, at: number): void {
    const { reads } = uses;
    const last = reads.length - 1;
    const again = last >= 0 && this.steps[reads[last]].thread === this.steps[at].thread;
    if (again) reads[last] = at;
    else reads.push(at);
  }

  #reads(uses: Uses): void {
    const { reads } = uses;
    for (let i = 0; i < reads.length; i++) this.#depends(reads[i], null);
    reads.length = 0;
  }

  /** Puts an access into the open step's footprint; false if one that is as strong is there. */
  #added(v: Variable, uses: Uses, kind: AccessKind): boolean {
    const at = this.length - 1;
    const { footprint, thread } = this.#open!;
    if (uses.step !== at) {
      const fresh = this.#naming.touch(v.shadow, thread);
      uses.step = at;
      uses.access = footprint.length;
      footprint.add(v, kind, fresh);
      return true;
    }
    const access = footprint.accesses[uses.access];
    if (access.kind === WRITE || kind === READ) return false;
    access.kind = WRITE;
    return true;
  }

  /** Whether a step is of another LWP and does not happen before the open one anyhow. */
  #unordered(index: number): boolean {
    if (index < 0 || index === this.length - 1) return false;
    const { thread, local } = this.steps[index];
    return this.#open!.base[thread] < local;
  }

  #depends(index: number, v: Variable | null): void {
    if (!this.#unordered(index)) return;
    const bySchedule = v !== null && v.object === current.world?.ready;
    if (!this.#direct.includes(index)) {
      this.#direct.push(index);
      if (bySchedule) this.#bySchedule.push(index);
    } else if (!bySchedule) {
      const found = this.#bySchedule.indexOf(index);
      if (found >= 0) this.#bySchedule.splice(found, 1);
    }
  }

  /** The open step is over, if there is one; `l` goes on as who ran it, if that is another LWP. */
  end(l: Lwp | null): void {
    const step = this.#open;
    if (step === null) return;
    if (leftCpu(step)) this.scheduler(step.lwp!);
    this.#open = null;
    this.#findRaces(step);
    const { clock } = step;
    clock.set(step.base);
    for (const index of this.#direct) join(clock, this.steps[index].clock);
    for (const index of this.#edges) join(clock, this.steps[index].clock);
    for (const thread of this.#woken) this.#before(thread, clock);
    if (l !== null && step.lwp !== l) this.#before(this.threads.of(l), clock);
    this.#woken.length = 0;
    this.#direct.length = 0;
    this.#edges.length = 0;
    this.#acquisitions.length = 0;
    this.#releases.length = 0;
    this.#bySchedule.length = 0;
  }

  #findRaces(step: Step): void {
    for (const index of this.#direct) {
      if (this.#edges.includes(index) || this.#between(index, -1)) continue;
      if (this.#bySchedule.includes(index)) step.scheduled.push(index);
      else step.races.push(index);
    }
    for (let i = 0; i < this.#acquisitions.length; i++) {
      const index = this.#acquisitions[i];
      if (step.races.includes(index) || this.#between(index, this.#releases[i])) continue;
      step.races.push(index);
    }
  }

  /** Whether another direct dependence comes between; what is before `release` does not. */
  #between(index: number, release: number): boolean {
    for (const other of this.#direct) {
      if (other === index || !this.happensBefore(index, other)) continue;
      if (release < 0 || !(other === release || this.happensBefore(other, release))) return true;
    }
    if (release >= 0) return false;
    return this.#edges.some((other) => other !== index && this.happensBefore(index, other));
  }

  /** What is in `clock` happens before the next step of an LWP. */
  #before(thread: number, clock: Int32Array): void {
    while (this.#pending.length <= thread) {
      this.#last.push(-1);
      this.#pending.push(null);
    }
    if (this.#width <= thread) this.#widen(thread);
    const pending = this.#pending[thread];
    if (pending === null) {
      const copy = new Int32Array(this.#width);
      copy.set(clock);
      this.#pending[thread] = copy;
    } else join(pending, clock);
  }

  /** Whether one step of the trace happens before another, or is it. Both are over. */
  happensBefore(a: number, b: number): boolean {
    const { thread, local } = this.steps[a];
    return this.steps[b].clock[thread] >= local;
  }

  /**
   * Whether step `a` would have to stay before `b` if `b`, the last of a reversed sequence, came
   * earlier: what `b` depends on only through steps that are not in the sequence does not count.
   */
  holdsBack(a: number, b: number): boolean {
    const { thread, local, footprint } = this.steps[a];
    const later = this.steps[b];
    return later.base[thread] >= local || conflict(footprint, later.footprint);
  }

  /** The open step took a lock, or gave it back. */
  took(v: Variable, exclusive: boolean): void {
    const uses = usesOf(v);
    uses.exclusive = exclusive;
    if (isMutex(v.object)) uses.acquired = this.length - 1;
  }

  gaveBack(v: Variable): void {
    const uses = usesOf(v);
    uses.exclusive = false;
    uses.released = this.length - 1;
  }

  isExclusive(v: Variable): boolean {
    return usesOf(v).exclusive;
  }

  /** The LWP of the open step. */
  get running(): Lwp | null {
    return this.#open === null ? null : this.#open.lwp;
  }

  /** Without kernel preemption: run queues or the holder of a CPU change. */
  scheduler(l: Lwp): void {
    const w = l.kernel.world;
    if (l.kernel.config.preempt || w.variables === null) return;
    this.touch(w.variables.of(w.ready, WHOLE_OBJECT, l), WRITE);
  }

  /** The open step stops `l`, which could have gone on. */
  stopped(l: Lwp): void {
    if (this.#open === null) return;
    const thread = this.threads.of(l);
    while (this.#stops.length <= thread) this.#stops.push(-1);
    this.#stops[thread] = this.length - 1;
    this.steered(l, WRITE);
  }

  /** The open step looks at, or changes, whether `l` runs on as it would: signals, stops. */
  steered(l: Lwp, kind: AccessKind): void {
    const { variables } = l.kernel.world;
    if (variables !== null && this.#open !== null) {
      this.touch(variables.of(l, STEERED, this.#open.lwp), kind);
    }
  }

  /** The open step knows that `l` has ended. */
  after(l: Lwp): void {
    const last = this.lastOf(this.threads.of(l));
    if (this.#open !== null && last >= 0) join(this.#open.base, this.steps[last].clock);
  }

  /** The open step lets `l` run. */
  woke(l: Lwp): void {
    if (this.#open !== null) this.#woken.push(this.threads.of(l));
  }

  /** A timer lets `l` run. */
  timer(l: Lwp): void {
    this.end(null);
    this.timers = true;
    const thread = this.threads.of(l);
    for (const last of this.#last) if (last >= 0) this.#before(thread, this.steps[last].clock);
  }
}

/** The LWP of the step sleeps or is gone: its CPU is free. */
function leftCpu(step: Step): boolean {
  return step.lwp !== null && step.lwp.stat !== LSONPROC;
}
