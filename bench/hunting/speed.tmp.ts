import { DEFAULT_SPEC, loadProgram, runRange } from '../../debugger/index.ts';
export async function huntSpeed(args: string[]) {
  const [file, strategy, detect, grain, n] = args;
  const loaded = await loadProgram(file, { access: grain === 'access' });
  const spec = {
    ...DEFAULT_SPEC,
    strategy: strategy as any,
    grain: grain as any,
    detectors: detect === 'none' ? [] : (detect.split(',') as any),
    knobs: { preempt: true },
  };
  let from = 0;
  for (let i = 0; i < 6; i++) {
    const c = process.cpuUsage();
    const r = runRange(loaded, spec, from, from + Number(n), { seek: 'all' });
    const u = process.cpuUsage(c);
    from += Number(n);
    console.log(
      strategy,
      detect,
      grain,
      Math.round(r.schedules / ((u.user + u.system) / 1e6)),
      'schedules per CPU second',
      r.bugs.map((b) => b.found.verdict + b.times).join(),
    );
  }
}
