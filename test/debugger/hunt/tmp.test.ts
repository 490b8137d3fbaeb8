import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import {
  calibrated,
  DEFAULT_SPEC,
  execute,
  loadProgram,
  scheduleSeed,
} from '../../../debugger/index.ts';
import { runRange } from '../../../debugger/hunt/schedules.ts';
import { writeFileSync } from 'node:fs';
import { reportPage, reportOfFound, reportText } from '../../../debugger/hunt/report/index.ts';

for (const [file, knobs, grain] of [
  ['../../gallery/kern-43694/buggy.ts', { ncpu: 2 }, 'access'],
  ['../../gallery/kern-36681/buggy.ts', { ncpu: 2 }, 'access'],
  ['../programs/race.ts', { preempt: true }, 'access'],
] as const)
  test(file, async () => {
    const loaded = await loadProgram(fileURLToPath(new URL(file, import.meta.url)), { access: true });
    const spec = calibrated(loaded, { ...DEFAULT_SPEC, knobs, grain });
    const r = runRange(loaded, spec, 0, 20000);
    const f = r.found!;
    const seed = scheduleSeed(spec.seed, f.index);
    const run = execute(loaded, { ...spec, seed }, {});
    const found = {
      ...f,
      seed,
      icount: run.outcome.icount,
      signature: '',
      words: run.world.directives.copy(),
      reports: [],
    } as never;
    console.log(run.outcome.verdict, run.outcome.icount, f.verdict);
    const t0 = performance.now();
    const report = reportOfFound(
      loaded,
      spec,
      null,
      { found, times: 1 },
      { schedules: r.schedules, failures: 1 },
    );
    writeFileSync(`/tmp/page-${loaded.name.replaceAll('/', '-')}.html`, reportPage({ ...report, recording: '/home/me/race.rumpus' }));
    console.log((performance.now() - t0).toFixed(0) + ' ms\n' + reportText(report).join('\n'));
  });
test('cols', async () => {
  const { siteTable } = await import('../../../kernel/index.ts');
  for (let i = -1; i > -40; i--) { const p = siteTable.position(i); if (p) console.log(JSON.stringify(p), siteTable.accessName(i)); }
});
