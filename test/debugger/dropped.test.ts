/**
 * A generator that is made and dropped, a forgotten yield*, is caught at its line (DESIGN.md): the
 * line of each program here that ends in `// here`.
 */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { execute } from '../../debugger/run/execute.ts';
import { loadProgram } from '../../debugger/run/load.ts';
import { DEFAULT_SPEC } from '../../debugger/run/spec.ts';

const folder = join(mkdtempSync(join(tmpdir(), 'rumpus-dropped-')), 'work');
mkdirSync(folder);

const HEAD = `import { curkernel, kthread_create, mutex_enter, MUTEX_DEFAULT, mutex_obj_alloc, preempt,
  PR_WAITOK, pool_get, pool_init, program } from 'rumpus';
function* helper(x = 0) { yield* helper2(); return x; }
function* helper2() { return 0; }
`;

/** What is claimed, what main does, and the declarations of the module. */
type Case = readonly [claim: string, main: string, module?: string];

const CASES: readonly Case[] = [
  ['a statement', 'helper(); // here'],
  [
    'a function with a rest parameter',
    'rest(1, 2, 3); // here',
    'function* rest(a: number, ...more: number[]) { return a + more.length; }',
  ],
  [
    'a function that is given more arguments than it declares',
    'ops.lookup(1, 2, 3); // here',
    'const ops: { [name: string]: Function } = { *lookup(a: number) { return a; } };',
  ],
  [
    'a function without parameters that is given some',
    'each(undefined, null); // here',
    'const each: Function = function* () {};',
  ],
  [
    'a system call in a loop of one statement',
    "for (let i = 0; i < 3; i++) sys.mkdir('/a', 0o755); // here",
  ],
  [
    'an allocation in a loop of one statement',
    `const pp = pool_init(curkernel(), 'n', 1, () => ({}));
for (let i = 0; i < 3; i++) pool_get(pp, PR_WAITOK); // here`,
  ],
  [
    'a lock in a loop of one statement',
    `const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
while (sys) mutex_enter(m); // here`,
  ],
  [
    'a loop in a block',
    `for (let i = 0; i < 2; i++) {
  helper(); // here
}`,
  ],
  [
    'a callee that is in a variable',
    `const f = helper;
f(1); // here`,
  ],
  [
    'a system call that is in a variable',
    `const { getpid } = sys;
getpid(); // here`,
  ],
  [
    'a method of a class',
    `const disk = new Disk();
disk.read(1); // here`,
    'class Disk { *read(n: number) { return n; } }',
  ],
  [
    'an operation of a vector, through its dispatcher',
    "vop({ ops }, 'a'); // here",
    `const ops = { *lookup(name: string) { return name; } };
const VOP_LOOKUP = (vp: { ops: typeof ops }, name: string) => vp.ops.lookup(name);
function vop(vp: { ops: typeof ops }, name: string) {
  const going = VOP_LOOKUP(vp, name);
  return going;
}`,
  ],
  [
    'an optional call',
    'ops.sync?.(); // here',
    'const ops: { sync?: () => Generator<void, void, void> } = { *sync() {} };',
  ],
  [
    'a default parameter',
    'at();',
    `function at(
  now = helper(), // here
) { return now === undefined; }`,
  ],
  [
    'an arrow that is called',
    `const mk = () => sys.mkdir("/a", 0o755);
mk(); // here`,
  ],
  [
    'an arrow with a block',
    `const mk = () => {
  sys.mkdir("/a", 0o755); // here
};
mk();`,
  ],
  [
    'a callback of the host',
    `[1].forEach(() => {
  helper(); // here
});`,
  ],
  [
    'a variable that nobody runs',
    `const size = helper(1); // here
sys; size;
yield* sys.getpid();`,
  ],
  [
    'an argument',
    `String(
  helper(), // here
);`,
  ],
  [
    'a condition',
    `if (helper()) { // here
  yield* sys.getpid();
}`,
  ],
  [
    'a condition with an operator',
    `const a =
  helper() !== undefined && // here
  sys === null;
a;`,
  ],
  [
    'a template',
    `void \`\${
  helper() // here
}\`;`,
  ],
  [
    'a property of a record',
    `const o = {
  size: helper(), // here
};
o;`,
  ],
  [
    'the last thing that is done',
    `yield* sys.getpid();
helper(); // here`,
  ],
  [
    'beside a call that is run',
    `yield* helper(
  Number(helper2()), // here
);`,
  ],
  [
    'a generator inside of others, as the last thing it does',
    `yield* outer();
yield* helper();`,
    `function* inner() {
  yield* helper();
  helper2(); // here
}
function* outer() { yield* inner(); }`,
  ],
  [
    'a getter',
    `const n = new Node();
n.parent; // here`,
    'class Node { get parent() { return helper(); } }',
  ],
  [
    'a function that calls what it is given',
    'twice(() => helper());',
    `function twice(f: () => unknown) {
  f(); // here
  f();
}`,
  ],
  ["a function that says 'use strict'", 'old(); // here', "function* old() { 'use strict'; }"],
  ['a branch of a choice', 'sys ? helper() : 0; // here'],
  [
    'a sequence',
    `helper(), // here
  helper2;`,
  ],
  [
    'an assignment',
    `let a: unknown = 0;
a = helper(); // here
a;`,
  ],
  ['a computed name', "ops['sync'](); // here", 'const ops = { *sync() {} };'],
  [
    'a bound function',
    `const f = helper.bind(null, 1);
f(); // here`,
  ],
  ['a call by apply', 'helper.apply(null, [1]); // here'],
  [
    'a method of the class above',
    'new B().all();',
    `class A { *sync() {} }
class B extends A {
  all() {
    super.sync(); // here
  }
}`,
  ],
  [
    'a field of a class',
    'new A();',
    `class A {
  size = helper(); // here
}`,
  ],
  ['a tagged template', `sql\`a\`; // here`, 'function* sql(parts: unknown) { return parts; }'],
  [
    'a list of them',
    `const all = [
  helper(1), // here
  helper(2),
];
for (const each of all) yield* each;`,
  ],
  [
    'before another LWP runs',
    `const child = yield* sys._lwp_create(function* () {
  yield* helper();
});
helper2(); // here
yield* preempt();
yield* sys._lwp_wait(child);`,
  ],
  [
    'a return of a finally',
    `try {
  yield* sys.getpid();
} finally {
  helper(); // here
}`,
  ],
  [
    'a plain function in a plain function',
    'top();',
    `const low = () => helper();
function mid() { return low() ?? 1; }
function top() {
  const going = mid(); // here
  return going === undefined;
}`,
  ],
  [
    'a function that returns it only now and then',
    'now(true); // here',
    `function now(really: boolean) {
  const going = helper();
  if (really) return going;
  return going;
}`,
  ],
  [
    'an allocation in a function of the program',
    "make(pool_init(curkernel(), 'n', 1, () => ({})) as never);",
    `function make(pp: never) {
  pool_get(pp, PR_WAITOK); // here
}`,
  ],
  [
    'a kernel thread',
    `kthread_create(0, 0, null, function* () {
  helper(); // here
  yield* helper();
}, null, 'thread');
yield* sys.nanosleep(1e6);`,
  ],
  [
    'another LWP',
    `const child = yield* sys._lwp_create(function* () {
  helper(); // here
});
yield* sys._lwp_wait(child);`,
  ],
];

