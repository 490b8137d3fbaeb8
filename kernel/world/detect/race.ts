/**
 * Data races: two accesses to one variable by different LWPs, at least one a write, of which neither
 * happens before the other (ordering.ts). FastTrack: Flanagan and Freund, PLDI 2009.
 *
 * A variable remembers its last write, and its last reads: one while they are ordered, one an LWP
 * when they are not. "Last" is an epoch, two numbers; what an LWP does again in the same epoch is
 * seen at a glance. So a race is found from any schedule in which both accesses occur unordered,
 * however far apart they are, and never where locks or wakeups order them.
 *
 * Locks held are not asked: they only explain. A variable is reported once in a run, with its first
 * race, since what comes after follows from it.
 *
 * Intent    An access inside data_race() is as if it were not there.
 * Off       in kernels without `lockdebug`, of whose locks nobody hears.
 */

import { hooks } from '../../hooks.ts';
import type { Lwp } from '../../kern/lwp.ts';
import { current } from '../current.ts';
import { conclude, unwindWorld } from '../outcome.ts';
import type { Report, ReportSide } from '../report.ts';
import type { Variable } from '../variable.ts';
import type { World } from '../world.ts';
import { callSites } from './calls.ts';
import { typeOf, variableText } from './describe.ts';
import type { Exclusion } from './intent.ts';
import type { DetectorOptions } from './options.ts';
import { type Actor, knows, nameOf, Ordering } from './ordering.ts';
import { placeKey, placeText } from './places.ts';
import { Trail } from './trail.ts';

/** A remembered access. Slot -1 is none. */
class Access {
  slot = -1;
  epoch = 0;
  site = 0;
  icount = 0;
  /** Where it was made: Trail. */
  trail = 0;
  lwp: Lwp | null = null;
}

/** What an LWP said that others do not do to a variable. */
interface Assertion {
  readonly access: Access;
  readonly excluded: Exclusion;
}

/** What is kept of a variable: Variable.state. */
class RaceState {
  readonly write = new Access();
  readonly read = new Access();
  /** By slot, while reads are not ordered among themselves; else of length 0. */
  readonly reads: Access[] = [];
  reported = false;
}

export class RaceDetector extends Ordering {
  readonly #ends: boolean;
  readonly #ending: string;
  readonly #trail = new Trail();
  readonly #pool: RaceState[] = [];
  #used = 0;
  /** Signatures of this run. */
  readonly #found = new Set<string>();
  /** What LWPs said that others do not do. */
  readonly #asserted = new Map<Variable, Assertion[]>();

  constructor(options: DetectorOptions) {
    super();
    this.#ends = options.ends === true;
    this.#ending = options.ending ?? '';
  }

