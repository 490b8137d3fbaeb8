/** The graph codec: everything comes back, nothing runs, nothing overflows. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  containerBytes,
  decodeGraph,
  type EncodeOptions,
  encodeGraph,
  type Graph,
  type GraphObject,
  openContainer,
  readGraphFrom,
  type Value,
} from '../../corefiles/index.ts';
import { below, seeded, Vnode } from './samples.ts';

function stored(roots: Record<string, unknown>, options?: EncodeOptions): Graph {
  const graph = readGraphFrom(openContainer(containerBytes(encodeGraph(roots, options))));
  if (graph === undefined) throw new Error('no graph');
  return graph;
}

/** Stores one value and gives it back, with the object behind it. */
function roundTrip(value: unknown): { value: Value | undefined; object: GraphObject } {
  const graph = stored({ value });
  const found = graph.root('value');
  expect(graph.warnings).toEqual([]);
  return { value: found, object: graph.deref(found) as GraphObject };
}

/** Rebuilds plain data, to be compared with what was stored. */
function rebuild(graph: Graph, value: Value): unknown {
  const made = new Map<number, unknown>();
  const make = (v: Value): unknown => {
    const object = graph.deref(v);
    if (object === undefined) return v;
    if (made.has(object.id)) return made.get(object.id);
    const empty = object.kind === 'array' ? [] : object.kind === 'map' ? new Map() : {};
    made.set(object.id, empty);
    for (const element of object.elements()) (empty as unknown[]).push(make(element));
    for (const [k, e] of object.entries()) (empty as Map<unknown, unknown>).set(make(k), make(e));
    for (const [name, field] of object.fields()) {
      const property = { value: make(field), enumerable: true, writable: true, configurable: true };
      Object.defineProperty(empty, name, property);
    }
    return empty;
  };
  return make(value);
}

describe('values', () => {
  it.each([
    undefined,
    null,
    true,
    false,
    0,
    -1,
    2 ** 31,
    -(2 ** 51),
    Number.MAX_SAFE_INTEGER,
    0.5,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    '',
    'text \ud800',
    0n,
    -(2n ** 200n),
  ])('%s is itself', (value) => {
    expect(roundTrip(value).value).toBe(value);
  });

  it('-0 stays -0', () => {
    expect(Object.is(roundTrip(-0).value, -0)).toBe(true);
  });

  it('symbols, functions and classes keep their names', () => {
    expect(roundTrip(Symbol('why')).value).toEqual({ kind: 'symbol', description: 'why' });
    expect(roundTrip(function mutex_enter() {}).value).toEqual({
      kind: 'function',
      name: 'mutex_enter',
    });
    expect(roundTrip(Vnode).value).toEqual({ kind: 'function', name: 'Vnode' });
  });

  it('any data come back as they were', () => {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withBigInt: true, withSparseArray: false }),
        (data) => {
          const graph = stored({ data });
          expect(rebuild(graph, graph.root('data') as Value)).toEqual(data);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('objects', () => {
  it('have their class, their fields in order, and identity', () => {
    const root = new Vnode(2, null);
    const child = new Vnode(3, root);
    root.parent = child;
    const graph = stored({ child, again: child });
    expect(graph.root('again')).toEqual(graph.root('child'));
    const object = graph.deref(graph.root('child')) as GraphObject;
    expect(object.type).toBe('Vnode');
    expect([...object.fields()].map(([name]) => name)).toEqual(['usecount', 'ino', 'parent']);
    expect(graph.deref(graph.deref(object.get('parent'))?.get('parent'))?.id).toBe(object.id);
    expect(graph.byType().get('Vnode')).toHaveLength(2);
    expect(graph.rootNames()).toEqual(['child', 'again']);
  });

  it('maps, sets, sparse arrays, holes and named fields of arrays', () => {
    const { object: map } = roundTrip(
      new Map<unknown, unknown>([
        [1, 'a'],
        [{}, 'b'],
      ]),
    );
    expect([...map.entries()].map(([, value]) => value)).toEqual(['a', 'b']);
    expect([...roundTrip(new Set([1, 'x'])).object.elements()]).toEqual([1, 'x']);
    const holes: unknown[] = Object.assign([1, 2, 3], { note: 'x' });
    delete holes[1];
    const { object: array } = roundTrip(holes);
    expect([...array.elements()]).toEqual([1, { kind: 'hole' }, 3]);
    expect([array.get('note'), array.get(2), array.size]).toEqual(['x', 3, 3]);
    const sparse: unknown[] = [];
    sparse[400_000] = 'far';
    const { object } = roundTrip(sparse);
    expect([object.kind, object.size, object.get(400_000)]).toEqual(['sparse', 400_001, 'far']);
  });

  it('typed arrays share their buffer; of a pooled buffer only what a view covers is stored', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => i);
    const graph = stored({ a: bytes.subarray(4, 8), b: new DataView(bytes.buffer, 6, 4) });
    const [a, b] = ['a', 'b'].map((name) => graph.deref(graph.root(name)) as GraphObject);
    expect(a.get('buffer')).toEqual(b.get('buffer'));
    expect([a.type, [...(a.bytes() ?? [])], b.type, [...(b.bytes() ?? [])]]).toEqual([
      'Uint8Array',
      [4, 5, 6, 7],
      'DataView',
      [6, 7, 8, 9],
    ]);
    expect(graph.deref(a.get('buffer'))?.bytes()).toBeUndefined();
    const whole = stored({ view: bytes, buffer: bytes.buffer });
    expect(whole.deref(whole.root('buffer'))?.bytes()).toEqual(bytes);
  });

  it('secrets in a pool are not stored', () => {
    const pool = new ArrayBuffer(8192);
    Buffer.from(pool).write('SECRET=hunter2', 100);
    const chunks = encodeGraph({ view: new Uint8Array(pool, 0, 64) });
    const all = Buffer.concat(chunks.map((chunk) => chunk.raw));
    expect(all.includes('hunter2')).toBe(false);
  });

  it('dictionaries with many different keys stay small and keep their order', () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({ [`k${i}`]: i, [Symbol('s')]: 1 }));
    const large = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, i]));
    const graph = stored({ many, large });
    const object = graph.deref(graph.root('large')) as GraphObject;
    expect(Object.fromEntries(object.fields())).toEqual(large);
    const last = graph.deref(graph.deref(graph.root('many'))?.get(1999)) as GraphObject;
    expect([...last.fields()]).toEqual([
      ['k1999', 1999],
      ['Symbol(s)', 1],
    ]);
  });
});

