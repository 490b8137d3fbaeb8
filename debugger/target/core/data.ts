/**
 * Data ids of a core: what is to be watched, to be found in a re-run that stands at the same moment.
 *
 * An id is given without running anything; which object of the re-run it means is looked up when
 * there is one, once and for all ids that were given, because later that moment is left.
 */

import { type DataInfo, type Target, TargetError } from '../target.ts';
import type { CoreView } from './view.ts';
import { evaluatePath } from './expressions.ts';
import { frameIn } from './rerun.ts';

/** How a re-run knows what an id means, or why it does not. */
interface Found {
  readonly dataId: string | null;
  readonly description: string;
}

interface Wanted {
  readonly expression: string;
  /** Number of the core's frame; 0 for none. */
  readonly frame: number;
}

export class CoreData {
  readonly #view: CoreView;
  readonly #wanted = new Map<string, Wanted>();
  readonly #found = new Map<string, Found>();

  constructor(view: CoreView) {
    this.#view = view;
  }

  /** What would be watched. */
  info(name: string, handle: number | undefined, frame: number | undefined): DataInfo {
    const { variablesOf } = this.#view;
    const wanted =
      handle === undefined
        ? { expression: name, frame: frame ?? 0 }
        : withName(variablesOf.placeOf(handle, name), frame);
    const refusal = this.#refusal(wanted);
    if (refusal !== '') return { dataId: null, description: refusal, accesses: [] };
    const dataId = `core:${JSON.stringify([wanted.expression, wanted.frame])}`;
    this.#wanted.set(dataId, wanted);
    const accesses = ['read', 'write', 'readWrite', 'change'] as const;
    return { dataId, description: wanted.expression, accesses };
  }

  #refusal({ expression, frame }: Wanted): string {
    if (expression === '') return 'no expression names it, so it cannot be found in a re-run';
    if (!/[.[]/.test(expression)) return `${expression} is a variable: only fields are watched`;
    try {
      const names = this.#view.frames.names(frame === 0 ? undefined : frame);
      evaluatePath(this.#view.core, expression, names);
      return '';
    } catch (error) {
      if (error instanceof TargetError) return error.message;
      throw error;
    }
  }

  /** Looks everything up in a target that stands where the core does. */
  async find(target: Target): Promise<void> {
    for (const [id, wanted] of this.#wanted) {
      if (!this.#found.has(id)) this.#found.set(id, await this.#lookUp(target, wanted));
    }
  }

  async #lookUp(target: Target, { expression, frame }: Wanted): Promise<Found> {
    try {
      if (frame === 0) return await target.dataInfo(expression);
      const there = await frameIn(target, this.#view.frames.place(frame));
      return await target.dataInfo(expression, undefined, there.id);
    } catch (error) {
      if (error instanceof TargetError) return { dataId: null, description: error.message };
      throw error;
    }
  }

  /** What a re-run calls it; ids that are not of the core are the re-run's own. */
  translated(dataId: string): Found {
    const own = { dataId, description: '' };
    if (!dataId.startsWith('core:')) return own;
    return this.#found.get(dataId) ?? { dataId: null, description: 'the core knows no such data' };
  }
}

function withName(place: Wanted, frame: number | undefined): Wanted {
  return { expression: place.expression, frame: place.frame === 0 ? (frame ?? 0) : place.frame };
}
