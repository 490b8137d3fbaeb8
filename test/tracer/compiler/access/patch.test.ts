/** Code that tells of its accesses does what the code does that it was made from. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  installTaps,
  patchAccesses,
  READ,
  shiftedColumn,
  Taps,
  unshiftedColumn,
  WRITE,
} from '../../../../tracer/compiler/access/index.ts';
import { run } from '../driver.ts';
import { SAMPLES } from '../samples.ts';

let taps = new Taps({ fields: [], elements: false });

beforeEach(() => {
  taps = new Taps({ fields: [], elements: false });
  installTaps(taps);
});

/** Names that the samples use, as fields of all sorts. */
const FIELDS = ['x', 'a', 'f', 'v', 'n', 'q', 'r', 'p', 'z', 'y', 'message', 'length', 'k', 'm'];
const ALL = { fields: FIELDS, elements: true };

const patched = (code: string): string => patchAccesses({ code, of: 'program' }, ALL).code;

describe('patched code means the same', () => {
  test.each(SAMPLES)('%s', (_, source) => {
    const as = run(source, 'direct');
    const told = run(source, 'direct', [], patched);
    expect(told).toEqual(as);
  });
});

/** Expressions on `o`, an object, `a`, an array, and `m`, a map, with everything that runs noted. */
const FORMS: readonly string[] = [
  'o.f',
  'o["f"]',
  'o?.f',
  'o.inner?.f',
  'o.inner.f',
  'o.none?.f',
  'o.inner?.inner.f',
  'o.none?.inner.f',
  'o.inner?.none.f',
  'o.inner?.method(1).f',
  'o.f = 1',
  'o.f = call(2)',
  'o.f = o.f = call(3)',
  'o.f += 2',
  'o.f += call(o.f)',
  'o.f **= call(2)',
  'o["f"] -= call(1)',
  'o.f ??= call(4)',
  'o.f ||= call(4)',
  'o.f &&= call(4)',
  'o.zero ||= call(4), o.f',
  'o.f++',
  '--o.f',
  'delete o.f',
  'delete o?.f',
  'o.method(call(1))',
  'o.method?.(call(1))',
  'o?.method(o.f)',
  'o.none?.method(call(1))',
  'new o.Made(call(1)).f',
  'o.tag`x${o.f}`',
  'typeof o.f',
  '(0, o.method)(1)',
  '({ f: o.f, ...o })',
  '({ f: call(1), g: 2 }).f',
  'take(o)',
  '[o.f] = [call(5)]',
  '({ x: o.f } = { x: call(6) })',
  '({ x: o.f = call(7) } = {})',
  '[...o.rest] = [1, 2]',
  'loop(o)',
  'new Derived(3).f',
  'new Derived(3).named.name',
  'Derived.f',
  'none.f',
  'none.f = call(1)',
  'frozen.f = call(1)',
  'a[0]',
  'a[i]',
  'a[call(1)]',
  'o.list[call(1)]',
  'o.list[i]',
  'o.list[o.list[0]]',
  'o?.list[i]',
  'o.none?.[call(1)]',
  'o.list?.[call(1)]',
  'o.none?.list[i]',
  'a[i] = call(3)',
  'a[call(0)] = call(3)',
  'o.list[i] = 9',
  'o.list[call(1)] += call(2)',
  'a[i] += call(2)',
  'a[i]++',
  'o.list[call(0)]++',
  'a[7] ??= call(3)',
  'o.list[call(0)] ||= call(3)',
  'delete a[i]',
  'a.push(call(1), 2)',
  'a.push(...a)',
  'a.pop()',
  'a.splice(call(0), 1)',
  'o.list.sort().reverse()',
  'm.get("k")',
  'm.set(call("k2"), call(2)).get("k2")',
  'm.has(key)',
  'm.delete(key)',
  'm?.get(call(key))',
  'o.map.get(call(key))',
  'o.none?.get(call(key))',
  'o.map?.set(call(key), call(1))',
  'm.clear()',
  'a.at(-1)',
  'a.map((x) => a[x])',
  'a[Symbol.iterator]().next().value',
  'none[call(1)]',
  'none.get(call(1))',
  'a.nothing(call(1))',
];

const SETTING = `
  function call(x) { note('call ' + String(x)); return x; }
  function take({ f }) { const { f: g, ...others } = arguments[0]; return [f, g, others.zero]; }
  function loop(o) { for (o.f of [1, 2]) note(o.f); for (o.f in { k: 1 }); return o.f; }
  class Base { f = 1; constructor(f) { if (f) this.f = f; } }
  class Derived extends Base { static f = 8; f = call(2); named = () => 1; 'quoted' = 3; }
  class Made { constructor(f) { this.f = f; } }
  function make(depth) {
    const inner = depth > 0 ? make(depth - 1) : null;
    return {
      f: 5, zero: 0, inner, list: [0, 1, 2], rest: [], map: new Map([['k', 1]]), Made,
      method(x) { note('this ' + (this.f === undefined)); return { f: x }; },
      tag: (strings, ...values) => strings.join('|') + values.join(','),
    };
  }
  const frozen = Object.freeze({ f: 1 }); const none = undefined; const key = 'k'; let i = 1;
`;

