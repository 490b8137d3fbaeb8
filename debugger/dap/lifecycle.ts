/**
 * The course of a session: initialize, launch or attach, configurationDone, restart, terminate,
 * disconnect.
 *
 *   client                        adapter
 *   initialize             →      capabilities
 *   launch                 →      opens the target; answers, then `initialized`
 *   setBreakpoints …       →
 *   configurationDone      →      starts; `stopped` at the entry or the first stop
 *   disconnect             →      closes the target: no process is left
 */

import type { Motion, Target } from '../target/index.ts';
import type { Arguments } from './args.ts';
import { argumentsOf, maybeFlag } from './args.ts';
import { arrived, ended, exitStatus } from './arrival.ts';
import { Client } from './client.ts';
import { DapError } from './errors.ts';
import { attachConfiguration, type Configuration, launchConfiguration } from './launch.ts';
import { notice, tellOutput } from './output.ts';
import type { Answer, Call, Requests, Session } from './session.ts';
import { died } from './vanished.ts';
import { invalidate } from './writes.ts';

function initialize(session: Session, args: Arguments): Answer {
  if (session.phase !== 'new') throw new DapError('order', 'initialize was sent already.');
  session.client = new Client(args);
  session.phase = 'initialized';
  return session.capabilities.initial();
}

function begin(configure: (args: Arguments) => Configuration) {
  return async (session: Session, args: Arguments, call: Call): Promise<Answer> => {
    if (session.phase !== 'initialized') {
      const name = session.configuration?.name ?? 'something';
      throw new DapError('order', `This session debugs ${name} already; a session has one target.`);
    }
    const configuration = configure(args);
    session.phase = 'opening';
    try {
      await session.open(() => openTarget(session, configuration));
      session.phase = 'open';
    } catch (thrown) {
      session.phase = 'initialized';
      throw thrown;
    }
    call.afterwards(() => announce(session));
    return undefined;
  };
}

/** Opens a target and makes it the session's. The one before is closed when the new one is there. */
async function openTarget(session: Session, configuration: Configuration): Promise<void> {
  const target = await session.host.open(configuration.open);
  try {
    if (configuration.skip !== undefined) await target.setSkip(configuration.skip);
    await session.sources.load(target);
  } catch (thrown) {
    await target.close();
    throw thrown;
  }
  const before = session.anyTarget;
  session.anyTarget = target;
  session.configuration = configuration;
  session.gone = '';
  target.events = eventsFor(session, target);
  if (before !== null) {
    before.events = {};
    await before.close();
  }
}

function eventsFor(session: Session, target: Target): Target['events'] {
  const current = () => session.anyTarget === target && session.phase !== 'closed';
  return {
    output: (line) => void (current() && tellOutput(session, line)),
    breakpointChanged: (breakpoint) =>
      void (current() && session.breakpoints.changed(session, breakpoint)),
    renumbered: () => {
      if (!current()) return;
      session.registry.forgetValues();
      invalidate(session, ['all']);
    },
    died: (why) => void (current() && died(session, why)),
  };
}

/** Tells the client what there is, and that it may set breakpoints now. */
async function announce(session: Session): Promise<void> {
  const { configuration, target } = session;
  session.tell('process', {
    name: configuration?.name ?? target.program,
    isLocalProcess: true,
    startMethod: configuration?.open.kind === 'attach' ? 'attach' : 'launch',
  });
  session.capabilities.update(session);
  session.tell('initialized');
  await session.modules.update(session).catch(() => undefined);
}

async function configurationDone(session: Session, _args: Arguments, call: Call): Promise<Answer> {
  if (session.started) throw new DapError('order', 'configurationDone was sent already.');
  call.afterwards(await start(session));
  return undefined;
}

