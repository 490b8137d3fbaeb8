/**
 * Files of the present moment: a recording of the run up to here, and a core.
 *
 * A run that has not ended is recorded as one whose budget is spent here: so its replay ends here
 * too, with the same state.
 */

import {
  captureState,
  coreBytes,
  type RecordedSource,
  type RecordingData,
  recordingBytes,
} from '../../corefiles/index.ts';
import type { World } from '../../kernel/index.ts';
import type { Execution } from '../run/execute.ts';
import { sourcesOf } from '../run/load.ts';
import { eventsOf, recordingOf } from '../run/record.ts';
import type { RunSpec } from '../run/spec.ts';
import { sourceView } from '../run/view.ts';
import { TargetError } from '../target/target.ts';
import type { Agent } from './agent.ts';

interface RunNow {
  readonly run: Execution;
  readonly spec: RunSpec;
  /** It has not ended: its digest is not that of an end. */
  readonly ended: boolean;
}

function runNow(agent: Agent): RunNow {
  const { finished, world, timeline } = agent;
  if (world !== null) return unfinished(agent, world);
  if (finished === null) throw new TargetError('nothing has run yet');
  return { run: finished, spec: timeline.spec, ended: true };
}

function unfinished(agent: Agent, w: World): RunNow {
  const { timeline, loaded, output } = agent;
  const { stop } = agent.where();
  const budget = Math.max(1, stop.icount);
  const { icount, virtualTimeNs, lwp } = stop;
  const spent = {
    verdict: 'timeout' as const,
    message: `the budget of ${budget} statements is spent`,
    ...{ icount, virtualTimeNs, lwp, site: 0, lwps: [], error: undefined },
  };
  const { options } = loaded.instance();
  const run = { world: w, outcome: w.outcome ?? spent, options, console: output.text };
  const spec = w.outcome === null ? { ...timeline.spec, budget } : timeline.spec;
  return { run, spec, ended: false };
}

function recordingDataOf(agent: Agent, { run, spec, ended }: RunNow): RecordingData {
  const made = recordingOf(agent.loaded, spec, run);
  const data = { ...made, config: { ...made.config, ...agent.timeline.ofTest } };
  return ended ? data : { ...data, end: { ...data.end, digest: '' } };
}

/** The recording of the run up to here. Errors: TargetError for a diversion. */
export function recordingNow(agent: Agent): Buffer {
  const now = runNow(agent);
  if (agent.where().stop.diverted) {
    throw new TargetError('this is a diversion: what was written by hand is in no recording');
  }
  const sources = sourcesOf(agent.loaded);
  return recordingBytes(recordingDataOf(agent, now), sources, { console: agent.output.text });
}

/** A core of this moment. */
export function coreNow(agent: Agent, sources: readonly RecordedSource[]): Buffer {
  const now = runNow(agent);
  const { world, loaded, stacks, inspector, output } = agent;
  const { callFrames } = stacks;
  const paused = { inspector, callFrames, site: stacks.site };
  const { outcome } = now.run;
  const { precision } = stacks;
  const state =
    world === null ? null : captureState(world, outcome, sourceView(loaded), { paused, precision });
  return coreBytes({
    recording: recordingDataOf(agent, now),
    sources,
    state,
    events: eventsOf(now.run.world),
    console: output.text,
  });
}
