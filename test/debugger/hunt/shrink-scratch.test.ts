import { test } from 'vitest';
import { DEFAULT_SPEC, type RunSpec } from '../../../debugger/index.ts';
import { shrink } from '../../../debugger/hunt/shrink/index.ts';
import { findFailing, loadFor } from './finding.ts';
const P: [string, Partial<RunSpec>][] = [
  ['test/debugger/programs/race.ts', {}],
  ['test/debugger/programs/race.ts', { knobs: { preempt: true } }],
  ['test/debugger/programs/race.ts', { grain: 'statement', knobs: { preempt: true } }],
  ['test/debugger/programs/race.ts', { grain: 'access', knobs: { preempt: true } }],
  ['test/gallery/kern-36681/buggy.ts', {}],
  ['test/gallery/kern-36681/buggy.ts', { knobs: { preempt: true } }],
  ['test/gallery/kern-36681/buggy.ts', { grain: 'statement', knobs: { preempt: true } }],
  ['test/gallery/kern-36681/buggy.ts', { grain: 'access', knobs: { preempt: true } }],
  ['test/gallery/kern-43694/buggy.ts', {}],
  ['test/gallery/kern-43694/buggy.ts', { grain: 'statement' }],
  ['test/gallery/kern-43694/buggy.ts', { grain: 'access', knobs: { preempt: true } }],
];
test('x', async () => {
  for (const [file, more] of P) {
    const spec: RunSpec = { ...DEFAULT_SPEC, ...more };
    const loaded = await loadFor(file, spec);
    for (const seed of [1, 1001]) {
      const found = findFailing(loaded, { ...spec, seed });
      const t = performance.now();
      const s = await shrink(loaded, spec, found);
      console.log(
        file,
        JSON.stringify(more),
        found.verdict,
        `${(performance.now() - t).toFixed(0)} ms\n`,
        JSON.stringify(s.before),
        '->',
        JSON.stringify(s.after),
        s.replays,
        '\n',
        s.schedule,
        s.trouble,
        '\n',
        s.certificate.sentence,
        '\n',
        s.swap?.sentence,
      );
    }
  }
}, 300000);
