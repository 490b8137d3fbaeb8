/**
 * Operations for people: who does what to which object, where. The failing run is made once more, and
 * its LWPs are looked at in the moments in question.
 */

import {
  DIRECTIVE_ACCESS,
  DIRECTIVE_STATEMENT,
  type DirectiveKind,
  hooks,
  type Lwp,
  OP_ATOMIC,
  OP_LOCK,
  OP_NONE,
  OP_RDLOCK,
  OP_READ,
  OP_START,
  OP_WAKE,
  OP_WRITE,
  type OpKind,
  siteTable,
  type Variable,
  WHOLE_OBJECT,
} from '../../../kernel/index.ts';
import { currentStack, sleepingStack, type StackFrame } from '../../../tracer/index.ts';
import { portableStack } from '../../run/places.ts';
import { sameMoment, wordsOf } from './moments.ts';
import type { Questioned } from './strategy.ts';
import type { SwapFound } from './swap.ts';
import type { Trials } from './trial.ts';
import type { Operation, Swap } from './types.ts';

/** Where operations are made of, not done: the place that people look for is their caller. */
const PRIMITIVES =
  /^rumpus\/kernel\/(world\/|hooks|accesses|sys\.ts|pthread\/|kern\/(atomic|kern_mutex|kern_rwlock|kern_condvar|kern_sleepq|subr_lockdebug|syscall)\b)/;
const PRIMITIVE_FUNCTIONS =
  /^(preempt|(genfs|vn)_(un)?lock(_now|_wait)?|VOP_(UN)?LOCK|vput|vrele|vget)$/;

/** The swap of a failing schedule in the words of its source. */
export async function describeSwap(trials: Trials, found: SwapFound): Promise<Swap> {
  const looking = new Looking(found);
  await trials.run(found.failing.steps, { questioned: looking });
  const first = looking.first ?? nothing(found.firstLwp);
  const second = looking.second ?? nothing(found.second.lwp);
  const sentence = `The same run passes when ${who(second)} ${does(second)} before ${who(first)} ${does(first)}.`;
  return { first, second, words: wordsOf(found.passing.steps), sentence };
}

/** Looks at LWP a when it is preempted, and at LWP b then or later in its turn. */
class Looking implements Questioned {
  first: Operation | null = null;
  second: Operation | null = null;
  readonly #found: SwapFound;

  constructor(found: SwapFound) {
    this.#found = found;
  }

  asked(
    kind: DirectiveKind,
    current: Lwp | null,
    at: number,
    candidates: readonly Lwp[],
    count: number,
  ): undefined {
    if (current === null) return;
    const { first, firstLwp, second } = this.#found;
    const now = { kind, lwp: current.id, at };
    if (first !== null && sameMoment(first, now)) this.first = operation(current, kind);
    if (!sameMoment(second, now)) return;
    this.second = operation(current, kind);
    for (let i = 0; i < count && first === null; i++) {
      if (candidates[i].id === firstLwp) this.first = firstOf(candidates[i]);
    }
  }
}

function nothing(lwp: number): Operation {
  return { ...{ lwp, lwpName: '', cpu: 0, icount: 0, kind: OP_NONE, object: '' }, ...NOWHERE };
}

const NOWHERE = { path: '', lineBase1: 0, function: '' };

/** What the running LWP is about to do. */
function operation(l: Lwp, kind: DirectiveKind): Operation {
  const access = kind === DIRECTIVE_ACCESS ? siteTable.position(l.opSite) : undefined;
  const known = kind === DIRECTIVE_STATEMENT ? OP_NONE : l.opKind;
  return {
    ...about(l, known),
    ...(access === undefined ? placeOf(currentStack()) : place(access)),
  };
}

/** What an LWP that does not run does first when it goes on. */
function firstOf(l: Lwp): Operation {
  const kind = l.icount === 0 ? OP_START : OP_WAKE;
  return { ...about(l, kind), ...placeOf(sleepingStack(l)) };
}

function about(l: Lwp, kind: OpKind): Omit<Operation, 'path' | 'lineBase1' | 'function'> {
  const { id: lwp, name: lwpName, cpu } = l;
  const object = kind === OP_NONE || kind === OP_START || l.op === null ? '' : objectText(l.op);
  return { lwp, lwpName, cpu: cpu.index, icount: hooks.icount, kind, object };
}

function place({ path, lineBase1, function: name }: StackFrame): typeof NOWHERE {
  return { path, lineBase1, function: name };
}

/** The innermost frame that is not a primitive's; the innermost of all when all are. */
function placeOf(stack: readonly StackFrame[]): typeof NOWHERE {
  const ours = new Set(siteTable.modules.map(({ table }) => table.path));
  const frames = portableStack(stack).filter(({ path }) => ours.has(path));
  const caller = frames.find(
    (frame) => !PRIMITIVES.test(frame.path) && !PRIMITIVE_FUNCTIONS.test(frame.function),
  );
  const found = caller ?? frames[0];
  return found === undefined ? NOWHERE : place(found);
}

/** `Counter.x`, `mutex 'pipe'`, `Array[3]`. */
function objectText({ object, key }: Variable): string {
  const { name } = object as { name?: unknown };
  const type = object.constructor?.name ?? 'object';
  const own = typeof name === 'string' && name !== '' ? `${type} '${name}'` : type;
  if (key === WHOLE_OBJECT) return own;
  return typeof key === 'number' ? `${own}[${key}]` : `${own}.${String(key)}`;
}

function who({ lwp, lwpName }: Operation): string {
  return lwpName === '' ? `LWP ${lwp}` : `LWP ${lwp} (${lwpName})`;
}

const VERBS = new Map<OpKind, string>([
  [OP_READ, 'reads'],
  [OP_WRITE, 'writes'],
  [OP_LOCK, 'takes'],
  [OP_RDLOCK, 'takes, shared,'],
  [OP_ATOMIC, 'changes'],
]);

/** `reads Counter.x at race.ts:14`, `goes on at race.ts:16` */
function does({ kind, object, path, lineBase1 }: Operation): string {
  const verb = VERBS.get(kind);
  const what = verb === undefined || object === '' ? undefined : `${verb} ${object}`;
  const where = path === '' ? '' : ` at ${path}:${lineBase1}`;
  return `${what ?? (kind === OP_START ? 'begins' : 'goes on')}${where}`;
}
