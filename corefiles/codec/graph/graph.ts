/**
 * A graph of objects that was read from a file, for those who ask about it.
 *
 *   const kernel = graph.object(idOf(graph.root('kernel')));
 *   for (const [name, value] of kernel.fields()) …
 *
 * Lazy: a segment is decoded when one of its objects is first asked for. Nothing recurses: a
 * reference is a number, and whoever follows references keeps track of where it has been.
 */

import { sentenceOf } from '../../errors.ts';
import type { Pieces } from './blobs.ts';
import type { Value } from './format.ts';
import { readSegment, type SegmentBody, type ValueBudget } from './segment-reader.ts';
import { type GraphObject, StoredObject } from './stored-object.ts';

/** A segment's bytes, until they are needed. */
export interface LazySegment {
  firstId: number;
  count: number;
  raw: Uint8Array;
  body: SegmentBody | undefined;
  /** True when it was found damaged. */
  lost: boolean;
}

/** What decodeGraph() found. */
export interface GraphParts {
  /** Objects stored, and objects numbered; Infinity when the head is lost. */
  walked: number;
  numbered: number;
  /** Why not all objects were stored, or ''. */
  cutReason: string;
  /** In the order of their first ids, without overlaps. */
  segments: LazySegment[];
  pieces: Pieces;
  warnings: string[];
  budget: ValueBudget;
}

export class Graph {
  /** What is wrong with it, a sentence each; grows as damaged segments are met. */
  readonly warnings: string[];
  /** Objects that the file has. */
  readonly count: number;
  /** Objects that were seen when it was made; more than `count` when some were left out or lost. */
  readonly numbered: number;
  /** Why objects were left out when it was made, or ''. */
  readonly cutReason: string;
  private readonly parts: GraphParts;
  private types: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(parts: GraphParts) {
    this.parts = parts;
    this.warnings = parts.warnings;
    this.count = parts.segments.reduce((sum, segment) => sum + segment.count, 0);
    this.numbered = Math.max(this.count, Number.isFinite(parts.numbered) ? parts.numbered : 0);
    this.cutReason = parts.cutReason;
  }

  /** A root by name; undefined when there is none. */
  root(name: string): Value | undefined {
    return this.object(0)?.get(name);
  }

  /** Names of the roots. */
  rootNames(): string[] {
    return Array.from(this.object(0)?.fields() ?? [], ([name]) => name);
  }

  /** An object by number; undefined when it was left out or is lost. */
  object(id: number): GraphObject | undefined {
    const segment = this.segmentOf(id);
    const body = segment && this.load(segment);
    if (segment === undefined || body === undefined) return undefined;
    const { walked, pieces } = this.parts;
    const index = id - segment.firstId;
    return new StoredObject({
      id,
      body,
      index,
      cutFrom: walked,
      pieces: pieces.byId,
      deref: this.deref,
    });
  }

  /** The object that a value refers to, if it is a reference to one. */
  readonly deref = (value: Value | undefined): GraphObject | undefined => {
    if (typeof value !== 'object' || value === null || value.kind !== 'ref') return undefined;
    return this.object(value.id);
  };

  /** All objects, in the order of their numbers. */
  *objects(): Iterable<GraphObject> {
    for (const { firstId, count } of this.parts.segments) {
      for (let id = firstId; id < firstId + count; id++) {
        const object = this.object(id);
        if (object !== undefined) yield object;
      }
    }
  }

  /** Numbers of the objects of each type. */
  byType(): ReadonlyMap<string, readonly number[]> {
    this.types ??= groupByType(this.parts.segments, (segment) => this.load(segment));
    return this.types;
  }

  private segmentOf(id: number): LazySegment | undefined {
    const { segments } = this.parts;
    let low = 0;
    let high = segments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const { firstId, count } = segments[middle];
      if (id < firstId) high = middle - 1;
      else if (id >= firstId + count) low = middle + 1;
      else return Number.isInteger(id) ? segments[middle] : undefined;
    }
    return undefined;
  }

  private load(segment: LazySegment): SegmentBody | undefined {
    if (segment.body !== undefined || segment.lost) return segment.body;
    try {
      segment.body = readSegment(segment.raw, this.parts.budget);
    } catch (error) {
      segment.lost = true;
      const which = `Objects ${segment.firstId} to ${segment.firstId + segment.count - 1}`;
      this.warnings.push(`${which} cannot be read: ${sentenceOf(error)}.`);
    }
    segment.raw = new Uint8Array(0);
    return segment.body;
  }
}

function groupByType(
  segments: LazySegment[],
  load: (segment: LazySegment) => SegmentBody | undefined,
): Map<string, number[]> {
  const types = new Map<string, number[]>();
  for (const segment of segments) {
    const body = load(segment);
    if (body === undefined) continue;
    for (let i = 0; i < segment.count; i++) {
      const { type } = body.tables[body.tableOf[i]];
      const ids = types.get(type);
      if (ids === undefined) types.set(type, [segment.firstId + i]);
      else ids.push(segment.firstId + i);
    }
  }
  return types;
}