describe('nothing runs', () => {
  it('getters, proxies, iterators and toString are not called', () => {
    const trap = (): never => {
      throw new Error('ran');
    };
    const handler = new Proxy({}, { get: trap });
    class Odd extends Map {
      override get size(): number {
        return trap();
      }
      override forEach(): void {
        trap();
      }
      override [Symbol.iterator](): never {
        return trap();
      }
      override get [Symbol.toStringTag](): string {
        return trap();
      }
      static override get name(): string {
        return trap();
      }
    }
    const odd = new Odd();
    Map.prototype.set.call(odd, 1, 2);
    const hostile = {
      get getter() {
        return trap();
      },
      set setter(_: unknown) {},
      proxy: new Proxy({}, handler),
      callable: new Proxy(trap, handler),
      child: Object.create(new Proxy({}, handler)),
      odd,
      toString: trap,
      toJSON: trap,
    };
    const graph = stored({ hostile });
    const object = graph.deref(graph.root('hostile')) as GraphObject;
    expect(object.get('getter')).toEqual({ kind: 'accessor', access: 'get' });
    expect(object.get('setter')).toEqual({ kind: 'accessor', access: 'set' });
    expect(graph.deref(object.get('proxy'))?.type).toBe('Proxy');
    expect([...(graph.deref(object.get('odd'))?.entries() ?? [])]).toEqual([[1, 2]]);
  });

  it('a generator is opaque, an error has no stack, an omitted object only its type', () => {
    function* lwp() {
      yield 1;
    }
    expect([roundTrip(lwp()).object.type, roundTrip(lwp()).object.kind]).toEqual([
      'Generator',
      'opaque',
    ]);
    const { object: error } = roundTrip(new RangeError('bad'));
    expect([error.type, error.get('message')]).toEqual(['RangeError', 'bad']);
    expect(error.get('stack')).toMatchObject({ kind: 'accessor' });
    const vp = new Vnode(1, null);
    const graph = stored({ vp }, { omit: new Set([vp]) });
    expect(graph.deref(graph.root('vp'))).toMatchObject({ type: 'Vnode', kind: 'opaque' });
  });
});