  override begin(w: World): void {
    super.begin(w);
    this.#trail.reset();
    this.#used = 0;
    if (this.#found.size > 0) this.#found.clear();
    if (this.#asserted.size > 0) this.#asserted.clear();
  }

  override read(v: Variable, site: number): void {
    const l = current.lwp;
    if (l === null) return;
    if (this.#asserted.size > 0) this.#against(l, v, site);
    if (hooks.accesses.marked !== 0) return;
    const a = this.actor(l);
    const s = (v.state as RaceState | null) ?? this.#state(v);
    const { read, reads, write } = s;
    const { slot, epoch } = a;
    if (read.slot === slot && read.epoch === epoch) return;
    if (reads.length > slot && reads[slot].epoch === epoch) return;
    if (write.slot >= 0 && !knows(a, write.slot, write.epoch)) this.#race(v, s, write, a, site);
    if (reads.length > 0) this.#remember(readOf(s, slot), a, site);
    else if (read.slot < 0 || knows(a, read.slot, read.epoch)) this.#remember(read, a, site);
    else {
      copy(readOf(s, read.slot), read);
      read.slot = -1;
      this.#remember(readOf(s, slot), a, site);
    }
  }

  override write(v: Variable, site: number): void {
    const l = current.lwp;
    if (l === null) return;
    if (this.#asserted.size > 0) this.#against(l, v, ~site);
    if (hooks.accesses.marked !== 0) return;
    const a = this.actor(l);
    const s = (v.state as RaceState | null) ?? this.#state(v);
    const { read, reads, write } = s;
    if (write.slot === a.slot && write.epoch === a.epoch) return;
    if (write.slot >= 0 && !knows(a, write.slot, write.epoch)) this.#race(v, s, write, a, ~site);
    if (read.slot >= 0 && !knows(a, read.slot, read.epoch)) this.#race(v, s, read, a, ~site);
    if (reads.length > 0) {
      for (const other of reads) {
        if (other.slot >= 0 && !knows(a, other.slot, other.epoch))
          this.#race(v, s, other, a, ~site);
      }
      reads.length = 0;
    }
    this.#remember(write, a, site);
  }

  override asserts(l: Lwp, v: Variable, excluded: Exclusion): void {
    const a = this.actor(l);
    const access = new Access();
    this.#remember(access, a, callSites()[0] ?? 0);
    const list = this.#asserted.get(v) ?? [];
    this.#asserted.set(v, [
      ...list.filter(({ access: { lwp } }) => lwp !== l),
      { access, excluded },
    ]);
  }

  /** Whether an access, though it be marked, is one that somebody excluded. */
  #against(l: Lwp, v: Variable, site: number): void {
    const a = this.actor(l);
    for (const { access, excluded } of this.#asserted.get(v) ?? []) {
      if (access.lwp === l || (excluded === 'write' && site < 0)) continue;
      if (knows(a, access.slot, access.epoch)) continue;
      const s = (v.state as RaceState | null) ?? this.#state(v);
      this.#race(v, s, access, a, site);
    }
  }

  #state(v: Variable): RaceState {
    const at = this.#used++;
    if (at === this.#pool.length) this.#pool.push(new RaceState());
    const s = this.#pool[at];
    s.write.slot = -1;
    s.read.slot = -1;
    if (s.reads.length > 0) s.reads.length = 0;
    s.reported = false;
    v.state = s;
    return s;
  }

  #remember(access: Access, a: Actor, site: number): void {
    access.slot = a.slot;
    access.epoch = a.epoch;
    access.site = site;
    access.icount = hooks.icount;
    access.lwp = a.lwp;
    access.trail = this.#trail.note(a);
  }

  /** `earlier` and what `a` is about to do, at `site` (a read) or ~site (a write), are a race. */
  #race(v: Variable, s: RaceState, earlier: Access, a: Actor, site: number): void {
    const w = this.w;
    if (s.reported || w === null || !a.lwp.kernel.config.lockdebug) return;
    s.reported = true;
    const place = site < 0 ? site : ~site;
    const asserts = earlier !== s.read && earlier !== s.write && !s.reads.includes(earlier);
    const did = asserts ? 'call' : earlier === s.write ? 'write' : 'read';
    const first = this.#side(earlier, did);
    const now = new Access();
    this.#remember(now, a, place);
    const report = new RaceReport(w, v, first, this.#side(now, site < 0 ? 'read' : 'write'));
    if (!this.#found.has(report.signature)) {
      this.#found.add(report.signature);
      w.reports.push(report);
    }
    if (!this.#ends || (this.#ending !== '' && this.#ending !== report.signature)) return;
    conclude(w, 'data-race', report.message, a.lwp, { site: place });
    unwindWorld();
  }

  #side(access: Access, does: 'read' | 'write' | 'call'): RaceSide {
    const l = access.lwp as Lwp;
    const side = new RaceSide(l, access.site, access.icount, does);
    const where = this.#trail.at(access.trail);
    if (where === undefined) return side;
    side.cpu = where.cpu;
    side.callSites = where.callSites;
    for (const index of where.locks) {
      side.locks.push(this.syncs[index < 0 ? ~index : index].object);
      side.shared.push(index < 0);
    }
    return side;
  }
}

/** A side with the locks themselves, and which of them were held shared. */
class RaceSide {
  readonly lwp: number;
  readonly lwpName: string;
  cpu: number;
  readonly site: number;
  readonly icount: number;
  readonly does: 'read' | 'write' | 'call';
  callSites: readonly number[] = [];
  readonly locks: object[] = [];
  readonly shared: boolean[] = [];

