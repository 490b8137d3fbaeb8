/** Small recordings and graphs, and a seeded source of damage, for the tests of corefiles/. */

import {
  type Chunk,
  encodeGraph,
  type RecordedEvents,
  type RecordedSource,
  type RecordingData,
  recordingChunks,
} from '../../corefiles/index.ts';

/** mulberry32: numbers in [0, 1), the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An integer below `n`. */
export function below(random: () => number, n: number): number {
  return Math.floor(random() * n);
}

export function sampleData(directives = 20): RecordingData {
  const random = seeded(directives);
  const triples = new Int32Array(directives * 3);
  const counts = [0, 0, 0];
  for (let i = 0; i < directives; i++) {
    const lwp = below(random, 3);
    counts[lwp] += 1 + below(random, 60);
    triples.set([lwp + 1, counts[lwp], below(random, 4)], i * 3);
  }
  return {
    config: { program: 'test/lost-update.ts', seed: 7, ncpu: 2, knobs: { RUMP_NVNODES: null } },
    image: {
      identity: 'a1b2c3',
      compiler: '0.1.0',
      modules: [
        {
          path: 'kernel/kern/kern_mutex.ts',
          hash: 'f00d',
          functions: ['mutex_enter', 'mutex_exit'],
          functionHashes: ['01', '02'],
        },
        { path: 'test/lost-update.ts', hash: 'beef', functions: [], functionHashes: [] },
      ],
    },
    directives: triples,
    kinds: Uint8Array.from({ length: directives }, () => below(random, 3)),
    hypercalls: Array.from({ length: 6 }, (_, kind) => ({
      kind,
      payload: Uint8Array.from({ length: kind * 5 }, () => below(random, 256)),
    })),
    checkpoints: [
      { icount: 1000, digest: [0xdeadbeef, 1] },
      { icount: 2000, digest: [-5, 0x7fffffff] },
    ],
    end: {
      verdict: 'panic',
      message: 'vput: bad ref count',
      icount: 123456,
      points: 789,
      virtualTimeNs: 2 ** 52 + 2,
      digest: '0123456789abcdef',
    },
  };
}

export const sampleSources: RecordedSource[] = [
  { path: 'test/lost-update.ts', text: 'export default program({}, function* main(sys) {});\n' },
  { path: 'kernel/kern/kern_mutex.ts', text: '// mutex(9)\n'.repeat(20) },
];

export const sampleEvents: RecordedEvents = {
  recordWords: 8,
  records: Int32Array.from({ length: 32 }, (_, i) => (i * 0x01010101) | 0),
  strings: ['open', '/dir/file1'],
  dropped: 3,
};

export class Vnode {
  usecount = 1;
  readonly ino: number;
  parent: Vnode | null;
  constructor(ino: number, parent: Vnode | null) {
    this.ino = ino;
    this.parent = parent;
  }
}

/** A record with one of everything. */
export function sampleRoots(): Record<string, unknown> {
  const vnodes = Array.from({ length: 30 }, (_, i) => new Vnode(i, null));
  for (const vp of vnodes) vp.parent = vnodes[vp.ino >> 1];
  const page = Uint8Array.from({ length: 64 }, (_, i) => i * 3);
  return {
    kernel: { vnodes, byName: new Map([['root', vnodes[0]]]), held: new Set([vnodes[3], 'x']) },
    pages: [page, new Uint16Array(page.buffer, 8, 4), new DataView(page.buffer, 1, 2)],
    odd: [undefined, null, true, false, -0, Number.NaN, 0.1, 2 ** 53, -(2n ** 70n), Symbol('s')],
    text: 'naïve \u{1f980} \ud800 \x1b[2J',
  };
}

/** The chunks of a small core: a recording with everything, and a graph. */
export function sampleCoreChunks(): Chunk[] {
  const extras = { events: sampleEvents, console: 'boot\npanic: \x1b[31mvput\n' };
  return [...recordingChunks(sampleData(), sampleSources, extras), ...encodeGraph(sampleRoots())];
}
