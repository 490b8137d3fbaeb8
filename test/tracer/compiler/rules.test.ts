/** What kernel and program code may not use, and what the compiler says instead. */

import { describe, expect, test } from 'vitest';
import { CompileError, instrument, type RuleSet } from '../../../tracer/compiler/index.ts';

function check(code: string, rules: RuleSet = 'program'): CompileError | undefined {
  try {
    instrument(code, { path: 'demo/main.ts', rules });
    return undefined;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return error;
  }
}

describe('rejected', () => {
  test.each([
    ['await', 'async function f() { await g(); }', 'call functions that may sleep with yield*'],
    ['async', 'const f = async () => 1;', 'write function* and call it with yield*'],
    ['await', 'async function* f() { for await (const x of y) z(x); }', 'with yield*'],
    ['timer', 'setTimeout(() => {}, 10);', 'use sys.nanosleep() or kpause()'],
    ['timer', 'queueMicrotask(f);', 'use sys.nanosleep() or kpause()'],
    ['clock', 'const t = Date.now();', 'sys.clock_gettime()'],
    ['clock', 'const t = new Date();', 'sys.clock_gettime()'],
    ['clock', 'performance.now();', 'sys.clock_gettime()'],
    ['random', 'Math.random();', "the kernel's cprng: cprng_fast32()"],
    ['random', 'crypto.randomUUID();', 'cprng'],
    ['promise', 'new Promise(() => {});', 'condvar(9)'],
    ['host-module', "import fs from 'node:fs';", 'rumpuser(3)'],
    ['host-module', "export * from 'path';", 'rumpuser(3)'],
    ['import', "import('./x.ts');", 'at the top of the file'],
    ['eval', "eval('1');", 'must see all code'],
    ['eval', "new Function('1');", 'must see all code'],
    ['math', 'Math.sin(1);', 'differ between hosts'],
    ['math', 'Math["pow"](2, 3);', 'differ between hosts'],
    ['locale', 'new Intl.Collator();', 'locales differ'],
    ['locale', '(5).toLocaleString();', 'locales differ'],
    ['locale', '"a".localeCompare("b");', 'locales differ'],
    ['host', 'new WeakRef(o);', 'count references'],
    ['host', 'new FinalizationRegistry(f);', 'count references'],
    ['host', 'Atomics.add(a, 0, 1);', 'atomic_ops(3)'],
    ['host', 'new SharedArrayBuffer(1);', 'atomic_ops(3)'],
    ['host', 'process.exit();', 'system calls'],
    ['host', 'fetch("x");', 'sys.socket()'],
    ['host', 'globalThis.process;', 'system calls'],
    ['console', 'console.log(1);', 'rumpuser_dprintf(), or sys.write()'],
    ['arguments', 'function* f() { return arguments.length; }', 'name the parameters'],
    ['reserved', 'const $h = 1;', 'choose another name'],
  ])('%s: %s', (rule, code, hint) => {
    const error = check(code);
    expect(error?.violations.map((one) => one.rule)).toContain(rule);
    expect(error?.message).toContain(hint);
  });

  test('console in kernel code names printf', () => {
    expect(check('console.log(1)', 'kernel')?.message).toContain('printf() or rumpuser_dprintf()');
  });
});

describe('accepted', () => {
  test.each([
    ['properties of the same name', 'o.Date; o.process(); const p = { fetch: 1, eval() {} };'],
    ['locals of the same name', 'function f(Date: number, { process }) { return Date + process; }'],
    ['hoisted and later ones', 'f(); function fetch() {} { console.log; class console {} }'],
    ['types', 'let x: Promise<Date>; type T = Intl.Collator; import type { A } from "node:fs";'],
    ['exact Math', 'Math.max(1, 2) + Math.imul(3, 4) + Math.floor(1.5) + 2 ** 3;'],
    [
      'arguments of a plain function in a generator',
      'function* f() { return (function () { return arguments; })(); }',
    ],
    ['labels', 'Date: for (;;) break Date;'],
  ])('%s', (_name, code) => {
    expect(check(code)).toBeUndefined();
  });

  test('everything, when the rules are off', () => {
    expect(check('await (async () => Date.now())();', 'off')).toBeUndefined();
  });
});

describe('messages', () => {
  test('have the position, what is wrong, what to use instead, the line and a caret', () => {
    const error = check('function f() {\n\treturn Math.random();\n}\n');
    expect(error?.message).toBe(
      [
        'demo/main.ts:2:9: Math.random is not available in kernel and program code; ' +
          "use the kernel's cprng: cprng_fast32()",
        '    2 | \treturn Math.random();',
        '      | \t       ^',
      ].join('\n'),
    );
  });

  test('a syntax error has its position in the TypeScript', () => {
    const error = check('type T = 1;\nconst x: number = ;\n');
    expect(error?.violations).toMatchObject([{ rule: 'syntax', lineBase1: 2, columnBase1: 19 }]);
  });

  test('all violations come at once, in source order', () => {
    const error = check('fetch(1);\nDate.now(); setTimeout(2);');
    const places = error?.violations.map((one) => [one.lineBase1, one.columnBase1]);
    expect(places).toEqual([
      [1, 1],
      [2, 1],
      [2, 13],
    ]);
  });
});