describe('hostile shapes', () => {
  it('nesting 100,000 deep, in objects, arrays and maps', () => {
    let nested: unknown = 'bottom';
    for (let i = 0; i < 100_000; i++) {
      nested = i % 3 === 0 ? { nested } : i % 3 === 1 ? [nested] : new Map([['k', nested]]);
    }
    const graph = stored({ nested });
    expect(graph.count).toBe(100_001);
    let at = graph.root('nested') as Value;
    for (let object = graph.deref(at); object !== undefined; object = graph.deref(at)) {
      at = object.get('nested') ?? object.get(0) ?? ([...object.entries()][0]?.[1] as Value);
    }
    expect(at).toBe('bottom');
  });

  it('keys like __proto__ and escape sequences are only data', () => {
    const evil = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":2,"\\u001b[2J":"\\u001b]0;x"}',
    );
    const graph = stored({ evil });
    const object = graph.deref(graph.root('evil')) as GraphObject;
    expect(graph.deref(object.get('__proto__'))?.get('polluted')).toBe(1);
    expect([object.get('constructor'), object.get('\x1b[2J')]).toEqual([2, '\x1b]0;x']);
    expect(object.get('toString')).toBeUndefined();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('a budget', () => {
  const list = Array.from({ length: 5000 }, (_, i) => new Vnode(i, null));

  it.each([
    ['objects', { maxObjects: 100 }, /limit of objects/],
    ['values', { maxValues: 6000 }, /limit of values/],
    ['time', { maxMs: 10, now: ticking() }, /time was over/],
  ] satisfies [string, EncodeOptions, RegExp][])(
    'of %s ends the walk, and the file says so',
    (_, options, why) => {
      const graph = stored({ list }, options);
      expect(graph.warnings.join(' ')).toMatch(why);
      const elements = [...(graph.deref(graph.root('list'))?.elements() ?? [])];
      expect(elements).toHaveLength(5000);
      expect(graph.deref(elements[0])?.type).toBe('Vnode');
      expect(elements[4999]).toEqual({ kind: 'cut' });
    },
  );

  it('of bytes and of characters', () => {
    const graph = stored(
      { a: new Uint8Array(100), text: 'x'.repeat(50) },
      { maxBlobBytes: 10, maxStringChars: 5 },
    );
    expect(graph.deref(graph.root('a'))?.bytes()).toBeUndefined();
    expect(graph.root('text')).toEqual({ kind: 'cut', text: 'xxxxx' });
    expect(graph.warnings.join(' ')).toMatch(/buffer bytes/);
  });

  it('an array or text too large for a chunk is cut, not refused', () => {
    const long = new Array(600_000).fill(0.5);
    const texts = Array.from({ length: 200 }, (_, i) => `${i}`.padEnd(200_000, 'y'));
    const graph = stored({ long, texts, huge: new Array(4e9) });
    expect(graph.deref(graph.root('long'))?.get(500_000)).toEqual({ kind: 'cut' });
    expect(graph.deref(graph.root('texts'))?.get(199)).toEqual({ kind: 'cut' });
    expect(graph.deref(graph.root('texts'))?.get(0)).toBe(texts[0]);
  });
});

function ticking(): () => number {
  let time = 0;
  return () => time++ * 6;
}

it('a lost segment loses its objects only', () => {
  const list = Array.from({ length: 40_000 }, (_, i) => new Vnode(i, null));
  // The head, and then the segments in order.
  const chunks = encodeGraph({ list });
  chunks.splice(2, 1);
  const graph = decodeGraph(chunks);
  expect(graph.warnings).toEqual(['Objects 16384 to 32767 are lost.']);
  const elements = [...(graph.deref(graph.root('list'))?.elements() ?? [])];
  expect(graph.deref(elements[39_999])?.get('ino')).toBe(39_999);
  expect(graph.deref(elements[20_000])).toBeUndefined();
});

it('100,000 objects are stored in 12 bytes each', () => {
  const list: Vnode[] = [];
  const random = seeded(1);
  for (let i = 0; i < 100_000; i++) {
    list.push(new Vnode(below(random, 100_000), list[below(random, i + 1)] ?? null));
  }
  const size = containerBytes(encodeGraph({ list })).length / 100_000;
  expect(size).toBeLessThan(12);
});
