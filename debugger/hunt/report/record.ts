/**
 * A run watched for what LWPs do to each other: every access, lock, atomic operation, sleep, wakeup
 * and switch, with what it is about, in order.
 *
 * A run is a function of its schedule, so operation number n is the same in every run of it: what is
 * dear (stacks) is taken in a second run, for the few operations that are wanted (stacks.ts).
 *
 * Values    A write's new value is there when the next statement begins, or the LWP is switched away.
 * Monitors  What a Monitor is not told (who blocks, where) is seen at the next switch.
 */

import {
  AtomicUint,
  current,
  hooks,
  type Lwp,
  LSSLEEP,
  LSZOMB,
  type Outcome,
  QuietMonitor,
  siteTable,
  type Variable,
  type Waitable,
  WHOLE_OBJECT,
  type World,
} from '../../../kernel/index.ts';
import { UNSEEN, valueIn } from './values.ts';

export type OperationKind =
  | 'read'
  | 'write'
  | 'atomic'
  | 'lock'
  | 'unlock'
  | 'wait'
  | 'sleep'
  | 'wake'
  | 'signal'
  | 'start'
  | 'exit'
  | 'join'
  | 'alloc'
  | 'free'
  | 'fail';

/** One operation of an LWP. Objects are as they are at the end of the run; values as they were. */
export interface Operation {
  readonly index: number;
  readonly kind: OperationKind;
  readonly lwp: number;
  readonly cpu: number;
  readonly icount: number;
  /** The LWP's own count of points. */
  readonly step: number;
  /** What it is about; null for nothing. `id` is the same in other schedules, 0 for none. */
  readonly object: object | null;
  readonly key: unknown;
  readonly id: number;
  /** An access's own site (negative), else that of the last statement. */
  readonly site: number;
  before: unknown;
  after: unknown;
  readonly held: readonly Waitable[];
  readonly syscall: string | null;
  readonly args: readonly unknown[] | null;
  /** The other LWP: who is woken, started, waited for; 0 for none. */
  readonly other: number;
  /** What is slept on, for people. */
  readonly text: string;
}

/** The LWP that runs changed. */
export interface Switch {
  /** Number of the first operation that comes after it. */
  readonly index: number;
  readonly icount: number;
  readonly from: number;
  readonly to: number;
  readonly why: 'preempted' | 'wait' | 'sleep' | 'exit' | 'began';
  /** What `from` waits for. */
  readonly text: string;
  /** Counts of `from` by which a directive names the place: points, accesses, statements. */
  readonly points: number;
  readonly accesses: number;
  readonly statements: number;
}

const SIGNALLING: Readonly<Record<string, readonly string[]>> = {
  'rumpus/kernel/kern/kern_condvar.ts': ['cv_signal', 'cv_broadcast'],
  'rumpus/kernel/pthread/cond.ts': ['pthread_cond_signal', 'pthread_cond_broadcast'],
};

const FREEING: Readonly<Record<string, readonly string[]>> = {
  'rumpus/kernel/kern/subr_pool.ts': ['pool_put'],
  'rumpus/kernel/kern/subr_kmem.ts': ['kmem_free'],
};

function sitesOfModule(path: string): { readonly from: number; readonly to: number } {
  const loaded = siteTable.modules.findLast(({ table }) => table.path === path);
  return loaded === undefined
    ? { from: 0, to: 0 }
    : { from: loaded.base, to: loaded.base + loaded.count };
}

/** Where the named functions begin. */
function entrySites(modules: Readonly<Record<string, readonly string[]>>): ReadonlySet<number> {
  const sites = new Set<number>();
  for (const [path, functions] of Object.entries(modules)) {
    const base = sitesOfModule(path).from;
    siteTable.positionsOf(path).forEach((position, i) => {
      if (position.kind === 'f' && functions.includes(position.function)) sites.add(base + i);
    });
  }
  return sites;
}

