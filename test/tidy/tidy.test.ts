/** The machine-checked part of STYLE and DESIGN, with a canary for each rule. */

import { expect, test } from 'vitest';
import { checkedFindings, programFor } from './checked.ts';
import { cyclesOf, importFindings } from './imports.ts';
import { RULES } from './rules.ts';
import { allSources, isKernel, sourceOf, text } from './sources.ts';

const sources = allSources();

for (const [claim, rule] of Object.entries(RULES)) {
  test(claim, () => {
    expect(text(sources.flatMap(rule))).toEqual([]);
  });
}

test('folders import what DESIGN.md allows, through index.ts', () => {
  expect(text(sources.flatMap(importFindings))).toEqual([]);
});

/**
 * Functions that call each other by their nature, as in NetBSD: a signal ends an LWP, whose end
 * signals its process; a visitor's cases visit. None of them runs while it is loaded.
 */
const MUTUAL: readonly (readonly string[])[] = [
  ['kernel/kern/init_sysctl.ts', 'kernel/kern/kern_sysctl.ts'],
  ['kernel/kern/kern_exit.ts', 'kernel/kern/kern_lwp.ts', 'kernel/kern/kern_sig.ts'],
  [
    ...['access/calls', 'access/index', 'access/place', 'access/reads', 'access/variables'],
    ...['access/writes', 'expressions', 'functions', 'statements', 'traps', 'visit'],
  ].map((name) => `tracer/compiler/emit/${name}.ts`),
];

test('no files import each other when they are loaded, but those that call each other', () => {
  const mutual = MUTUAL.map((group) => group.join());
  expect(cyclesOf(sources).filter((group) => !mutual.includes(group.join()))).toEqual([]);
});

/** A sleeping call that is forgotten, and errnos that are dropped; the last function is right. */
const CHECKED_CANARY = `/** A canary. */
import { done } from './hooks.ts';
import { EINVAL, type Errno } from './kern/errno.ts';
import type { MaySleep } from './maysleep.ts';
function* sleeps(): Generator<void, Errno | undefined, void> { return EINVAL; }
function mayFail(): Errno | undefined { return EINVAL; }
function dispatches(): MaySleep<number> { return done(1); }
export function* wrong(): Generator<void, void, void> {
  sleeps();
  const result = dispatches();
  mayFail();
  yield* sleeps();
  void result;
}
export function* right(): Generator<void, Errno | undefined, void> {
  void mayFail();
  const n = yield* dispatches();
  return n > 1 ? yield* sleeps() : mayFail();
}
`;

/** The one place that says it hands a generator on before it runs. */
const HANDED_ON = /^kernel\/kern\/syscall\.ts:\d+: invoke\(\) may sleep/;

test('no errno is dropped, and no yield* forgotten', () => {
  const canary = 'kernel/canary.ts';
  const checked = sources.filter(
    (source) =>
      // The scheduler itself starts generators.
      (isKernel(source) && !source.path.startsWith('kernel/world/')) ||
      /^test\/gallery\/.*(?<!\.test)\.ts$/.test(source.path),
  );
  const paths = checked.map(({ path }) => path);
  const program = programFor(paths, new Map([[canary, CHECKED_CANARY]]));
  expect(text(checkedFindings(program, canary))).toEqual([
    'kernel/canary.ts:9: sleeps() may sleep, and is called without yield*',
    'kernel/canary.ts:10: dispatches() may sleep, and is called without yield*',
    'kernel/canary.ts:11: the errno of mayFail() is dropped; write void if it is meant',
    'kernel/canary.ts:12: the errno of yield* sleeps() is dropped; write void if it is meant',
  ]);
  const found = text(paths.flatMap((path) => checkedFindings(program, path)));
  expect(found.filter((line) => !HANDED_ON.test(line))).toEqual([]);
}, 60_000);

const HEADER = '/** A canary. */\n';
const LONG = 'let x = 0;\n'.repeat(401);

/** Sources that must be refused: path, text, and what is found. */
const CANARIES: readonly (readonly [string, string, string])[] = [
  ['kernel/a.ts', 'export const a = 1;\n', 'no doc comment'],
  ['kernel/a.ts', HEADER + LONG, 'no "Length" in the header'],
  ['tui/a.ts', `${HEADER}function f() {\n${'f();\n'.repeat(60)}}\n`, 'a function of 62 lines'],
  ['kernel/a.ts', `${HEADER}export default 1;\n`, 'a default export'],
  ['kernel/a.ts', `${HEADER}export default function f() {}\n`, 'a default export'],
  ['tui/a.ts', `${HEADER}export let a: any;\n`, 'any'],
  ['tui/a.ts', `${HEADER}enum A { B }\n`, 'an enum'],
  ['tui/a.ts', `${HEADER}namespace A { }\n`, 'a namespace'],
  ['kernel/a.ts', `${HEADER}const a = Date.now();\n`, 'Date in the kernel'],
  ['kernel/a.ts', `${HEADER}const a = Math.random();\n`, 'Math.random in the kernel'],
  ['kernel/a.ts', `${HEADER}const a = Math.sin(1);\n`, 'Math.sin in the kernel'],
  ['kernel/a.ts', `${HEADER}setTimeout(f, 1);\n`, 'setTimeout in the kernel'],
  ['kernel/a.ts', `${HEADER}new Promise(f);\n`, 'Promise in the kernel'],
  ['kernel/a.ts', `${HEADER}async function f() {}\n`, 'async in the kernel'],
  ['kernel/a.ts', `${HEADER}console.log(1);\n`, 'console in the kernel'],
  ['kernel/a.ts', `${HEADER}import { a } from 'node:fs';\n`, 'node:fs in the kernel'],
  ['kernel/a.ts', `${HEADER}// ${'TO'}${'DO'}: more\n`, `a ${'TO'}${'DO'}`],
  ['tui/a.ts', `${HEADER}const a = '/${'work'}/x';\n`, 'the path of a machine'],
];

test.each(CANARIES)('the canary in %s is refused: %#', (path, code, found) => {
  const source = sourceOf(path, code);
  const findings = Object.values(RULES).flatMap((rule) => rule(source));
  expect(text(findings).join('\n')).toContain(found);
});

/** What the same rules must let pass. */
test('a record with a field called Date, and a long file that says why, are right', () => {
  const code = `/**\n * A canary.\n *\n * Length  It is a table.\n */\n${LONG}let r: { Date: number };\n`;
  const source = sourceOf('kernel/a.ts', code);
  expect(Object.values(RULES).flatMap((rule) => rule(source))).toEqual([]);
});

test.each([
  ['kernel/a.ts', "import { a } from '../tracer/index.ts';", 'kernel imports tracer'],
  ['tracer/a.ts', "import { a } from '../kernel/sites.ts';", "past its folder's index.ts"],
  [
    'corefiles/a.ts',
    "import type { a } from '../debugger/index.ts';",
    'corefiles imports debugger',
  ],
])('the import in %s is refused: %s', (path, code, found) => {
  expect(text(importFindings(sourceOf(path, code))).join('\n')).toContain(found);
});

test('a cycle is found, and types make none', () => {
  const a = sourceOf('kernel/a.ts', "import { b } from './b.ts';");
  const b = sourceOf('kernel/b.ts', "import { a } from './a.ts';");
  const c = sourceOf(
    'kernel/c.ts',
    "import { a } from './a.ts';\nimport type { d } from './d.ts';",
  );
  const d = sourceOf('kernel/d.ts', "import { c } from './c.ts';");
  expect(cyclesOf([a, b, c, d])).toEqual([['kernel/a.ts', 'kernel/b.ts']]);
});
