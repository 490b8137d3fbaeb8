/** What advances the icount, and what leaves no trace (DESIGN.md, "One idea: the icount"). */

import { describe, expect, test } from 'vitest';
import { hooks } from '../../../kernel/hooks.ts';
import { type SiteKind, siteTable } from '../../../kernel/sites.ts';
import { instrument } from '../../../tracer/compiler/index.ts';
import { compile, ERRNOS, load, run, visible } from './driver.ts';

const main = (body: string, before = ''): string =>
  `import { EINVAL, ENOENT } from './errno.ts'; import { rumpuser_dprintf } from 'rumpus';
${before}
export function* main() {
${body}
}
`;

const kinds = (source: string): string =>
  compile(source)
    .table.sites.split(';')
    .map((site) => site.at(-1))
    .join('');

describe('counts', () => {
  test.each([
    ['nothing: the entry only', '', 1],
    ['three statements', 'note(1); let x; x = 2;', 4],
    ['a block and an empty statement are not counted', '{ ; { note(1); } }', 2],
    ['declarations of functions and classes are not counted', 'function f() {} class A {}', 1],
    ['types are not counted', 'type T = 1; interface I {}', 1],
    ['an if without braces', 'if (1) note(1); else note(2);', 3],
    ['a loop: the statement, then each iteration', 'for (let i = 0; i < 3; i++) note(i);', 8],
    ['an empty loop body', 'let n = 3; while (n--);', 6],
    ['a label is one statement with its loop', 'a: for (;;) break a;', 4],
    ['a plain call: its entry and its statements', 'f(); function f() { return 1; }', 4],
    ['an arrow without braces: its entry', 'const f = () => 1; f();', 4],
    ['a method, a getter, a constructor', 'const a = new A(); a.m(); a.g;', 7, CLASS()],
    ['fields and static blocks are not counted', 'new B();', 2, 'class B { x = [1]; }'],
    ['an assertion that holds: its statement', 'KASSERT(1, note(1));', 2, KASSERT()],
    ['an assertion that fails: its call too', 'KASSERT(0, note(1));', 4, KASSERT()],
    ['case clauses', 'switch (1) { case 1: note(1); note(2); default: note(3) }', 5],
    ['yield*: the statement, and the callee', 'yield* sleep2();', 5, SLEEP2()],
    ['try, catch and finally', 'try { throw 1 } catch { note(1) } finally { note(2) }', 5],
  ])('%s', (_name, body, count, before = '') => {
    expect(run(main(body, before), 'direct').icount).toBe(count);
  });

  function CLASS(): string {
    return 'class A { constructor() {} m() {} get g() { return 1; } }'.replace('return 1;', '');
  }

  function KASSERT(): string {
    return 'function KASSERT(condition, sentence) { note([condition, sentence]); }';
  }

  function SLEEP2(): string {
    return 'function* sleep2() { yield* sleep(); return 1; }';
  }

  test('a hit stops at the statement that is about to run', () => {
    const source = main('note(1);\n  note(2);\n  note(3);');
    const { main: start } = load(compile(source).code, [], 'direct');
    const hits: unknown[] = [];
    const idle = hooks.controller;
    Object.assign(hooks, { icount: 0, stop: 3, fp: 0, pending: 0 });
    hooks.controller = {
      ...idle,
      hit: (site) => {
        hits.push(siteTable.position(site));
        return false;
      },
    };
    start().next();
    hooks.controller = idle;
    hooks.stop = 0x3fffffff;
    expect(hits).toMatchObject([{ lineBase1: 5, columnBase0: 2, function: 'main', kind: 's' }]);
  });
});

