/**
 * Classes of schedules: two schedules that differ only in the order of operations that do not
 * conflict are one class (Mazurkiewicz; the Foata normal form of both is the same). The class is
 * known by a number that is kept while the run goes on, at a few nanoseconds an operation.
 *
 *   const hash = new ClassHash(); hash.begin(); … hash.step(l) when l goes on … hash.value()
 *
 * How     Every variable has a chain: a write mixes itself into it, with all reads since the last
 *         write as a sum, so that reads commute. The class is the sum over variables, so operations
 *         on different ones commute. Chains are in a table by Variable.id; two variables in one entry
 *         only make the classes finer.
 * Finer   An operation that is told twice, after a wait, may make two classes of one; never one of two.
 * Misses  What a strategy is not asked about (sharedOnly, strides) is not seen. Strategies with
 *         `looksAtOps` are asked about all that matters.
 */

import {
  digestText,
  Lwp,
  OP_LOCK,
  OP_RDLOCK,
  OP_READ,
  OP_WAKE,
  type OpKind,
  pathNumber,
  type Strategy,
  type World,
} from '../../../kernel/index.ts';

const ENTRIES = 1024;

export class ClassHash {
  readonly #chains = new Int32Array(ENTRIES);
  /** Reads since the last write, as a sum. */
  readonly #reads = new Int32Array(ENTRIES);
  readonly #touched = new Int32Array(ENTRIES);
  readonly #isTouched = new Uint8Array(ENTRIES);
  #count = 0;
  #steps = 0;

  /** The next run begins. */
  begin(): void {
    for (let i = 0; i < this.#count; i++) {
      const at = this.#touched[i];
      this.#chains[at] = 0;
      this.#reads[at] = 0;
      this.#isTouched[at] = 0;
    }
    this.#count = 0;
    this.#steps = 0;
  }

  /** `l` does its next operation (Lwp.op, Lwp.opKind). */
  step(l: Lwp): void {
    const { op } = l;
    if (op === null || op.object instanceof Lwp) return;
    const opKind = kindOf(l.opKind, op.object);
    if (opKind === OP_LOCK || opKind === OP_RDLOCK) {
      // Who would only wait does nothing yet; it takes the lock when it is woken.
      const { owner } = op.object as Lockable;
      if (owner !== null && owner !== undefined && owner !== l) return;
    }
    const at = op.id & (ENTRIES - 1);
    if (this.#isTouched[at] === 0) {
      this.#isTouched[at] = 1;
      this.#touched[this.#count++] = at;
    }
    this.#steps++;
    const word = mix(pathNumber(l) ^ op.id, opKind);
    if (opKind === OP_READ || opKind === OP_RDLOCK) {
      this.#reads[at] = (this.#reads[at] + mix(this.#chains[at], word)) | 0;
    } else {
      this.#chains[at] = mix(this.#chains[at] ^ this.#reads[at], word);
      this.#reads[at] = 0;
    }
  }

  /** The class of the run so far: a whole number below 2^53; 0 for one without operations. */
  value(): number {
    if (this.#steps === 0) return 0;
    let low = 0;
    let high = 0;
    for (let i = 0; i < this.#count; i++) {
      const at = this.#touched[i];
      const word = mix(this.#chains[at] ^ this.#reads[at], at + 1);
      low = (low + word) | 0;
      high = (high + mix(word, 0x2545f491)) | 0;
    }
    return (high >>> 11) * 0x100000000 + (low >>> 0);
  }
}

interface Lockable {
  readonly owner?: Lwp | null;
}

/** An LWP that wakes from waiting for a lock takes it, as if it had not had to wait. */
function kindOf(kind: OpKind, object: object): OpKind {
  return kind === OP_WAKE && 'owner' in object ? OP_LOCK : kind;
}

function mix(a: number, b: number): number {
  let h = Math.imul(a ^ (b + 0x9e3779b9), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * A strategy that also tells a ClassHash of operations after which the LWP goes on. Those to which
 * the scheduler switches are told by whoever hears of switches: Monitor.switched(l) → step(l).
 */
export function classified(strategy: Strategy, hash: ClassHash): Strategy {
  const told: Strategy = Object.create(strategy) as Strategy;
  told.begin = () => {
    hash.begin();
    strategy.begin();
  };
  told.next = (candidates, count, current, points, icount, accesses, ...rest) => {
    const own = strategy.next(candidates, count, current, points, icount, accesses, ...rest);
    if (own >= 0 && candidates[own] === current) hash.step(current);
    return own;
  };
  return told;
}

/**
 * The class of a finished run, from its hash; without one, the schedule's own digest, which tells
 * apart what is one class but costs nothing.
 */
export function classOf(w: World, hash?: ClassHash): number {
  const value = hash?.value() ?? 0;
  return value === 0 ? Number.parseInt(digestText(w).slice(0, 13), 16) : value;
}

/** Different numbers that are remembered: beyond, the counts are those of the first so many. */
const REMEMBERED = 1 << 20;

/** How many classes were seen, and how many of them once: what statisticsOf() wants. */
export class SeenClasses {
  readonly #times = new Map<number, 1 | 2>();
  once = 0;

  get seen(): number {
    return this.#times.size;
  }

  add(value: number): void {
    const times = this.#times.get(value);
    if (times === 2) return;
    if (times === 1) {
      this.#times.set(value, 2);
      this.once--;
    } else if (this.#times.size < REMEMBERED) {
      this.#times.set(value, 1);
      this.once++;
    }
  }

  /** Adds what another thread or machine has seen, as data() gave it. */
  merge(data: readonly (readonly [number, 1 | 2])[]): void {
    for (const [value, times] of data) {
      this.add(value);
      if (times === 2) this.add(value);
    }
  }

  data(): [number, 1 | 2][] {
    return [...this.#times];
  }
}