/** What takes a target to its first stop. */
async function start(session: Session): Promise<() => unknown> {
  const { configuration, target } = session;
  session.started = true;
  await session.mover.whileStanding(() => session.exceptions.apply(session));
  const icount = configuration?.icount;
  // A core stands at its end without having been run, and an attached process where it was.
  const { stop } = target;
  if (stop === null) return fromBeginning(session);
  if (icount !== undefined) {
    return session.mover.claim([{ kind: 'goto', icount }], { reason: 'goto' });
  }
  return () => arrived(session, stop, []);
}

/** Runs from the beginning to the first stop. */
function fromBeginning(session: Session): () => unknown {
  const { configuration } = session;
  const icount = configuration?.icount;
  const goto: Motion[] = icount === undefined ? [] : [{ kind: 'goto', icount }];
  const motions: Motion[] = [{ kind: 'start' }];
  if (goto.length > 0) return session.mover.claim([...motions, ...goto], { reason: 'goto' });
  if (configuration?.stopOnEntry === true) return session.mover.claim(motions, { reason: 'entry' });
  return session.mover.claim([...motions, { kind: 'continue' }]);
}

/** The target anew: the program as it is now, with the same or another configuration. */
async function restart(session: Session, args: Arguments, call: Call): Promise<Answer> {
  const given = argumentsOf(args['arguments']);
  const before = session.configuration;
  if (before === null || session.phase !== 'open') {
    throw new DapError('order', 'There is nothing to restart.');
  }
  const configure = before.open.kind === 'attach' ? attachConfiguration : launchConfiguration;
  const configuration = Object.keys(given).length > 0 ? configure(given) : before;
  if (session.mover.away) session.mover.pause();
  session.registry.clear();
  session.verdictTold = '';
  if (isAttachedAs(session, before, configuration)) {
    await session.gate.alone(async () => undefined);
    call.afterwards(fromBeginning(session));
    return undefined;
  }
  await session.gate.alone(() => session.open(() => openTarget(session, configuration)));
  await session.gate.alone(() => session.breakpoints.restore(session));
  await session.modules.update(session).catch(() => undefined);
  session.capabilities.update(session);
  call.afterwards(await start(session));
  return undefined;
}

/** The process that was attached to is there, and is the one that is wanted: it can run again. */
function isAttachedAs(session: Session, before: Configuration, wanted: Configuration): boolean {
  const [open, other] = [before.open, wanted.open];
  if (open.kind !== 'attach' || other.kind !== 'attach') return false;
  return open.port === other.port && session.gone === '';
}

async function terminate(session: Session, _args: Arguments, call: Call): Promise<Answer> {
  const { target } = session;
  const { stop } = target;
  session.phase = 'closed';
  session.gone = 'The run was terminated.';
  await (target.terminate?.() ?? target.close());
  call.afterwards(() => {
    if (stop !== null && stop.outcome !== null) ended(session, exitStatus(stop));
    else session.tell('terminated');
  });
  return undefined;
}

/** What was launched ends; what was attached to runs on, unless it is to end. */
async function disconnect(session: Session, args: Arguments, call: Call): Promise<Answer> {
  const attached = session.configuration?.open.kind === 'attach';
  const ends = maybeFlag(args, 'terminateDebuggee') ?? !attached;
  const target = session.anyTarget;
  const isOver = session.phase === 'closed';
  session.phase = 'closed';
  session.gone ||= 'The session has ended.';
  if (!isOver && target !== null) {
    if (!ends && !attached) notice(session, 'The run ends: it cannot go on without its debugger.');
    if (maybeFlag(args, 'suspendDebuggee')) notice(session, 'Nothing stays suspended: it runs on.');
    await (ends && target.terminate ? target.terminate() : target.close());
  }
  call.afterwards(() => session.onEnd());
  return undefined;
}

export const lifecycleRequests: Requests = {
  initialize: { when: 'always', handle: initialize },
  launch: { when: 'initialized', handle: begin(launchConfiguration) },
  attach: { when: 'initialized', handle: begin(attachConfiguration) },
  configurationDone: { when: 'open', handle: configurationDone },
  restart: { when: 'initialized', handle: restart },
  terminate: { when: 'open', handle: terminate },
  disconnect: { when: 'always', handle: disconnect },
};