describe('rumpuser_dprintf', () => {
  const body = (dprintf: string): string =>
    main(`  let s = 0;
  for (const x of [1, 2]) { ${dprintf} s += x; }
  if (s) { ${dprintf} }
  try { plain(); } catch { ${dprintf} }
  yield* sleep(); ${dprintf}
  return s;`);
  const withoutImport = body('').replace(/ import { rumpuser_dprintf }.*/, '');
  const printed = body("rumpuser_dprintf('x %d %d', ((x: number) => x + 1)(1), EINVAL);");
  const ordinals = (source: string): string => kinds(source);

  test('advances no icount and no scheduling point', () => {
    const [with_, without] = [run(printed, 'direct'), run(withoutImport, 'direct')];
    expect(with_.icount).toBe(without.icount);
    expect(with_.points).toBe(without.points);
    expect(with_.value).toBe(3);
    expect(with_.log).toHaveLength(5);
    expect(with_.log[0]).toEqual(['x %d %d', 2, ERRNOS.EINVAL]);
    expect(with_.depths).toEqual([0, 0]);
  });

  test('is no part of the identity, and moves no ordinal', () => {
    const [with_, without] = [compile(printed).table, compile(withoutImport).table];
    expect(with_.hash).toBe(without.hash);
    expect(with_.functionHashes).toEqual(without.functionHashes);
    expect(with_.functions).toEqual(without.functions);
    expect(ordinals(printed)).toBe(ordinals(withoutImport));
  });

  test('knows the line that it is on, and the icount', () => {
    const seen: unknown[] = [];
    const source = main("note(1);\nrumpuser_dprintf('x');");
    const { main: start } = load(
      compile(source).code.replace("rumpuser_dprintf('x')", 'note($h)'),
      { push: (h: typeof hooks) => seen.push([h.printLine, h.printIcount?.()]) } as never,
      'direct',
    );
    Object.assign(hooks, { icount: 0, stop: 0x3fffffff, pending: 0 });
    start().next();
    expect(seen[1]).toEqual([5, 2]);
  });

  test('repairs the counters when an argument throws', () => {
    const source = main(
      "try { rumpuser_dprintf('x', boom()); } catch (e) { note(String(e)); } return 1;",
      "function boom() { throw new Error('in dprintf'); }",
    );
    const outcome = run(source, 'direct');
    expect(outcome).toMatchObject({ value: 1, log: ['Error: in dprintf'], icount: 4 });
    expect(outcome.depths).toEqual([0, 0]);
  });

  test.each([
    ["const x = rumpuser_dprintf('x');", 'only as a statement of its own'],
    ["const f = () => rumpuser_dprintf('x');", 'only as a statement of its own'],
    ["rumpuser_dprintf('x', yield* sleep());", 'cannot sleep'],
  ])('is rejected in an expression: %s', (text, message) => {
    expect(() => compile(main(text))).toThrow(message);
  });
});

describe('identity', () => {
  const hash = (text: string): string => compile(text).table.hash;

  test('ignores comments, white space, types and inserted semicolons', () => {
    const a = "export function f(a: number): string { /* x */ return  'a  b' + a; } // end";
    const b = "export function f(a) {\n  return 'a  b' +\n a\n}\ntype T = 1";
    expect(hash(a)).toBe(hash(b));
  });

  test('sees strings, line breaks that end a statement, and signs', () => {
    expect(hash("f('a  b')")).not.toBe(hash("f('a b')"));
    expect(hash('f(`a  b`)')).not.toBe(hash('f(`a b`)'));
    expect(hash('() => { return\n1 }')).not.toBe(hash('() => { return 1 }'));
    expect(hash('f(a + ++b)')).not.toBe(hash('f(a++ + b)'));
  });

  test('gives each function a hash of its own text, without the functions in it', () => {
    const source = (x: string): string => `function a() { const f = () => ${x}; return f; }`;
    const [one, two] = [compile(source('1')).table, compile(source('2')).table];
    expect(one.functions).toEqual(['a', 'f']);
    expect(one.functionHashes[0]).toBe(two.functionHashes[0]);
    expect(one.functionHashes[1]).not.toBe(two.functionHashes[1]);
  });
});

