/**
 * Variables of a core behind handles: numbers by which a client opens what it was shown.
 *
 * Numbers begin far above those of processes, which begin at 1: one that was given before a core
 * was re-run must not mean something else afterwards.
 */

import {
  type Core,
  describeField,
  type GraphObject,
  printable,
  type Value,
} from '../../../corefiles/index.ts';
import { isIdentifier } from '../../agent/values/expression.ts';
import { pieceMembers, piecesOf } from '../../agent/values/text.ts';
import { type Page, TargetError, type Variable } from '../target.ts';
import { countIndexed, countNamed, indexedMembers, type Member, namedMembers } from './members.ts';

/** The first number of handles, and of frames. */
export const FIRST_HANDLE = 0x40000000;
/** Variables of one answer. */
const PAGE_MAX = 10_000;

/** A variable of a scope, which is no field of an object. */
export interface ScopeEntry {
  readonly name: string;
  readonly value: Value;
  readonly optimizedAway: boolean;
}

/** Where a value was found. */
export interface Place {
  /** Expression that gives it in its frame; '' when none does. */
  readonly expression: string;
  /** Number of the frame for which it does; 0 for any. */
  readonly frame: number;
}

/** What is behind a handle. */
type Inside =
  | { readonly kind: 'object'; readonly id: number; readonly place: Place }
  | { readonly kind: 'text'; readonly text: string; readonly place: Place }
  | { readonly kind: 'scope'; readonly entries: readonly ScopeEntry[]; readonly place: Place }
  /** An entry of a map: its key and its value. */
  | { readonly kind: 'entry'; readonly member: Member; readonly place: Place };

export class Variables {
  readonly #core: Core;
  readonly #inside: Inside[] = [];
  readonly #known = new Map<string, number>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** A handle for the variables of a scope. */
  scope(entries: readonly ScopeEntry[], frame: number): number {
    return this.#add({ kind: 'scope', entries, place: { expression: '', frame } });
  }

  /** A handle for the inside of an object; 0 when it has none. */
  object(object: GraphObject, place: Place): number {
    const key = `${object.id} ${place.frame} ${place.expression}`;
    let handle = this.#known.get(key) ?? 0;
    if (handle === 0 && countNamed(object) + countIndexed(object) > 0) {
      handle = this.#add({ kind: 'object', id: object.id, place });
      this.#known.set(key, handle);
    }
    return handle;
  }

