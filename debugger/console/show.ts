/** `show`: kernel objects, each kind as a table, or one with its fields. */

import {
  type Core,
  describe,
  type GraphObject,
  locksReport,
  locksText,
  printOf,
  printText,
  psOf,
  psText,
  table,
  type Value,
} from '../../corefiles/index.ts';
import { TargetError } from '../target/index.ts';
import { chosenFrame } from './frames.ts';
import { type Thing, THINGS } from './things.ts';
import type { Call, CommandGroup, CommandResult } from './types.ts';

const KINDS = [...THINGS.keys()].join('|');
const WIDTH = 120;
/** Levels of objects that `show lock` and the like open. */
const DEPTH = 1;
/** Objects of one name that are said. */
const NAMED = 3;

async function show(call: Call): Promise<CommandResult> {
  const words = call.words[0] === 'all' ? call.words.slice(1) : call.words;
  const [kind = '', ...what] = words;
  const name = THINGS.has(kind) ? kind : kind.replace(/s$/, '');
  const thing = THINGS.get(name);
  if (thing === undefined) throw new TargetError(`show what? show all locks, or show ${KINDS}`);
  const core = await call.target.state();
  if (core.graph === undefined) throw new TargetError('this file has no state to show');
  if (what.length === 0) return { text: allText(core, name, thing) };
  const object = await objectFor(call, core, name, thing, what.join(' '));
  return { text: printed(core, object, name) };
}

/** All of a kind; for those that `rumpus core` lists, its own list. */
function allText(core: Core, name: string, thing: Thing): string {
  if (name === 'lock') return locksText(locksReport(core));
  if (name === 'lwp') return psText(psOf(core));
  if (name === 'proc') return psText(psOf(core), 'n');
  const objects = objectsOf(core, thing);
  if (objects.length === 0) return `There is no ${name}.`;
  const rows = objects.map((object) => [`#${object.id}`, ...thing.row(core, object)]);
  const lines = table([['OBJECT', ...thing.head], ...rows]);
  return lines
    .map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line))
    .join('\n');
}

/** All of a kind, in the order of their own numbers. */
function objectsOf(core: Core, { types, names }: Thing): GraphObject[] {
  const ids = types.flatMap((type) => core.graph?.byType().get(type) ?? []);
  const objects = ids.map((id) => core.graph?.object(id)).filter((one) => one !== undefined);
  const numbers = new Map(objects.map((one) => [one, Number(names(core, one)[0])]));
  const rank = (one: GraphObject) => numbers.get(one) || 0;
  return objects.sort((a, b) => rank(a) - rank(b) || a.id - b.id);
}

function printed(core: Core, object: GraphObject, name: string): string {
  return printText({ ...printOf(core, `#${object.id}`, { depth: DEPTH }), name });
}

/** The object that is meant: by its number, name, `#object`, or a path. Errors: there is none. */
async function objectFor(
  call: Call,
  core: Core,
  name: string,
  thing: Thing,
  what: string,
): Promise<GraphObject> {
  const known = named(core, thing, what);
  if (known.length > 1) throw new TargetError(severalText(core, name, known));
  if (known.length === 1) return known[0];
  if (/^[\d/]/.test(what)) {
    throw new TargetError(`there is no ${name} ${what}: show ${name} lists them`);
  }
  const { value } = core.resolve(what, await frameNames(call, core));
  const object = core.graph?.deref(value);
  if (object !== undefined && thing.types.includes(object.type)) return object;
  throw new TargetError(`${what} is no ${name}: it is ${describe(core, value)}`);
}

/** Those that go by a name. */
function named(core: Core, thing: Thing, what: string): GraphObject[] {
  return objectsOf(core, thing).filter((object) => thing.names(core, object).includes(what));
}

function severalText(core: Core, name: string, known: readonly GraphObject[]): string {
  const some = known.slice(0, NAMED).map(({ id }) => describe(core, { kind: 'ref', id }));
  const list = [...some, ...(known.length > NAMED ? ['…'] : [])].join(', ');
  return `there are ${known.length} ${name}s of that name: ${list}; show ${name} #N means one`;
}

/** Variables of the chosen frame, as the state has them. */
async function frameNames(call: Call, core: Core): Promise<ReadonlyMap<string, Value>> {
  const chosen = await chosenFrame(call);
  const frames = core.lwps().find(({ id }) => id === chosen.lwp)?.frames ?? [];
  const locals = frames[chosen.index]?.locals ?? [];
  return new Map(locals.map(({ name, value }) => [name, value]));
}

export const SHOWING: CommandGroup = {
  title: 'Objects of the kernel',
  commands: [
    {
      name: 'show',
      usage: `show all locks | show KIND [WHAT]`,
      summary: 'who holds and waits for what; all of a kind, or one with its fields',
      details: [
        `KIND is ${KINDS.replaceAll('|', ', ')}.`,
        'WHAT is a number or name: show proc 1, show mount /tmp, show lock pillow, show file 1:3;',
        '#41 for the object of that number; or a path from this frame: show vnode vp',
      ].join('\n'),
      run: show,
    },
  ],
};