describe('other sites', () => {
  test('an errno constant is a site where it is evaluated, and not where it is compared', () => {
    const source = main(`if (x === EINVAL || ENOENT != x) return EINVAL;
  switch (x) { case EINVAL: case (ENOENT): break; }
  const o = { EINVAL, e: ENOENT, EINVAL2: 1 }; o.EINVAL; f(ENOENT as number);`);
    expect(kinds(source).replace(/[^e]/g, '')).toBe('eeee');
  });

  test('a local that is called like an errno is none', () => {
    const source = main(
      `const f = (EINVAL: number) => EINVAL; { const ENOENT = 1; note(ENOENT); }`,
    );
    expect(kinds(source)).not.toContain('e');
  });

  test('an errno at module top level is no origin', () => {
    expect(kinds(main('', 'const table = [EINVAL]; class A { x = EINVAL; }'))).not.toContain('e');
  });

  test('the controller is told of each errno with its line', () => {
    const { main: start } = load(compile(main('return [ENOENT];')).code, [], 'direct');
    const told: unknown[] = [];
    const idle = hooks.controller;
    hooks.controller = { ...idle, errno: (e, site) => told.push([e, siteTable.position(site)]) };
    start().next();
    hooks.controller = idle;
    expect(told).toMatchObject([[ERRNOS.ENOENT, { lineBase1: 4, columnBase0: 8, kind: 'e' }]]);
  });

  test('an atomic operation in a generator is a scheduling point, in a plain function none', () => {
    const before = 'const atomic_add = (x: number) => x + 1; const membar_sync = () => {};';
    const source = main(
      'membar_sync(); return atomic_add(atomic_add(1)) + f(); ',
      `${before}
      function f() { return atomic_add(5); }`,
    );
    const outcome = run(source, 'direct');
    expect(outcome).toMatchObject({ value: 9, points: 2 });
    expect(visible(outcome)).toEqual(visible(run(source, 'plain')));
  });

  test('preempt() and mi_switch() of rumpus are in place, functions of those names calls', () => {
    const sites = (head: string): string =>
      kinds(`${head} export function* f() { yield* preempt(); }`);
    expect(sites("import { preempt } from 'rumpus';")).toBe('gfsa');
    expect(sites("import { preempt } from './mine.ts';")).toBe('gfsc');
    expect(sites('function* preempt() {}')).toBe('gfgfsc');
    const body = 'export function* f() { yield* mi_switch(); }';
    expect(kinds(`import { mi_switch } from './kern_sleepq.ts'; ${body}`)).toBe('gfsa');
    expect(kinds(`function* mi_switch() { yield; } ${body}`)).toBe('gfsgfsc');
  });

  test('a generator that is made and never run is reported at its line', () => {
    const source = main(
      '  lock();\n  yield* lock();',
      'function* lock() { yield* sleep(); }\nfunction* never(a = 1, ...rest: number[]) {}',
    );
    const { main: start } = load(compile(source).code, [], 'direct');
    const dropped: unknown[] = [];
    const idle = hooks.controller;
    hooks.controller = {
      ...idle,
      dropped: (site, at) => dropped.push([siteTable.position(site)?.function, at]),
    };
    Object.assign(hooks, { icount: 0, pending: 0, stop: 0x3fffffff });
    const frame = start();
    hooks.pending = 0;
    frame.next();
    hooks.controller = idle;
    expect(dropped).toEqual([['lock', 2]]);
  });

  test('functions are named as a backtrace prints them', () => {
    const source = `function a() { return () => 1; } const b = () => 2; class C { *m() {} get #p() { return 1 }
      static s = function () {}; constructor() { } } const ops = { lookup() {}, create: function* () {}, named: function own() {} };
      export default function () {} a.handler = () => 3;`;
    expect(compile(source).table.functions).toEqual([
      ...['a', 'a.<anonymous>', 'b', 'C.m', 'C.#p', 'C.s', 'C.constructor'],
      ...['ops.lookup', 'ops.create', 'own', '<anonymous>', 'handler'],
    ]);
  });

  test('in a test file only the generators are instrumented', () => {
    const source = `const before = new Date(); let x = () => 1;
test('x', async () => { await x(); run(function* main() { const f = () => 2; return f(); }); });
`;
    const { code, table } = instrument(source, {
      path: 'demo/a.test.ts',
      onlyGenerators: true,
      rules: 'program',
    });
    expect(table.functions).toEqual(['main', 'f']);
    expect(code).toContain('let x = () => 1;');
    expect(code).toContain("test('x', async () => { await x(); run(function*");
    const kind = table.sites.split(';').map((site) => site.at(-1) as SiteKind);
    expect(kind.join('')).toBe('gfsfs');
    const changed = instrument(source.replace('() => 1', '() => 9'), {
      path: 'demo/a.test.ts',
      onlyGenerators: true,
    });
    expect(changed.table.hash).toBe(table.hash);
    const ruled = source.replace('=> 2', '=> Date.now()');
    const options = { path: 'demo/a.test.ts', onlyGenerators: true, rules: 'program' } as const;
    expect(() => instrument(ruled, options)).toThrow(/Date is not available/);
  });
});