  #add(inside: Inside): number {
    return FIRST_HANDLE + this.#inside.push(inside);
  }

  #get(handle: number): Inside {
    const inside = this.#inside[handle - FIRST_HANDLE - 1];
    if (inside === undefined) throw new TargetError(`there is no value ${handle} in the core`);
    return inside;
  }

  /** The variables behind a handle. Errors: the handle is unknown. */
  list(handle: number, page: Page = {}): Variable[] {
    const inside = this.#get(handle);
    switch (inside.kind) {
      case 'scope':
        return this.#paged(inside.entries, [], page, (entry) => this.#scopeVariable(entry, inside));
      case 'entry':
        return this.#paged(partsOf(inside.member), [], page, (member) =>
          this.#variable(member, inside.place.frame, ''),
        );
      case 'text': {
        const { text } = inside;
        return this.#paged(
          [],
          pieceMembers(text, 0, piecesOf(text)),
          page,
          ({ name, instead }) => ({
            ...this.variable(name, undefined, { expression: '', frame: 0 }),
            value: instead ?? '',
            type: 'string',
          }),
        );
      }
      case 'object':
        return this.#objectPage(inside.id, inside.place, page);
    }
  }

  #objectPage(id: number, { expression, frame }: Place, page: Page): Variable[] {
    const core = this.#core;
    const object = core.graph?.object(id);
    if (object === undefined) throw new TargetError('this object cannot be read: it is damaged');
    const named = page.filter === 'indexed' ? 0 : countNamed(object);
    const from = Math.max(0, (page.start ?? 0) - named);
    const skipped = { ...page, start: (page.start ?? 0) - from };
    return this.#paged(
      namedMembers(object, expression),
      indexedMembers(core, object, expression, from),
      skipped,
      (member) => this.#variable(member, frame, object.type),
    );
  }

  /** The part of all items that a page is about; what is left out is said in a last variable. */
  #paged<Item>(
    named: Iterable<Item>,
    indexed: Iterable<Item>,
    { filter, start = 0, count = 0 }: Page,
    variable: (item: Item) => Variable,
  ): Variable[] {
    const wanted = count > 0 ? count : Number.POSITIVE_INFINITY;
    const list: Variable[] = [];
    let at = 0;
    for (const items of [filter === 'indexed' ? [] : named, filter === 'named' ? [] : indexed]) {
      for (const item of items) {
        if (at++ < start) continue;
        if (list.length >= wanted) return list;
        if (list.length === PAGE_MAX) return [...list, this.#rest()];
        list.push(variable(item));
      }
    }
    return list;
  }

  #rest(): Variable {
    const variable = this.variable('…', undefined, { expression: '', frame: 0 });
    return { ...variable, value: `there are more than ${PAGE_MAX}`, type: '' };
  }

  /** Where a variable of a handle is found. Errors: no such handle or variable. */
  placeOf(handle: number, name: string): Place {
    const { place } = this.#get(handle);
    const found = this.list(handle).find((variable) => variable.name === name);
    if (found === undefined) throw new TargetError(`there is no ${printable(name)} in it`);
    return { expression: found.evaluateName, frame: place.frame };
  }

  #scopeVariable({ name, value, optimizedAway }: ScopeEntry, { place }: Inside): Variable {
    const expression = isIdentifier(name) ? name : '';
    const variable = this.variable(name, value, { expression, frame: place.frame });
    return optimizedAway
      ? { ...variable, value: 'undefined or optimised away', optimizedAway }
      : variable;
  }

  #variable(member: Member, frame: number, ownerType: string): Variable {
    const { name, value, expression, key } = member;
    const variable = this.variable(name, value, { expression, frame }, ownerType);
    if (key === undefined) return variable;
    const handle = this.#add({ kind: 'entry', member, place: { expression, frame } });
    return { ...variable, handle, named: 2, indexed: 0 };
  }

  /** One value as a client sees it; `ownerType` is the class of which it is a field. */
  variable(name: string, value: Value, place: Place, ownerType = ''): Variable {
    const core = this.#core;
    const object = core.graph?.deref(value);
    const isBytes = object?.kind === 'view' || object?.kind === 'buffer';
    const pieces = typeof value === 'string' ? piecesOf(value) : 0;
    return {
      name: printable(name),
      value: describeField(core, ownerType, name, value),
      type: typeText(object, value),
      handle: this.#handleOf(object, pieces === 0 ? '' : String(value), place),
      named: object === undefined ? 0 : countNamed(object),
      indexed: object === undefined ? pieces : countIndexed(object),
      evaluateName: place.expression,
      memory: isBytes ? `#${object.id}` : '',
      writable: false,
      optimizedAway: false,
    };
  }

  #handleOf(object: GraphObject | undefined, longText: string, place: Place): number {
    if (object !== undefined) return this.object(object, place);
    return longText === '' ? 0 : this.#add({ kind: 'text', text: longText, place });
  }
}

function partsOf({ key, value, expression }: Member): Member[] {
  if (key === undefined) return [];
  return [
    { name: 'key', value: key.value, expression: key.expression },
    { name: 'value', value, expression },
  ];
}

/** `number`, `string`, or the class. */
function typeText(object: GraphObject | undefined, value: Value): string {
  if (object !== undefined) return printable(object.type);
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return value.kind === 'function' || value.kind === 'symbol' ? value.kind : '';
}
