/**
 * Random programs mean the same instrumented. A failure prints the smallest program that differs,
 * and its seed; FUZZ=n runs n programs.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run, visible } from './driver.ts';

const RUNS = Number(process.env['FUZZ'] ?? 300);

/** Programs end: loops are bounded, and every statement takes from one purse. */
const HEADER = `import { EINVAL, ENOENT } from './errno.ts';
let purse = 400; const vars: any = { a: 1, b: 2, c: 3 };
const spend = () => { if (--purse < 0) throw new Error('spent'); };
function* g(x: any) { spend(); yield* sleep(); return x; }
function* bad(x: any) { yield* g(x); throw new Error('bad ' + x); }
const fast = (x: any) => (x > 1 ? g(x) : done(x));
function plain(x: any) { spend(); if (x > 2) throw new Error('plain'); try { return x + 1; } finally { note('p'); } }
function pick(e: any) { return e === EINVAL ? 1 : e === ENOENT ? 2 : 0; }
`;

const variable = fc.constantFrom('vars.a', 'vars.b', 'vars.c');

interface Language {
  inGenerator: string;
  inPlain: string;
  generator: string;
  plain: string;
}

/** Gives a loop a label of its own; its jumps to it are written `break @`. */
function loop(text: string): string {
  const label = `l${(text.match(/l\d+: /g) ?? []).length}`;
  return `${label}: ${text.replaceAll('@', label)}`;
}

/** Expressions; with `sleeps`, of generator code. */
function expressions(tie: fc.LetrecTypedTie<Language>, sleeps: boolean) {
  const e = tie(sleeps ? 'inGenerator' : 'inPlain');
  const common = [
    { weight: 3, arbitrary: fc.constantFrom('0', '1', '2', '3', "'s'", 'null', 'undefined') },
    { weight: 3, arbitrary: variable },
    {
      weight: 3,
      arbitrary: fc
        .tuple(e, fc.constantFrom('+', '-', '===', '<', '&&', '||', '??', ','), e)
        .map(([a, op, b]) => `((${a}) ${op} (${b}))`),
    },
    { weight: 1, arbitrary: fc.tuple(e, e, e).map(([a, b, c]) => `(${a} ? ${b} : ${c})`) },
    { weight: 1, arbitrary: fc.tuple(variable, e).map(([v, a]) => `(${v} = ${a})`) },
    { weight: 1, arbitrary: fc.tuple(variable, e).map(([v, a]) => `(${v} ??= ${a})`) },
    { weight: 1, arbitrary: fc.tuple(e, e).map(([a, b]) => `[${a}, ...[${b}]].length`) },
    { weight: 1, arbitrary: e.map((a) => `plain(${a})`) },
    { weight: 1, arbitrary: e.map((a) => `((x: any) => x)(${a})`) },
    { weight: 1, arbitrary: tie('plain').map((body) => `(() => {${body}})()`) },
    { weight: 1, arbitrary: fc.constantFrom('pick(EINVAL)', 'pick(ENOENT)', '{ EINVAL }.EINVAL') },
  ].map((one) => ({
    ...one,
    arbitrary: one.arbitrary.map((text) =>
      text.replace(/^\{/, '({').replace(/^(\(\{ EINVAL \})/, '$1)'),
    ),
  }));
  if (!sleeps) return fc.oneof({ depthSize: 'small', withCrossShrink: true }, ...common);
  const call = (name: string) => e.map((a) => `(yield* ${name}(${a}))`);
  return fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    ...common,
    { weight: 4, arbitrary: call('g') },
    { weight: 2, arbitrary: call('fast') },
    { weight: 1, arbitrary: call('bad') },
    { weight: 1, arbitrary: tie('generator').map((b) => `(yield* (function* () {${b}})())`) },
  );
}

function statements(tie: fc.LetrecTypedTie<Language>, sleeps: boolean) {
  const e = tie(sleeps ? 'inGenerator' : 'inPlain');
  const s = tie(sleeps ? 'generator' : 'plain');
  const leaf = fc.oneof(
    e.map((a) => `note(${a});`),
    e.map((a) => `return ${a};`),
    e.map((a) => `throw ${a};`),
    e.map((a) => `;${a}\n`),
    fc.constantFrom('return;', ';', 'let x;', 'function f() { return 1; }'),
  );
  const body = fc.oneof(
    s.map((text) => `{${text}}`),
    fc.constant(';'),
    e.map((a) => `note(${a});`),
  );
  const loopBody = fc.oneof(
    body,
    fc
      .tuple(s, fc.constantFrom('break', 'continue', 'break @', 'continue @'))
      .map(([text, jump]) => `{${text} if (vars.a) ${jump}; ${jump};}`),
  );
  const guard = (a: string): string => `(spend(), ${a})`;
  const tried = fc
    .tuple(s, fc.option(s), fc.option(s))
    .map(
      ([block, caught, last]) =>
        `try {${block}}${caught === null && last !== null ? '' : ` catch (e) {note(String(e));${caught ?? ''}}`}${last === null ? '' : ` finally {${last}}`}`,
    );
  const compound = fc.oneof(
    fc.tuple(e, body).map(([a, b]) => `if (${a}) ${b}`),
    fc.tuple(e, body, body).map(([a, b, c]) => `if (${a}) ${b} else ${c}`),
    fc.tuple(e, loopBody).map(([a, b]) => loop(`while (${guard(a)}) ${b}`)),
    fc.tuple(e, loopBody).map(([a, b]) => loop(`do ${b} while (${guard(a)});`)),
    fc.tuple(e, loopBody).map(([a, b]) => loop(`for (let i = 0; i < 2; spend(), i++, ${a}) ${b}`)),
    fc.tuple(e, loopBody).map(([a, b]) => loop(`for (const x of [1, ${a}]) ${b}`)),
    fc
      .tuple(e, e, s, s)
      .map(
        ([a, b, x, y]) => `switch (${a}) { case ${b}: ${x} break; default: ${y} case 1: note(1) }`,
      ),
    fc.tuple(s).map(([text]) => loop(`{ ${text} break @; }`)),
    tried,
    tried,
  );
  const one = fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, compound);
  return fc
    .array(one, { minLength: 1, maxLength: 3 })
    .map((list) => list.map((text) => `{${text}}`.replace(/^\{(let|;)/, '{$1')).join('\n'));
}

const language = fc.letrec<Language>((tie: fc.LetrecTypedTie<Language>) => ({
  inGenerator: expressions(tie, true),
  inPlain: expressions(tie, false),
  generator: statements(tie, true),
  plain: statements(tie, false),
}));

describe('random programs', () => {
  test('mean the same instrumented, resumed at the innermost or the outermost frame', () => {
    const property = fc.property(language.generator, (body) => {
      const source = `${HEADER}export function* main() {\n${body}\n}\n`;
      const plain = run(source, 'plain');
      const direct = run(source, 'direct');
      const native = run(source, 'native');
      const access = run(source, 'access');
      const switching = run(source, 'switching');
      expect(access).toEqual(direct);
      expect({ ...switching, sleeps: 0 }).toEqual({ ...direct, sleeps: 0 });
      expect(visible(direct)).toEqual(visible(plain));
      expect(visible(native)).toEqual(visible(plain));
      expect([direct.icount, direct.depths]).toEqual([native.icount, [0, 0]]);
      expect(native.depths).toEqual([0, 0]);
    });
    fc.assert(property, { numRuns: RUNS, seed: 20190419 });
  }, 120_000);
});
