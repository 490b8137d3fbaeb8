/** Fields of objects in a core by the type that they should have; a foreign file may say anything. */

import type { Graph, GraphObject, Value } from '../../codec/index.ts';

export function textOf(object: GraphObject | undefined, name: string): string {
  const value = object?.get(name);
  return typeof value === 'string' ? value : '';
}

export function numberOf(object: GraphObject | undefined, name: string): number {
  const value = object?.get(name);
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function flagOf(object: GraphObject | undefined, name: string): boolean {
  return object?.get(name) === true;
}

/** The object that a field refers to. */
export function objectOf(
  graph: Graph,
  object: GraphObject | undefined,
  name: string,
): GraphObject | undefined {
  return graph.deref(object?.get(name));
}

/** The number of the object that a value refers to; -1 for none. */
export function refOf(value: Value | undefined): number {
  return typeof value === 'object' && value !== null && value.kind === 'ref' ? value.id : -1;
}

/** Elements of an array or set that a field refers to. */
export function elementsOf(
  graph: Graph,
  object: GraphObject | undefined,
  name: string,
): readonly Value[] {
  return [...(objectOf(graph, object, name)?.elements() ?? [])];
}

/** The objects among them. */
export function objectsOf(
  graph: Graph,
  object: GraphObject | undefined,
  name: string,
): readonly GraphObject[] {
  const objects = elementsOf(graph, object, name).map((value) => graph.deref(value));
  return objects.filter((one) => one !== undefined);
}
