/**
 * The event ring: fixed-size binary records, text is made when they are read.
 *
 * A record is RECORD_WORDS 32-bit words:
 *
 *   0 icount, low 32 bits   1 icount, high bits   2 kind | cpu << 8 | kernel << 16   3 LWP number
 *   4..7 arguments, meaning by kind; a string is an index into `strings`
 *
 * The virtual time of a record follows from its icount and the last EV_IDLE before it. When the
 * ring is full the oldest records go, and `written - capacity` says how many.
 */

export const RECORD_WORDS = 8;

export const EV_SYSCALL_ENTER = 1;
export const EV_SYSCALL_EXIT = 2;
export const EV_SWITCH = 3;
export const EV_WAKEUP = 4;
export const EV_SLEEP = 5;
export const EV_MIGRATE = 6;
export const EV_LOCK_WAIT = 7;
export const EV_LOCK_ACQUIRE = 8;
export const EV_LOCK_RELEASE = 9;
export const EV_INTERRUPT = 10;
export const EV_BIO_START = 11;
export const EV_BIO_DONE = 12;
export const EV_PACKET = 13;
export const EV_VNODE = 14;
export const EV_ALLOC = 15;
export const EV_FREE = 16;
export const EV_ERRNO = 17;
export const EV_DPRINTF = 18;
export const EV_IDLE = 19;
export const EV_LWP_CREATE = 20;
export const EV_LWP_EXIT = 21;
export const EV_CALLOUT = 22;
export type EventKind = number;

/** Names of the kinds as people and exports see them, by number. */
export const EVENT_NAMES: readonly string[] = [
  '',
  'syscall:enter',
  'syscall:exit',
  'sched:switch',
  'sched:wakeup',
  'sched:sleep',
  'sched:migrate',
  'lock:wait',
  'lock:acquire',
  'lock:release',
  'irq',
  'bio:start',
  'bio:done',
  'net:packet',
  'vfs:vnode',
  'mem:alloc',
  'mem:free',
  'errno',
  'dprintf',
  'cpu:idle',
  'lwp:create',
  'lwp:exit',
  'callout',
];

/** Different strings a ring keeps; further ones are shown as "…". */
const STRINGS_MAX = 1 << 20;

export class Ring {
  readonly words: Int32Array;
  readonly capacity: number;
  /** Records ever written. */
  written = 0;
  /** Interned strings; index 0 is the empty one. */
  strings: string[] = [''];
  readonly #indices = new Map<string, number>([['', 0]]);
  /** Indices of the texts that keep() stored, as a ring of its own, and how many it ever did. */
  readonly #kept: number[] = [];
  #keptEver = 0;

  /** A ring of `capacity` records, rounded up to a power of two. */
  constructor(capacity: number) {
    let size = 16;
    while (size < capacity) size *= 2;
    this.capacity = size;
    this.words = new Int32Array(size * RECORD_WORDS);
  }

  /** Appends a record. */
  put(icount: number, head: number, lwp: number, a: number, b: number, c: number, d: number): void {
    const at = (this.written++ & (this.capacity - 1)) * RECORD_WORDS;
    const words = this.words;
    words[at] = icount;
    words[at + 1] = icount / 0x100000000;
    words[at + 2] = head;
    words[at + 3] = lwp;
    words[at + 4] = a;
    words[at + 5] = b;
    words[at + 6] = c;
    words[at + 7] = d;
  }

  /** The index of a string, for an argument. */
  intern(text: string): number {
    const known = this.#indices.get(text);
    if (known !== undefined) return known;
    if (this.strings.length >= STRINGS_MAX) return 0;
    const index = this.strings.push(text) - 1;
    this.#indices.set(text, index);
    return index;
  }

  /**
   * The index of a text that is hardly ever the same twice, for an argument. It stays as long as
   * the record can: the ring has at most `capacity` of them.
   */
  keep(text: string): number {
    const nth = this.#keptEver++;
    if (nth >= this.capacity) {
      const index = this.#kept[nth & (this.capacity - 1)];
      if (index !== 0) this.strings[index] = text;
      return index;
    }
    const index = this.strings.length >= STRINGS_MAX ? 0 : this.strings.push(text) - 1;
    this.#kept.push(index);
    return index;
  }

  /** Records lost because the ring was full. */
  get dropped(): number {
    return Math.max(0, this.written - this.capacity);
  }

  /** The records that are there, oldest first, as one array of words. */
  copy(): Int32Array {
    if (this.written <= this.capacity) return this.words.slice(0, this.written * RECORD_WORDS);
    const at = (this.written & (this.capacity - 1)) * RECORD_WORDS;
    const copy = new Int32Array(this.words.length);
    copy.set(this.words.subarray(at));
    copy.set(this.words.subarray(0, at), this.words.length - at);
    return copy;
  }
}
