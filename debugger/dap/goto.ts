/**
 * Targets that a client chooses from a list: functions to step into, and the moments when a line
 * ran. A program here cannot be made to skip code; going to a line means going to the moment, before
 * or after this one, at which it runs.
 */

import type { Motion } from '../target/index.ts';
import { type Arguments, argumentsOf, wholeNumber } from './args.ts';
import { DapError } from './errors.ts';
import { checkCan, go } from './motion.ts';
import type { Answer, Call, Requests, Session } from './session.ts';

interface GotoLine {
  readonly path: string;
  readonly lineBase1: number;
  readonly columnBase0: number;
  readonly backwards: boolean;
}

/** What the numbers in lists mean. They hold for the session. */
export class GotoTargets {
  readonly #lines: GotoLine[] = [];
  readonly #steps: string[] = [];

  addLine(line: GotoLine): number {
    return this.#lines.push(line);
  }

  line(id: number): GotoLine {
    const line = this.#lines[id - 1];
    if (line !== undefined) return line;
    throw new DapError('unknown', `There is no goto target ${id}.`);
  }

  addStep(name: string): number {
    return this.#steps.push(name);
  }

  stepTarget(id: number): string {
    const name = this.#steps[id - 1];
    if (name !== undefined) return name;
    throw new DapError('unknown', `There is no step-in target ${id}.`);
  }
}

async function stepInTargets(session: Session, args: Arguments): Promise<Answer> {
  const frame = await session.registry.frame(session.target, wholeNumber(args, 'frameId'));
  const names = await session.target.stepTargets(frame.id);
  return { targets: names.map((label) => ({ id: session.gotos.addStep(label), label })) };
}

/** Two targets for each place of the line: the last time that it ran, and the next. */
async function gotoTargets(session: Session, args: Arguments): Promise<Answer> {
  const { client, sources, target } = session;
  const path = sources.pathOf(argumentsOf(args['source']));
  const asked = client.lineBase1(wholeNumber(args, 'line'));
  const places = await target.breakpointPlaces(path, asked, asked);
  const { forwards, backwards } = target.capabilities();
  const ways = [...(backwards ? [true] : []), ...(forwards ? [false] : [])];
  const targets = places.flatMap(({ lineBase1, columnBase0 }) =>
    ways.map((back) => {
      const at = `line ${client.line(lineBase1)}, column ${client.column(columnBase0)}`;
      return {
        id: session.gotos.addLine({ path, lineBase1, columnBase0, backwards: back }),
        label: back ? `back to when ${at} last ran` : `on to when ${at} runs next`,
        line: client.line(lineBase1),
        column: client.column(columnBase0),
      };
    }),
  );
  return { targets };
}

async function goTo(session: Session, args: Arguments, call: Call): Promise<Answer> {
  await session.gate.share(() => session.threads.lwp(session, args));
  const line = session.gotos.line(wholeNumber(args, 'targetId'));
  checkCan(session, line.backwards ? 'backwards' : 'forwards');
  const { path, lineBase1, columnBase0 } = line;
  const motion: Motion = { kind: line.backwards ? 'reverse-continue' : 'continue' };
  const at = { kind: 'source', path, lineBase1, columnBase0 } as const;
  const wish = {
    reason: 'goto',
    prepare: () => session.breakpoints.only(session, at),
    settle: () => session.breakpoints.restore(session),
  };
  go(session, call, motion, wish);
  return undefined;
}

export const gotoRequests: Requests = {
  stepInTargets: { when: 'stopped', handle: stepInTargets },
  gotoTargets: { when: 'stopped', handle: gotoTargets },
  goto: { when: 'moves', handle: goTo },
};
