/**
 * Pairs of places that two threads come to with conflicting operations on one variable: what race.ts
 * forces, and what it counts as covered.
 *
 * A place is a site and a variable. Of a pair it is known whether the one was seen right after the
 * other, done by another thread; what reads from which write is the coverage.
 */

import { OP_ATOMIC, OP_LOCK, OP_RDLOCK, OP_READ, OP_WAKE, OP_WRITE, opsConflict } from '../op.ts';
import type { OpKind } from '../op.ts';
import type { Thread } from './thread.ts';

/** Pairs that are kept: what has more is not covered by trying one a run. */
const PAIRS_MAX = 20_000;

/** A site on a variable. */
export class Place {
  readonly slot: number;
  readonly site: number;
  readonly kind: OpKind;
  /** The thread that was there first, and whether others were. */
  readonly thread: Thread;
  several = false;
  contended = false;
  /** Runs in which somebody was held there until nobody else got on. */
  holds = 0;
  /** How often threads were there in this run, and most of it in a run. */
  run = 0;
  times = 0;
  most = 1;
  /** Places on the variable that were seen right before it, by another thread. */
  readonly after = new Set<Place>();

  constructor(slot: number, t: Thread) {
    this.slot = slot;
    this.site = t.site;
    this.kind = t.kind;
    this.thread = t;
  }
}

/** One thread is at `first`, and another at `second` afterwards. */
export class Pair {
  readonly first: Place;
  readonly second: Place;
  /** Runs that tried to have them in this order, or had it anyway before anybody tried. */
  tries = 0;

  constructor(first: Place, second: Place) {
    this.first = first;
    this.second = second;
  }

  /** Whether two threads can be there. */
  get possible(): boolean {
    return this.first.several || this.second.several || this.first.thread !== this.second.thread;
  }
}

export class Pairs {
  readonly all: Pair[] = [];
  /** Places that are in a pair. */
  readonly contended: Place[] = [];
  /** Reads seen of what another thread wrote: pairs of places. */
  coverage = 0;
  /** Runs since the coverage grew. */
  stale = 0;
  #coveredBefore = 0;
  #run = 0;
  /** Places of a variable, by slot. */
  readonly #places: Place[][] = [];
  /** Who was last there in this run, and where; by slot. */
  readonly #last: (Last | undefined)[] = [];

  begin(): void {
    this.#run++;
    this.stale = this.coverage === this.#coveredBefore ? this.stale + 1 : 0;
    this.#coveredBefore = this.coverage;
  }

  /** The place where a thread is about to do something to a variable; undefined where it is not. */
  placeOf(t: Thread): Place | undefined {
    if (t.v === null || t.kind === OP_WAKE) return undefined;
    if (t.placedFor === t.arrivals) return t.place;
    const place = this.#find(t, t.v.slot);
    if (place !== undefined) {
      t.place = place;
      t.placedFor = t.arrivals;
    }
    return place;
  }

  #find(t: Thread, slot: number): Place | undefined {
    const places = this.#places[slot];
    if (places === undefined) return undefined;
    const { site, kind } = t;
    for (let i = 0; i < places.length; i++) {
      if (places[i].site === site && places[i].kind === kind) return places[i];
    }
    return undefined;
  }

  /** The thread does its next operation. */
  did(t: Thread): void {
    if (t.v === null || t.kind === OP_WAKE) return;
    const place = this.placeOf(t) ?? this.#add(t.v.slot, t);
    if (place.run !== this.#run) {
      place.run = this.#run;
      place.times = 0;
    }
    if (++place.times > place.most) place.most = place.times;
    if (!place.several && place.thread !== t) {
      place.several = true;
      if (opsConflict(place.kind, place.kind)) this.#pair(place, place);
    }
    this.#follows(place, t);
  }

  #follows(place: Place, t: Thread): void {
    let last = this.#last[place.slot];
    if (last === undefined) {
      last = new Last();
      this.#last[place.slot] = last;
    } else if (last.run === this.#run && last.thread !== t) {
      const before = last.place!;
      if (opsConflict(before.kind, place.kind) && !place.after.has(before)) {
        place.after.add(before);
        if (reads(place.kind) && writes(before.kind)) this.coverage++;
      }
    }
    // Who only reads does not come between a write and who reads from it.
    if (last.run === this.#run && !writes(place.kind) && writes(last.place!.kind)) return;
    last.run = this.#run;
    last.place = place;
    last.thread = t;
  }

  #add(slot: number, t: Thread): Place {
    const place = new Place(slot, t);
    this.#places[slot] ??= [];
    const places = this.#places[slot];
    for (const other of places) {
      if (!opsConflict(place.kind, other.kind)) continue;
      this.#pair(place, other);
      this.#pair(other, place);
    }
    places.push(place);
    return place;
  }

  #pair(first: Place, second: Place): void {
    if (this.all.length >= PAIRS_MAX) return;
    this.all.push(new Pair(first, second));
    if (second.contended) return;
    second.contended = true;
    this.contended.push(second);
  }
}

class Last {
  run = -1;
  place: Place | null = null;
  thread: Thread | null = null;
}

function reads(kind: OpKind): boolean {
  return kind === OP_READ || kind === OP_ATOMIC;
}

function writes(kind: OpKind): boolean {
  return kind === OP_WRITE || kind === OP_ATOMIC || kind === OP_LOCK || kind === OP_RDLOCK;
}
