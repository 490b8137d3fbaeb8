/** Live values as variables: what is shown of them, where they are, and how they are written. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGraph, describe as describeCore, encodeGraph } from '../../../corefiles/index.ts';
import {
  assign,
  describeLive,
  follow,
  Handles,
  placeOf,
  readMemory,
  recordScopes,
  type TrailRoot,
  variableOf,
  variables,
  writeMemory,
} from '../../../debugger/agent/values/index.ts';
import { EINVAL, hooks, type Lwp, type Vnode, type World } from '../../../kernel/index.ts';
import { atPanic, insideOf, lines, shown, UNTRACED } from './looking.ts';

function lwpNamed(w: World, name: string): Lwp {
  const found = w.lwps.find((l) => l?.name === name);
  if (!found) throw new Error(`no LWP ${name}`);
  return found;
}

/** The vnode of the open file: of the last descriptor of the first process. */
function openVnode(w: World): Vnode {
  const files = w.kernels[0].initproc?.fd?.dt.ff ?? [];
  const open = files.filter((slot) => slot?.file?.data != null);
  return open.at(-1)?.file?.data as Vnode;
}

describe('a live value', () => {
  it('reads like the same value in a core, but for the numbers of objects', async () => {
    await atPanic((w, handles) => {
      const vp = openVnode(w);
      const roots = { ...w.kernels[0], vp, ...vp, lwp: lwpNamed(w, 'nap'), error: EINVAL };
      const graph = decodeGraph(encodeGraph(roots, { omit: new Set([w]) }));
      const names = Object.keys(roots).filter((name) => name !== 'world');
      expect(names.length).toBeGreaterThan(40);
      for (const name of names) {
        const inCore = describeCore({ graph, unnumbered: true }, graph.root(name));
        const live = describeLive(handles, roots[name as keyof typeof roots]);
        expect(`${name} ${live}`).toBe(`${name} ${inCore}`);
      }
    });
  });

  it('shows records by their class and what everybody knows by a name by that', async () => {
    await atPanic((w) => {
      const vp = openVnode(w);
      expect(shown(vp)).toMatchObject({ type: 'Vnode', evaluateName: 'it', memory: '' });
      expect(shown(vp).value).toMatch(/^Vnode \{id: \d+, type: VREG, flag: 0, state: VS_LOADED/);
      expect(shown(lwpNamed(w, 'nap')).value).toMatch(/^LWP \d+ \(nap\)$/);
      expect(shown(EINVAL)).toMatchObject({ value: 'EINVAL (22)', type: 'Errno' });
    });
  });

  it('has the kernel’s names for states, types and flags', async () => {
    await atPanic((w) => {
      const fields = lines([...insideOf(openVnode(w)), ...insideOf(lwpNamed(w, 'nap'))]);
      expect(fields).toContain('type = VREG (1)');
      expect(fields).toContain('stat = LSSLEEP (3)');
      const root = w.kernels[0].vfs?.rootvnode;
      expect(lines(insideOf(root))).toContain('flag = VV_ROOT (1)');
    });
  });

  it('is named by its function when it is a suspended generator', async () => {
    await atPanic((w, handles) => {
      const l = lwpNamed(w, 'nap');
      const texts = l.frames.slice(0, l.fp).map((frame) => describeLive(handles, frame));
      expect(texts).toContain('Generator sleeper()');
      expect(texts.at(-1)).toBe('Generator cv_wait()');
    });
  });

  it('of every primitive type is shown as in a core', () => {
    const texts = [undefined, null, true, -0, 1.5, 7n, 'a"\n', Symbol('s'), function f() {}];
    expect(texts.map((value) => shown(value).value)).toEqual([
      ...['undefined', 'null', 'true', '-0', '1.5', '7n', '"a\\"\\n"', 'Symbol(s)', 'f()'],
    ]);
    expect(texts.map((value) => shown(value).handle)).toEqual(texts.map(() => 0));
  });

  it('shows no change in the counts or the state of the world when it is looked at', async () => {
    await atPanic((w, handles) => {
      const before = [hooks.icount, hooks.points, hooks.pd, hooks.fp, w.lwps.length];
      expect(before[0]).toBeGreaterThan(100);
      const scopes = recordScopes(handles, lwpNamed(w, 'nap'), null);
      const opened = scopes.flatMap(({ handle }) => variables(handles, handle));
      for (const { handle } of opened) if (handle !== 0) variables(handles, handle);
      expect([hooks.icount, hooks.points, hooks.pd, hooks.fp, w.lwps.length]).toEqual(before);
    });
  });
});

describe('what is inside', () => {
  it('of a map is named by its keys, and has expressions that give it', () => {
    const key = { a: 1 };
    const map = new Map<unknown, unknown>([
      ['a', 1],
      [7, 2],
      [7n, 3],
      ['7', 4],
      [null, 5],
      [key, 6],
    ]);
    const list = insideOf(map);
    expect(lines(list)).toEqual([
      ...['["a"] = 1', '[7] = 2', '[7n] = 3', '["7"] = 4', '[null] = 5', '[5: {a: 1}] = 6'],
    ]);
    const evaluate = new Function('it', 'text', 'return eval(text)');
    const values = list.map(({ evaluateName }) => evaluate(map, evaluateName));
    expect(values).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('of an entry whose key is an object are the key and the value', () => {
    const key = { a: 1 };
    const map = new Map([[key, { b: 2 }]]);
    const handles = new Handles();
    const [entry] = insideOf(map, {}, handles);
    const parts = variables(handles, entry.handle);
    expect(lines(parts)).toEqual(['key = {a: 1}', 'value = {b: 2}']);
    const evaluate = new Function('it', 'text', 'return eval(text)');
    expect(evaluate(map, parts[0].evaluateName)).toBe(key);
    expect(evaluate(map, parts[1].evaluateName)).toBe(map.get(key));
  });

  it('has expressions that give it, whatever it is in', () => {
    const it = { list: [{ x: 1 }], 'odd name': 2, set: new Set([3]), bytes: new Uint8Array([4]) };
    const handles = new Handles();
    const evaluate = new Function('it', 'text', 'return eval(text)');
    const leaves = (list: ReturnType<typeof insideOf>): unknown[] =>
      list.flatMap(({ handle, evaluateName, value }) =>
        handle !== 0 && value !== '' && !evaluateName.endsWith('.buffer')
          ? leaves(variables(handles, handle))
          : [evaluate(it, evaluateName)],
      );
    expect(leaves(insideOf(it, {}, handles))).toEqual([1, 2, 3, it.bytes.buffer, 0, 1, 4]);
  });

  it('of an expression that is no path keeps its meaning', () => {
    const handles = new Handles();
    const how = { evaluateName: 'first ?? second', trail: null };
    const { handle, evaluateName } = variableOf(handles, 'x', { a: 1 }, how);
    expect(evaluateName).toBe('first ?? second');
    expect(variables(handles, handle)[0].evaluateName).toBe('(first ?? second).a');
  });

  it('comes in pages, by what is asked for', () => {
    const list = Object.assign(
      Array.from({ length: 1000 }, (_, i) => i * i),
      { extra: true },
    );
    const page = (filter?: 'indexed' | 'named', start?: number, count?: number) =>
      lines(insideOf(list, { filter, start, count }));
    expect(page('indexed', 998, 10)).toEqual(['[998] = 996004', '[999] = 998001']);
    expect(page('named')).toEqual(['extra = true']);
    expect(page(undefined, 0, 2)).toEqual(['extra = true', '[0] = 0']);
    expect(page(undefined, 1000, 5)).toEqual(['[999] = 998001']);
    expect(shown(list)).toMatchObject({ named: 1, indexed: 1000 });
  });

  it('shows getters, symbols, holes and frozen fields for what they are', () => {
    let ran = 0;
    const object = Object.freeze({
      get computed() {
        return ++ran;
      },
      [Symbol('tag')]: 1,
    });
    expect(lines(insideOf(object))).toEqual(['computed = (accessor: get)', 'Symbol(tag) = 1']);
    expect(insideOf(object).map(({ writable }) => writable)).toEqual([false, false]);
    expect(lines(insideOf(Object.assign(new Array(2), { 1: 1 })))).toEqual([
      '[0] = (empty)',
      '[1] = 1',
    ]);
    expect(ran).toBe(0);
  });

  it('of a long string are pieces of it', () => {
    const text = 'ab"'.repeat(400);
    const list = insideOf(text);
    expect(list.map(({ name }) => name)).toEqual(['[0…499]', '[500…999]', '[1000…1199]']);
    const pieces = list.map(({ value }) => value.slice(1, -1).replaceAll('\\"', '"'));
    expect(pieces.join('')).toBe(text);
  });

  it('may go round in a circle', () => {
    const ring: { self?: object } = {};
    ring.self = ring;
    const handles = new Handles();
    let [next] = insideOf(ring, {}, handles);
    for (let i = 0; i < 50; i++) [next] = variables(handles, next.handle);
    expect(next.evaluateName).toBe(`it${'.self'.repeat(51)}`);
  });

  it('is unknown once the target has moved', () => {
    const handles = new Handles();
    const handle = handles.add({ a: new Uint8Array(4) }, UNTRACED);
    const { memory } = variables(handles, handle)[0];
    handles.clear();
    expect(() => variables(handles, handle)).toThrow('the target has moved');
    expect(() => readMemory(handles, memory, 0, 1)).toThrow('the target has moved');
    expect(handles.add({}, UNTRACED)).toBeGreaterThan(handle);
  });
});

describe('any value', () => {
  const anything = fc.anything({
    ...{ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true },
    ...{ withObjectString: true, withSet: true, withSparseArray: true, withTypedArray: true },
    ...{ maxDepth: 3, maxKeys: 6 },
  });
  const evaluate = new Function('it', 'text', 'return eval(text)');
  const how = { evaluateName: 'it', trail: { root: { kind: 'lwp', id: 1 }, steps: [] } } as const;

  it('can be opened to the bottom; expressions, trails and places lead to what is shown', () => {
    fc.assert(
      fc.property(anything, (it) => {
        const handles = new Handles();
        const walk = (handle: number, depth: number) => {
          for (const variable of variables(handles, handle)) {
            if (variable.type === '') continue;
            const { value, how } = placeOf(handles, handle, variable.name);
            expect(Object.is(evaluate(it, variable.evaluateName), value)).toBe(true);
            expect(
              Object.is(
                follow(how.trail ?? expect.fail(), () => it),
                value,
              ),
            ).toBe(true);
            if (variable.handle !== 0 && depth < 8) walk(variable.handle, depth + 1);
          }
        };
        walk(handles.add(it, how), 0);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});

describe('a hostile value', () => {
  const trap = () => {
    throw new Error('code of the target ran');
  };
  const proxy = new Proxy({}, { ownKeys: trap, get: trap, getOwnPropertyDescriptor: trap });

  it('does not run, wherever it is', () => {
    const map = new (class Sly extends Map<unknown, unknown> {})([[proxy, proxy]]);
    Object.assign(map, { get: trap, entries: trap, [Symbol.iterator]: trap });
    const error = new Error('m');
    Object.defineProperty(error, 'name', { get: trap });
    const object = { proxy, map, error, toString: trap, [Symbol.toPrimitive]: trap };
    const handles = new Handles();
    const list = insideOf(object, {}, handles);
    expect(lines(list).slice(0, 3)).toEqual(['proxy = Proxy', 'map = Map(1)', 'error = Error: m']);
    expect(list[0].handle).toBe(0);
    for (const { handle } of list) if (handle !== 0) variables(handles, handle);
    expect(() => assign(handles, list[1].handle, '[0: Proxy]', 1)).not.toThrow();
  });

  it('of any size gives a page, and says what is left', () => {
    const huge = new Array<number>(10_000_000).fill(1);
    const list = insideOf(huge);
    expect(list).toHaveLength(10_001);
    expect(list.at(-1)).toMatchObject({ name: '…', value: '9990000 more, from 10000' });
    expect(insideOf(huge, { start: 9_999_990, count: 100 })).toHaveLength(10);
    const long = 'x'.repeat(100_000_000);
    expect(shown(long).value).toHaveLength(62);
    expect(insideOf(long, { start: 100_000, count: 1 })[0].value).toHaveLength(502);
    expect(shown(1n << 10_000_000n).value).toBe('(left out)');
    expect(shown({ deep: deepChain(100_000) }).value).toBe('{deep: Object}');
  });

  function deepChain(depth: number): object {
    let object: object = {};
    for (let i = 0; i < depth; i++) object = Object.create(object) as object;
    return object;
  }

  it('cannot act on a terminal through its text or name', () => {
    const texts = lines(insideOf({ 'a\x1b[2J': 'b\x1b[2J', c: Symbol('\x07') }));
    expect(texts.join('')).not.toMatch(/\p{Cc}/u);
    expect(texts[0]).toBe('a\\x1b[2J = "b\\x1b[2J"');
  });
});

describe('a write', () => {
  it('goes to fields, elements, entries and bytes, and gives what is there then', () => {
    const it = { f: 1, a: [1, 2], m: new Map([['k', 1]]), b: new Uint8Array(2) };
    const handles = new Handles();
    const of = (value: unknown) => handles.add(value, UNTRACED);
    expect(assign(handles, of(it), 'f', 'x')).toMatchObject({ name: 'f', value: '"x"' });
    expect(assign(handles, of(it.a), '[1]', 5)).toMatchObject({ value: '5', writable: true });
    expect(assign(handles, of(it.m), '["k"]', 6)).toMatchObject({ evaluateName: 'it.get("k")' });
    expect(assign(handles, of(it.b), '[0]', 300)).toMatchObject({ value: '44' });
    expect(it).toEqual({ f: 'x', a: [1, 5], m: new Map([['k', 6]]), b: new Uint8Array([44, 0]) });
  });

  it('reaches a kernel’s field under its name', async () => {
    await atPanic((w, handles) => {
      const vp = openVnode(w);
      const written = assign(handles, handles.add(vp, UNTRACED), 'type', 2);
      expect(written.value).toBe('VDIR (2)');
      expect(vp.type).toBe(2);
      vp.type = 1;
    });
  });

  it('is refused with the reason where there is nothing to write to', () => {
    const handles = new Handles();
    const it = {
      get g() {
        return 1;
      },
      b: new Uint8Array(2),
    };
    const refusal =
      (value: unknown, name: string, to: unknown = 1) =>
      () =>
        assign(handles, handles.add(value, UNTRACED), name, to);
    expect(refusal(it, 'g')).toThrow('computed by code');
    expect(refusal(it, 'nothing')).toThrow('there is no nothing in it');
    expect(refusal(new Set([1]), '[0]')).toThrow('a set has no places');
    expect(refusal(Object.freeze({ f: 1 }), 'f')).toThrow('read-only');
    expect(refusal(it.b, '[0]', 'x')).toThrow('takes a number, not a string');
    expect(refusal(it.b, '[2]')).toThrow('there is no [2] in it');
    expect(refusal(it.b, 'byteLength')).toThrow('cannot be changed');
    expect(refusal([1], '[1]')).toThrow('there is no [1] in it');
    const scope = handles.addScope([{ name: 'v', value: 1 }], UNTRACED);
    expect(() => assign(handles, scope, 'v', 2)).toThrow('written through its frame');
  });
});

describe('bytes', () => {
  it('are those of the view, read and written in parts', () => {
    const buffer = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]).buffer;
    const handles = new Handles();
    const { memory, value } = shown(new Uint8Array(buffer, 2, 4), handles);
    expect(value).toBe('Uint8Array(4) 02 03 04 05');
    expect(readMemory(handles, memory, 1, 2)).toEqual(new Uint8Array([3, 4]));
    expect(readMemory(handles, memory, 3, 100)).toEqual(new Uint8Array([5]));
    expect(readMemory(handles, memory, 9, 1)).toHaveLength(0);
    expect(writeMemory(handles, memory, 2, new Uint8Array([9, 9, 9]))).toBe(2);
    expect([...new Uint8Array(buffer)]).toEqual([0, 1, 2, 3, 9, 9, 6, 7]);
    expect(() => readMemory(handles, memory, -1, 1)).toThrow('nothing at -1');
  });

  it('of views of any kind, and of buffers, can be had', () => {
    const buffer = new ArrayBuffer(8);
    const kinds = [
      buffer,
      new DataView(buffer),
      new Float64Array(buffer),
      new SharedArrayBuffer(8),
    ];
    for (const bytes of kinds) {
      const handles = new Handles();
      expect(readMemory(handles, shown(bytes, handles).memory, 0, 99)).toHaveLength(8);
    }
    expect(shown({}).memory).toBe('');
  });

  it('of a file can be found from its vnode', async () => {
    await atPanic((w, handles) => {
      const data = openVnode(w).data as object;
      const [pages] = insideOf(data, {}, handles).filter(({ name }) => name === 'pages');
      const [page] = variables(handles, pages.handle);
      const text = new TextDecoder().decode(readMemory(handles, page.memory, 0, 13));
      expect(text).toBe('hello, kernel');
    });
  });
});

describe('a trail', () => {
  const root: TrailRoot = { kind: 'lwp', id: 1 };

  it('finds the same object in another run', async () => {
    const way = (w: World, handles: Handles) => {
      let handle = handles.add(w, { evaluateName: '', trail: { root, steps: [] } });
      for (const name of ['kernels', '[0]', 'procs', '[1]', 'fd', 'dt', 'ff', '[0]']) {
        const one = variables(handles, handle).find((variable) => variable.name === name);
        handle = one?.handle ?? 0;
      }
      const { of, object } = placeOf(handles, handle, 'file');
      return { trail: JSON.stringify(of), refs: object };
    };
    const first = await atPanic(way);
    const found = await atPanic((w) => follow(JSON.parse(first.trail), () => w));
    expect(found).not.toBe(first.refs);
    expect(found).toBeInstanceOf((first.refs as object).constructor);
    expect(found).toHaveProperty('allocated', true);
  });

  it('leads through everything that has an inside', () => {
    const key = { k: 1 };
    const it = {
      map: new Map<unknown, unknown>([
        [key, 1],
        ['s', { x: [new Set([5, 6])] }],
      ]),
      bytes: new Uint8Array([7]),
    };
    const handles = new Handles();
    const leaves = new Map<string, string>();
    const walk = (handle: number) => {
      for (const { name, handle: inner, value } of variables(handles, handle)) {
        const { how } = placeOf(handles, handle, name);
        const found = follow(JSON.parse(JSON.stringify(how.trail)), () => it);
        if (inner === 0 || !name.startsWith('[0:')) {
          expect(describeLive(handles, found)).toBe(value);
        }
        leaves.set(how.evaluateName, value);
        if (inner !== 0) walk(inner);
      }
    };
    walk(handles.add(it, { evaluateName: 'it', trail: { root, steps: [] } }));
    expect([...leaves.keys()]).toContain('[...it.map.get("s").x[0]][1]');
    expect(leaves.size).toBeGreaterThan(12);
  });

  it('that leads nowhere any more says how far it led', () => {
    const steps = ['a', { index: 3 }, 'b'];
    expect(() => follow({ root, steps }, () => ({ a: [1] }))).toThrow('there is no a[3] any more');
  });
});