const NONE: readonly Waitable[] = [];
/** Operations that are kept: when there are twice as many, the older ones go. */
const KEPT = 1 << 18;
/** Statements of the end of a run that are kept, to see where it spins. */
export const LAST_SITES = 4096;

/** What an operation is about. */
interface About {
  readonly object?: object | null;
  readonly key?: unknown;
  readonly site?: number;
  readonly before?: unknown;
  readonly other?: number;
  readonly text?: string;
}

/** Keeps the operations of one run. Give it to the world as monitor and as watcher. */
export class OperationLog extends QuietMonitor {
  readonly #world: World;
  /** The kept ones; the first has the number `dropped`. */
  operations: Operation[] = [];
  dropped = 0;
  readonly switches: Switch[] = [];
  /** Of all LWPs that ran; the world forgets those that have ended. */
  readonly lwpNames = new Map<number, string>();
  /** Sites of the last statements, as a ring. */
  readonly lastSites = new Int32Array(LAST_SITES);
  statements = 0;
  /** The exception that ended the run. */
  error: unknown;
  /** The locks that LWPs waited for when it failed. */
  readonly waits = new Map<number, Waitable>();
  /** Called with each operation while its stack is there. */
  heard: (operation: Operation, l: Lwp) => void = () => {};
  readonly #held = new Map<Lwp, readonly Waitable[]>();
  /** What an LWP slept on last. */
  readonly #slept = new Map<Lwp, About>();
  #written: Operation[] = [];
  #last: Lwp | null = null;
  #site = 0;

  readonly #atomics = sitesOfModule('rumpus/kernel/kern/atomic.ts');
  /** Where functions begin that wake whoever sleeps, if anybody does. */
  readonly #signals = entrySites(SIGNALLING);
  readonly #frees = entrySites(FREEING);

  constructor(w: World) {
    super();
    this.#world = w;
  }