const body = (form: string): string =>
  `
  export function* main(watch: any) {
    ${SETTING.replace(/function (\w+)\(([^)]*)\)/g, 'function $1($2: any)')}
    const o: any = watch(make(2)); const a: any = watch([1, 2, 3]); const m: any = watch(new Map([['k', 1]]));
    return [${form}, Object.keys(o), o.f, [...a], [...m]];
  }`.replaceAll('constructor(f)', 'constructor(public g: any, f = g)');

describe('every form of access means the same', () => {
  const watchable = { fields: ['f', 'list', 'named', 'method', 'Made', 'tag'], elements: true };
  test.each(FORMS)('%s', (form) => {
    const change = (code: string) =>
      patchAccesses({ code: strict(code), of: 'program' }, watchable).code;
    const same = (value: unknown) => value;
    const as = run(body(form), 'direct', [same], strict);
    const told = run(body(form), 'direct', [same], change);
    expect(normal(told)).toEqual(normal(as));
  });
});

/** Bundles are strict code. */
const strict = (code: string): string => `"use strict"; ${code}`;

/** The engine words a failure by the expression; which it is, and of what, is what must agree. */
function normal(outcome: ReturnType<typeof run>): unknown {
  const { thrown } = outcome;
  const value = JSON.stringify(outcome.value, (_, one: unknown) =>
    typeof one === 'function' ? `function ${one.name}` : one,
  );
  return { ...outcome, value, thrown: thrown?.replace(/\b\S+ is not a function/, 'no function') };
}

/** An object that notes what is done to its members. */
function noting(target: object, notes: string[], wanted: (key: PropertyKey) => boolean): object {
  const note = (what: string, key: PropertyKey) => {
    if (wanted(key)) notes.push(`${what} ${String(key)}`);
  };
  return new Proxy(target, {
    get(object, key, receiver) {
      note('read', key);
      return Reflect.get(object, key, receiver) as unknown;
    },
    set(object, key, value, receiver) {
      note('write', key);
      return Reflect.set(object, key, value, receiver === proxyOf(object) ? object : object);
    },
    deleteProperty(object, key) {
      note('write', key);
      return Reflect.deleteProperty(object, key);
    },
  });
}

const proxyOf = (object: object): object => object;

/** What is told of an object, by name. */
function listen(fields: readonly string[], told: string[]): void {
  taps.listener = {
    seen() {},
    accessed(_, tap, key) {
      const name = tap >> 4 === 0 ? String(key) : fields[(tap >> 4) - 1];
      if ((tap & READ) !== 0) told.push(`read ${name}`);
      if ((tap & WRITE) !== 0) told.push(`write ${name}`);
    },
  };
}

/** Forms that read nothing but what is told of: no spread, no pattern of a parameter. */
const TOLD = FORMS.filter((form) => !/\.\.\.|take|\bm\b|\.map|key|method|tag|Made/.test(form));

describe('what is told is what is accessed', () => {
  const fields = ['f'];
  test.each(TOLD.filter((form) => /\bo\b/.test(form) && !/list/.test(form)))('%s', (form) => {
    const accesses: string[] = [];
    const told: string[] = [];
    listen(fields, told);
    const watch = (object: object) => {
      if (Array.isArray(object) || object instanceof Map) return object;
      const proxy = noting(object, accesses, (key) => key === 'f');
      taps.watch(new Set([proxy]));
      return proxy;
    };
    const change = (code: string) =>
      patchAccesses({ code, of: 'program' }, { fields, elements: false }).code;
    run(body(form), 'direct', [watch], change);
    expect(told).toEqual(accesses);
  });

  test.each(TOLD.filter((form) => /\ba\[/.test(form) && !/map|Symbol/.test(form)))('%s', (form) => {
    const accesses: string[] = [];
    const told: string[] = [];
    listen([], told);
    const watch = (object: object) => {
      if (!Array.isArray(object)) return object;
      const proxy = noting(object, accesses, (key) => /^\d+$/.test(String(key)));
      taps.watch(new Set([proxy]));
      return proxy;
    };
    const change = (code: string) =>
      patchAccesses({ code, of: 'program' }, { fields: [], elements: true }).code;
    const source = body(form).replace('[...a]', 'null');
    run(source, 'direct', [watch], change);
    expect(told).toEqual(accesses);
  });
});

describe('positions', () => {
  const code = [
    '"use strict";',
    'const o = { f: 1 };',
    'o.f = 2; later(o.f, 3);',
    'o',
    '  .f;',
  ].join('\n');
  const { code: out, shifts } = patchAccesses({ code, of: 'program' }, ALL);
  const lines = code.split('\n');

  test('lines stay', () => {
    expect(out.split('\n').length).toBe(lines.length);
    expect(out.startsWith('"use strict";')).toBe(true);
  });

  test('a place is found in the patched text, and again in the original', () => {
    const at = out.split('\n');
    for (const [line, text] of lines.entries()) {
      for (const { index, 0: word } of text.matchAll(/later|3\)|const/g)) {
        const column = shiftedColumn(shifts, line, index);
        expect(unshiftedColumn(shifts, line, column)).toBe(index);
        if (word !== 'const') expect(at[line].slice(column).startsWith(word)).toBe(true);
      }
    }
  });
});

beforeAll(() => installTaps(taps));
afterAll(() => {
  delete (globalThis as Record<string, unknown>)['__rumpusTaps'];
});