function source([, main, module = '']: Case): string {
  return `${HEAD}${module}\nexport default program({}, function* main(sys) {\n${main}\nyield* helper();\n});\n`;
}

async function messageOf(name: string, text: string): Promise<string> {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, text);
  const { outcome } = execute(await loadProgram(file), DEFAULT_SPEC);
  return `${outcome.verdict}: ${outcome.message}`;
}

for (const [index, one] of CASES.entries()) {
  test(`a forgotten yield* is shown at its line: ${one[0]}`, async () => {
    const text = source(one);
    const line = text.split('\n').findIndex((each) => each.endsWith('// here')) + 1;
    const message = await messageOf(`case${index}`, text);
    expect(message).toContain(`was called without yield* at work/case${index}.ts:${line}:`);
    expect(message).toMatch(/^program-error/);
  });
}

const CALLS = [
  ["sys.mkdir('/a', 0o755);", 'sys.mkdir()'],
  ['helper(1);', 'helper()'],
  ['const mk = () => sys.getpid();\nmk();', 'mk()'],
  ['void new Map([[1, helper]]).get(1)!(2);', 'new Map([[1, helper]]).get(1)!()'],
] as const;

for (const [index, [main, call]] of CALLS.entries()) {
  test(`a forgotten yield* is shown as the source has the call: ${call}`, async () => {
    const message = await messageOf(`call${index}`, source(['', main]));
    expect(message).toContain(`program-error: ${call} was called without yield* at work/`);
  });
}