  /** Of the watcher: a statement is about to run. */
  statement(site: number): void {
    // What an atomic operation does comes after its telling.
    if (this.#written.length > 0 && !this.#insideAtomic(site)) this.settle();
    this.#site = site;
    const l = current.lwp;
    if (l !== null && this.#signals.has(site)) this.#note('signal', l, { site });
    if (l !== null && this.#frees.has(site)) this.#note('free', l, { site });
    this.lastSites[this.statements++ % LAST_SITES] = site;
  }

  #insideAtomic(site: number): boolean {
    return site >= this.#atomics.from && site < this.#atomics.to;
  }

  /** Values of what was written are there now. */
  settle(): void {
    for (const operation of this.#written) {
      operation.after = valueIn(operation.object, operation.key);
    }
    this.#written = [];
  }

  #note(kind: OperationKind, l: Lwp, about: About): Operation {
    const { object = null, key = WHOLE_OBJECT, site, other = 0, text = '' } = about;
    const before = 'before' in about ? about.before : UNSEEN;
    const { operations } = this;
    if (operations.length >= KEPT * 2) {
      this.dropped += KEPT;
      this.operations = operations.slice(KEPT);
    }
    const running = l === current.lwp;
    const operation: Operation = {
      index: this.dropped + this.operations.length,
      kind,
      lwp: l.id,
      cpu: l.cpu.index,
      icount: hooks.icount,
      step: running ? l.points + hooks.points - this.#world.switchPoints : l.points,
      object,
      key,
      id: object === null ? 0 : (this.#world.variables?.of(object, key, l).id ?? 0),
      site: site ?? (running ? this.#site : l.site),
      before,
      after: before,
      held: this.#held.get(l) ?? NONE,
      syscall: l.syscall,
      args: l.syscallArgs,
      other,
      text,
    };
    this.operations.push(operation);
    this.heard(operation, l);
    return operation;
  }

  override read(v: Variable, site: number): void {
    const l = current.lwp;
    if (l !== null && !this.#insideAtomic(this.#site)) this.#access('read', l, v, site);
  }

  override write(v: Variable, site: number): void {
    const l = current.lwp;
    if (l === null || this.#insideAtomic(this.#site)) return;
    this.#written.push(this.#access('write', l, v, site));
  }

  #access(kind: 'read' | 'write', l: Lwp, v: Variable, site: number): Operation {
    const { object } = v;
    // The value of an atomic is the atomic, however it is looked at.
    const key = object instanceof AtomicUint ? WHOLE_OBJECT : v.key;
    return this.#note(kind, l, { object, key, site, before: valueIn(object, key) });
  }

  override acquire(l: Lwp, object: object): void {
    if (!(object instanceof AtomicUint)) return;
    this.#written.push(this.#note('atomic', l, { object, before: object.value }));
  }

  override locked(l: Lwp, lock: object): void {
    this.#held.set(l, [...(this.#held.get(l) ?? NONE), lock as Waitable]);
    this.#note('lock', l, { object: lock });
  }

  override unlocked(l: Lwp, lock: object): void {
    const held = [...(this.#held.get(l) ?? NONE)];
    const at = held.lastIndexOf(lock as Waitable);
    if (at >= 0) held.splice(at, 1);
    this.#held.set(l, held);
    this.#note('unlock', l, { object: lock });
  }

  override created(creator: Lwp | null, child: Lwp): void {
    if (creator !== null) this.#note('start', creator, { other: child.id });
  }

  override exited(l: Lwp): void {
    this.#note('exit', l, {});
  }

  override joined(l: Lwp, ended: Lwp): void {
    this.#note('join', l, { other: ended.id });
  }

  override woken(waker: Lwp | null, sleeper: Lwp): void {
    const slept = this.#slept.get(sleeper) ?? {};
    if (waker !== null) this.#note('wake', waker, { ...slept, other: sleeper.id });
  }

  override allocated(object: object): void {
    if (current.lwp !== null) this.#note('alloc', current.lwp, { object });
  }

  override freed(object: object): void {
    if (current.lwp !== null) this.#note('free', current.lwp, { object });
  }

  #waiting(): void {
    for (const l of this.#world.lwps) {
      if (l?.waitsFor) this.waits.set(l.id, l.waitsFor);
    }
  }

  override switched(to: Lwp): void {
    const from = this.#last;
    this.#last = to;
    this.lwpNames.set(to.id, to.name);
    if (from === null || from === to) {
      if (from === null) this.#switch(null, to, 'began', '');
      return;
    }
    this.settle();
    const [why, text] = this.#blocked(from);
    this.#switch(from, to, why, text);
  }

  /** Why an LWP gave up its CPU. */
  #blocked(l: Lwp): [Switch['why'], string] {
    if (l.stat === LSZOMB) return ['exit', ''];
    if (l.waitsFor !== null) {
      this.#slept.set(l, { object: l.waitsFor });
      this.#note('wait', l, { object: l.waitsFor });
      return ['wait', l.waitsFor.name];
    }
    if (l.stat !== LSSLEEP) return ['preempted', ''];
    const object = typeof l.wchan === 'object' ? l.wchan : null;
    const about = { object, text: l.wmesg ?? '' };
    this.#slept.set(l, about);
    this.#note('sleep', l, about);
    return ['sleep', l.wmesg ?? ''];
  }

  #switch(from: Lwp | null, to: Lwp, why: Switch['why'], text: string): void {
    this.switches.push({
      index: this.dropped + this.operations.length,
      icount: hooks.icount,
      from: from?.id ?? 0,
      to: to.id,
      why,
      text,
      points: from?.points ?? 0,
      accesses: from?.accesses ?? 0,
      statements: from?.icount ?? 0,
    });
  }

  /** The run failed; whoever ran is still there. */
  failed({ error }: Outcome): void {
    this.settle();
    this.error = error;
    this.#waiting();
    const l = current.lwp;
    if (l === null) {
      // Nobody can run: the last one to sleep was never switched from.
      if (this.#last !== null) this.#blocked(this.#last);
    } else if (l.waitsFor !== null) this.#note('wait', l, { object: l.waitsFor });
    else this.#note('fail', l, {});
  }
}
