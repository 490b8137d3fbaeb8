/** Small programs that use one part of the language each, in functions that sleep. */

const HELPERS = `
function* g(x: unknown) { note('g' + x); yield* sleep(); return x; }
function* twice(x: number) { const a = yield* g(x); const b = yield* g(x); return a + b; }
function* boom(x: unknown) { yield* sleep(); throw new Error('boom ' + x); }
function plainBoom(n: number): number { if (n > 0) return plainBoom(n - 1); throw new Error('plain'); }
`;

/** name → body of `function* main()` (or a whole module when it has one). */
const BODIES: Record<string, string> = {
  'yield* in an argument list': 'return [1, yield* g(2), yield* twice((yield* g(3)) + 1)];',
  'yield* nested in yield*': 'return yield* twice(yield* twice(yield* g(1)));',
  'yield* in conditions': `
    if (yield* g(0)) note('no'); else if (yield* g(1)) note('yes'); else note('never');
    return (yield* g(true)) ? yield* g('a') : yield* g('b');`,
  'yield* in logical expressions': `
    const a = (yield* g(0)) || (yield* g(2)); const b = (yield* g(null)) ?? (yield* g(3));
    const c = (yield* g(0)) && (yield* g(4)); return [a, b, c];`,
  'compound and logical assignment': `
    let a = 1, b: number | undefined, c = 0, d = 5; const o = { x: 1 };
    a += yield* g(2); b ??= yield* g(3); c ||= yield* g(4); d &&= yield* g(6);
    o.x += yield* g(10); o[yield* g('y')] = yield* g(7); return [a, b, c, d, o];`,
  'yield* in templates and tags': `
    const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.join('|') + v.join(',');
    return \`<\${yield* g(1)}>\` + tag\`a\${yield* g(2)}b\${yield* g(3)}c\`;`,
  'spread, arrays, objects': `
    const a = [...(yield* g([1, 2])), ...[3]]; const o = { ...(yield* g({ x: 1 })), [yield* g('k')]: 2 };
    return [Math.max(...(yield* g(a))), o];`,
  'destructuring with defaults': `
    const { p = yield* g(1), q: [r = 2, ...s] = yield* g([3, 4, 5]) } = (yield* g({})) as any;
    const [x, { y = x + 1 }] = [yield* g(8), {} as { y?: number }];
    return [p, r, s, x, y];`,
  'links after optional ones': `
    const none: any = undefined, some: any = { f: { g: { h: new Map([['k', 7]]) } }, a: [1, 2] };
    const r = [none?.f.g.h.get('k'), some?.f.g.h.get('k'), some?.f.g.h.size, some?.a.length,
      some?.a.at(-1), none?.a.push(yield* g('never')), some?.a.push(yield* g(3)), some.f?.g.h.has('x')];
    try { r.push(some?.none.x); } catch (e) { note(String(e)); }
    try { r.push(some?.f.none.get(yield* g(4))); } catch (e) { note(String(e)); }
    const plain = (o: any) => o?.f.g.h.get('k'); r.push(plain(some), plain(none)); return r;`,
  'optional chains and member calls': `
    const o: any = { f(x: number) { return this === o ? x : -1; }, n: null };
    return [o.f(yield* g(1)), o.n?.f(yield* g(2)), (yield* g(o)).f(3), (yield* g(o))?.n?.z.z, o?.["f"](4)];`,
  'comma, void, typeof, delete, new': `
    class K { v: unknown; constructor(v: unknown) { this.v = v; } }
    const o: any = { z: 1 }; const last = (note(1), yield* g(2), 3);
    return [last, void (yield* g(0)), typeof (yield* g('s')), delete o[yield* g('z')], new K(yield* g(5)).v, o];`,
  'for loops with break and continue': `
    let sum = 0;
    outer: for (let i = yield* g(0); i < (yield* g(4)); i += yield* g(1)) {
      for (const x of [1, 2, 3]) { if (x === 2) continue outer; if (i === 3) break outer; sum += x * (yield* g(i)); }
    }
    for (;;) if (sum++ > 5) break;
    for (const k in { a: 1, b: 2 }) note(yield* g(k));
    return sum;`,
  'while and do': `
    let n = 3; while (n--) yield* g(n);
    do n += 2; while ((yield* g(n)) < 5)
    let k = 3; while (k-- > 0); note(k); do ; while (k++ < 2); note(k);
    a: { b: { if (n > 0) break a; note('no'); } note('no'); }
    return n;`,
  switch: `
    const out = [];
    for (const x of [1, 2, 3, 4]) switch (yield* g(x)) { case 1: out.push('one'); case yield* g(2): out.push('two'); break; default: out.push('d'); case 3: { out.push('three'); continue; } }
    return out;`,
  'try, catch and finally': `
    try { yield* boom(1); } catch (e) { note(String(e)); yield* g('c'); } finally { note('f'); yield* g('f'); }
    try { try { yield* boom(2); } finally { note('inner'); yield* g(1); } } catch ({ message }) { note(message); }
    try { plainBoom(3); } catch { note('caught'); }
    yield* g('after'); return yield* twice(4);`,
  'return and throw in finally': `
    function* a() { try { return yield* g(1); } finally { yield* g('f'); } }
    function* b() { try { return yield* g(1); } finally { return yield* g(2); } }
    function* c() { try { yield* boom(1); } finally { return 3; } }
    function* d() { for (;;) { try { return 1; } finally { yield* g('d'); break; } } return 4; }
    function* e() { try { throw new Error('first'); } finally { yield* boom('second'); } }
    const out = [yield* a(), yield* b(), yield* c(), yield* d()];
    try { yield* e(); } catch (error) { out.push(String(error)); }
    return out;`,
  'plain functions with try and finally': `
    const a = () => { try { return 1; } finally { note('a'); } };
    function b(n: number) { for (;;) { try { if (n) return n; plainBoom(1); } catch { return 2; } finally { if (n === 7) break; } } return 8; }
    function c() { try { plainBoom(2); } finally { return 3; } }
    function d() { try { try { return plainBoom(1); } finally { note('d1'); } } catch (e) { return String(e); } finally { note('d2'); } }
    function e() { while (true) { try { continue; } finally { return; } } }
    function f(): void { l: try { return; } finally { break l; } }
    return [a(), b(1), b(0), b(7), c(), d(), e(), f(), yield* g(1)];`,
  'closures and arrows': `
    const fs: (() => number)[] = []; for (let i = 0; i < 3; i++) fs.push(() => i * 10);
    const obj = (x: number) => ({ x }); const curry = (a: number) => (b: number) => a + b;
    const seq = (x: number) => (note(x), x + 1); const gen = function* (this: unknown, n: number) { return [n, yield* g(n)]; };
    return [fs.map((f) => f()), obj(1), curry(2)(3), seq(4), yield* gen(5), ((...r: number[]) => r.length)(1, 2)];`,
  classes: `
    class A { static made = 0; static s = 1; #p = 1; field = () => this.#p; static { A.s += 1; }
      constructor(readonly_: number) { A.made++; this.#p = readonly_; }
      get p() { return this.#p; } set p(v) { if (v < 0) return; this.#p = v; }
      *m(x: number) { return this.#p + (yield* g(x)); } static *t() { return yield* g('static'); }
      *['comp' + 1]() { return yield* this.m(100); } static of(x: number) { return new this(x); } }
    class B extends A { tag; constructor(x: number) { note('pre'); super(x + 1); this.tag = 't'; }
      *m(x: number) { return 1000 + (yield* super.m(x)); } get p() { return super.p * 2; } set p(v) { super.p = v; } }
    const b = B.of(3) as B; b.p = 5; b.p = -1;
    return [b.p, yield* b.m(1), yield* A.t(), yield* (b as any).comp1(), b.field(), A.made, A.s, b.tag, new (class extends B {})(7).p];`,
  'object methods': `
    const o = { *m(n: number, k = n + 1) { return [n, k, yield* g(k)]; }, get v() { return 4; }, async: 1, 'a b'() { return 5; }, *7() { return yield* g(7); } };
    return [yield* o.m(1), o.v, o.async, o['a b'](), yield* o[7](), o.m.length];`,
  'answers that are there at once': `
    const fast = (x: number) => (x > 2 ? g(x) : done(x));
    return [yield* fast(1), yield* fast(3), (yield* fast(2)) + (yield* fast(yield* fast(1)))];`,
  recursion: `
    function* fib(n: number): any { return n < 2 ? yield* g(n) : (yield* fib(n - 1)) + (yield* fib(n - 2)); }
    function fact(n: number): number { return n ? n * fact(n - 1) : 1; }
    return [yield* fib(5), fact(6)];`,
  'no semicolons': `
    let a = yield* g(1)
    const b = a
    ;[1].forEach((x) => note(x))
    if (a) note('x')
    else note('y')
    yield* g(2)
    do a++
    while (a < 3)
    return [a,
      b]`,
  'errno constants': `
    const f = (x: number) => { if (x === 0) return EINVAL; switch (x) { case 1: return ENOENT; } const EIO_ = EIO; return { EIO, e: EIO_ }; };
    const a = f(0); return [a === EINVAL, a !== EINVAL, f(1), f(2), ENOENT == a, a ? EIO : EINVAL];`,
  TypeScript: `
    enum Color { Red = 1, Blue }
    interface I { a: number } type T = I | undefined;
    const id = <X,>(x: X) => x; const isNum = (x: unknown): x is number => typeof x === 'number';
    function over(x: number): number; function over(x: string): string; function over(x: any) { return x; }
    abstract class P { abstract q(): number; r?: number; declare z: number; constructor(protected k = 3, public w?: number) {} s() { return this.q() + this.k; } }
    class Q extends P { override q() { return 4; } }
    function withThis(this: { v: number }, n: number) { return this.v + n; }
    function* genThis(this: { v: number }) { return this.v + (yield* g(1)); }
    function* opt(a: number, b?: number,) { return [a, b ?? (yield* g(9))]; }
    const v = (yield* g({ a: 1 })) as I satisfies I; let n!: number; n = v.a!;
    return [Color.Blue, id(2), isNum(3), over(4), new Q().s(), withThis.call({ v: 1 }, 2), yield* genThis.call({ v: 5 }), yield* opt(1), n, <number>(yield* g(6))];`,
  'a source with comments in odd places': `
    // yield* nothing();
    const a = yield /* c */ * /* d */ g(1); /* e */ const b = yield*
      g(2);
    function* /* f */ odd /* g */ (/* ) */) { return 1 }
    const h = function* (/* none */) { return yield* odd() };
    return [a, b, yield* h()]; // end`,
  'parameters of every kind, given too few and too many arguments': `
    function* rest(a: number, ...more: number[]) { yield* g(a); return [a, more, Array.isArray(more)]; }
    function* taken(...[a, b = a, ...c]: number[]) { return [a, b, c]; }
    function* fixed(this: unknown, a: number, b = 7, /* , */) { yield* g(b); return [this, a, b]; }
    function* strict(a: number) { 'use strict'; return a; }
    function* record({ a }: { a: number }, [b]: number[] = [2],) { return a + b; }
    function* none() { return 0; }
    class K { *m(...all: unknown[]) { return [this instanceof K, all]; } }
    const f = fixed as any;
    const given = [
      yield* rest(1), yield* rest(1, 2, 3), yield* taken(1, undefined, 3, 4), yield* taken(),
      yield* f.call('t', 1), yield* f.call('t', 1, undefined, 3), yield* f.apply('t', [1, 2, null]),
      yield* strict(1), yield* (strict as any)(2, 3), yield* record({ a: 1 }), yield* (record as any)({ a: 1 }, [4], 3),
      yield* (none as any)(null, 2), yield* new K().m(1, null), yield* (none as any)(...[1, 2, 3]),
    ];
    return [given, [rest, taken, fixed, strict, record, none, K.prototype.m].map((one) => one.length)];`,
  'uncaught errors': `note('x'); try { yield* g(1); } finally { note('f'); } yield* boom('out');`,
};

export const SAMPLES: readonly (readonly [string, string])[] = Object.entries(BODIES).map(
  ([name, body]) => [
    name,
    `import { EINVAL, ENOENT, EIO } from './errno.ts';${HELPERS}export function* main() {${body}\n}\n`,
  ],
);