  constructor(l: Lwp, site: number, icount: number, does: 'read' | 'write' | 'call') {
    this.lwp = l.id;
    this.lwpName = l.name;
    this.cpu = l.cpu.index;
    this.site = site;
    this.icount = icount;
    this.does = does;
  }
}

/** Its texts are made when somebody reads them: most hunts count most races only. */
class RaceReport implements Report {
  readonly verdict = 'data-race';
  readonly detector = 'race';
  readonly signature: string;
  readonly objectType: string;
  readonly #w: World;
  readonly #v: Variable;
  readonly #sides: readonly [RaceSide, RaceSide];

  constructor(w: World, v: Variable, first: RaceSide, second: RaceSide) {
    this.#w = w;
    this.#v = v;
    this.#sides = [first, second];
    this.objectType = typeOf(v.object);
    this.signature = signatureOf(first.site, second.site, this.objectType);
  }

  get sides(): readonly ReportSide[] {
    return this.#sides.map(plainSide);
  }

  get object(): string {
    return variableText(this.#w, this.#v);
  }

  get message(): string {
    const [first, second] = this.#sides;
    const verb = second.does === 'write' ? 'writes' : 'reads';
    const past =
      first.does === 'call' ? 'claimed for itself' : first.does === 'write' ? 'wrote' : 'read';
    const who = (side: RaceSide) => `LWP ${side.lwp} (${side.lwpName})`;
    return `${who(second)} ${verb} ${this.object} at ${placeText(second.site)}, which ${who(
      first,
    )} ${past} at ${placeText(first.site)}, and nothing orders the two`;
  }

  get explanation(): readonly string[] {
    const [first, second] = this.#sides;
    return [`${heldText(first)}, ${heldText(second)}: ${commonText(first, second)}.`];
  }

  /** What is told to other threads and written to files. */
  toJSON(): Report {
    const { verdict, detector, message, sides, objectType, object, explanation, signature } = this;
    return { verdict, detector, message, sides, objectType, object, explanation, signature };
  }
}

function plainSide(side: RaceSide): ReportSide {
  const { lwp, lwpName, cpu, site, icount, does, callSites } = side;
  return { lwp, lwpName, cpu, site, icount, does, callSites, held: side.locks.map(nameOf) };
}

function heldText(side: RaceSide): string {
  const names = side.locks.map((l, i) => `'${nameOf(l)}'${side.shared[i] ? ' (to read)' : ''}`);
  return `LWP ${side.lwp} held ${names.length === 0 ? 'nothing' : names.join(' and ')}`;
}

function commonText(first: RaceSide, second: RaceSide): string {
  const common = first.locks.find((lock) => second.locks.includes(lock));
  if (common === undefined) return 'no lock in common';
  return `both held '${nameOf(common)}', but not to write`;
}

/** Signatures by sites and type, for as long as there are detectors; few, and mostly the first. */
class Signature {
  readonly low: number;
  readonly high: number;
  readonly type: string;
  readonly text: string;

  constructor(low: number, high: number, type: string) {
    this.low = low;
    this.high = high;
    this.type = type;
    this.text = `data-race ${[placeKey(low), placeKey(high)].sort().join(' ')} ${type}`;
  }
}

const signatures = new Map<number, Signature[]>();
let latest: Signature | null = null;

function signatureOf(first: number, second: number, type: string): string {
  const low = Math.min(first, second);
  const high = Math.max(first, second);
  if (latest !== null && latest.low === low && latest.high === high && latest.type === type) {
    return latest.text;
  }
  const key = low * 0x4000000 + high;
  const list = signatures.get(key) ?? [];
  latest = list.find((one) => one.type === type) ?? new Signature(low, high, type);
  if (!list.includes(latest)) signatures.set(key, [...list, latest]);
  return latest.text;
}

function readOf(s: RaceState, slot: number): Access {
  while (s.reads.length <= slot) s.reads.push(new Access());
  return s.reads[slot];
}

function copy(to: Access, from: Access): void {
  to.slot = from.slot;
  to.epoch = from.epoch;
  to.site = from.site;
  to.icount = from.icount;
  to.trail = from.trail;
  to.lwp = from.lwp;
}
