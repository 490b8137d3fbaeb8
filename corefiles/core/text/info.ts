/** `rumpus core info`: what the file is, and what of it is there. */

import { printable } from '../../printable.ts';
import type { Core } from '../types.ts';
import { grouped, timeText } from './lines.ts';

export interface CoreInfo {
  readonly verdict: string;
  readonly message: string;
  readonly icount: number;
  readonly virtualTimeNs: number;
  readonly digest: string;
  readonly program: string;
  readonly seed: number;
  readonly strategy: string;
  readonly grain: string;
  readonly image: string;
  /** Version of rumpus that wrote it. */
  readonly rumpus: string;
  readonly kernels: readonly {
    readonly name: string;
    readonly ncpu: number;
    readonly components: readonly string[];
  }[];
  readonly procs: number;
  readonly lwps: number;
  readonly objects: number;
  readonly events: number;
  readonly sources: number;
  readonly directives: number;
  readonly hypercalls: number;
  /** Whether it can be replayed as it is. */
  readonly replayable: boolean;
  readonly warnings: readonly string[];
}

export function infoOf(core: Core): CoreInfo {
  const { data, missing, sources } = core.recording;
  const { config, image, end } = data;
  const text = (name: string) => (typeof config[name] === 'string' ? config[name] : '');
  const inputs = ['config', 'image', 'directives', 'hypercalls'] as const;
  return {
    verdict: core.verdict,
    message: core.message,
    icount: core.icount,
    virtualTimeNs: core.virtualTimeNs,
    digest: end.digest,
    program: text('program'),
    seed: typeof config.seed === 'number' ? config.seed : 0,
    strategy: text('strategy'),
    grain: text('grain'),
    image: image.identity,
    rumpus: text('rumpus'),
    kernels: core.kernels().map(({ name, ncpu, components }) => ({ name, ncpu, components })),
    procs: core.procs().length,
    lwps: core.lwps().length,
    objects: core.graph?.count ?? 0,
    events: core.events === undefined ? 0 : eventCount(core),
    sources: sources.length,
    directives: data.kinds.length,
    hypercalls: data.hypercalls.length,
    replayable: inputs.every((part) => !missing.includes(part)),
    warnings: core.warnings,
  };
}

function eventCount({ events }: Core): number {
  if (events === undefined || events.recordWords === 0) return 0;
  return Math.floor(events.records.length / events.recordWords);
}

export function infoText(info: CoreInfo): string {
  const rows: [string, string][] = [
    ['verdict', `${info.verdict}${info.message === '' ? '' : `: ${info.message}`}`],
    ['program', info.program],
    ['when', `icount ${grouped(info.icount)}, virtual time ${timeText(info.virtualTimeNs)}`],
    ['run', `seed ${info.seed}, strategy ${info.strategy}, grain ${info.grain}`],
    ['image', `${info.image} (rumpus ${info.rumpus})`],
    ['digest', info.digest],
  ];
  for (const { name, ncpu, components } of info.kernels) {
    const linked = components.length > 0 ? `: ${components.join(', ')}` : '';
    rows.push([name, `${ncpu} virtual CPU${ncpu === 1 ? '' : 's'}${linked}`]);
  }
  rows.push(['state', stateLine(info)]);
  rows.push(['recording', recordingLine(info)]);
  const lines = rows.map(([name, value]) => `${printable(name).padEnd(10)} ${printable(value)}`);
  for (const warning of info.warnings) lines.push(`warning    ${printable(warning)}`);
  return lines.join('\n');
}

function stateLine({ objects, procs, lwps, events }: CoreInfo): string {
  const counts = [`${grouped(objects)} objects`, `${procs} processes`, `${lwps} LWPs`];
  return `${counts.join(', ')}; the last ${grouped(events)} events`;
}

function recordingLine({ directives, hypercalls, sources, replayable }: CoreInfo): string {
  const counts = [
    `${grouped(directives)} directives`,
    `${grouped(hypercalls)} answers of the host`,
  ];
  const whole = replayable ? 'can be replayed' : 'is not whole: it cannot be replayed as it was';
  return `${counts.join(', ')}, ${sources} sources; ${whole}`;
}
