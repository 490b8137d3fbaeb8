/** A re-run of a core that only says what was asked of it. */

import {
  type FrameInfo,
  type Motion,
  type Stop,
  type Target,
  TargetError,
} from '../../../debugger/target/index.ts';
import type { Core } from '../../../corefiles/index.ts';

/** What was called, in order: `move start`, `setBreakpoints`… */
export type Calls = string[];

export interface FakeOptions {
  readonly core: Core;
  readonly calls: Calls;
  /** Where its run ends; by default where the core's did. */
  readonly endsAt?: number;
  /** Called when it is told to continue. */
  onContinue?(): void;
}

function motionText(motion: Motion): string {
  return motion.kind === 'step' ? `step ${motion.how} ${motion.lwp}` : JSON.stringify(motion);
}

/** A target of which only what a core needs of a re-run is there. */
export function fakeRerun(options: FakeOptions): Target {
  const { core, calls } = options;
  const icount = options.endsAt ?? core.icount;
  const frames = core
    .lwps()[0]
    .frames.map((frame, i) => ({ ...frame, id: i + 1, lwp: 1 }) as unknown as FrameInfo);
  let stop: Stop | null = null;
  const at = (reason: Stop['reason'], where: number) => ({ reason, icount: where }) as Stop;
  const fake: Partial<Target> = {
    kind: 'replay',
    events: {},
    lastIcount: icount,
    get stop() {
      return stop;
    },
    capabilities: () => ({ forwards: true, backwards: true }) as ReturnType<Target['capabilities']>,
    move: async (motion) => {
      calls.push(`move ${motionText(motion)}`);
      if (motion.kind === 'continue') options.onContinue?.();
      const outcome = { verdict: core.verdict, message: core.message, icount };
      if (motion.kind === 'start') stop = { ...at('entry', 1), outcome: null };
      else if (motion.kind === 'continue') stop = { ...at('verdict', icount), outcome };
      else stop = { ...at('step', icount - 1), outcome: null };
      return stop;
    },
    interrupt: async () => void calls.push('interrupt'),
    stack: async () => frames,
    variables: async (handle) => {
      throw new TargetError(`there is no variable with handle ${handle}`);
    },
    dataInfo: async (name, _handle, frame) => ({
      dataId: `live:${name}@${frame}`,
      description: name,
      accesses: ['write'],
    }),
    setSkip: async (patterns) => void calls.push(`setSkip ${patterns.join()}`),
    setExceptions: async (request) => void calls.push(`setExceptions ${JSON.stringify(request)}`),
    setBreakpoints: async (requests) => {
      calls.push(`setBreakpoints ${JSON.stringify(requests.map(({ at: place }) => place))}`);
      return requests.map(({ id }) => ({ id, verified: true, place: null, message: 'live' }));
    },
    close: async () => void calls.push('close'),
  };
  return fake as Target;
}
