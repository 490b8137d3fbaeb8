/** Cycles of the wait-for graph: deadlocks. */

import type { WaitEdge } from '../types.ts';

/** One cycle through each LWP that is part of one, each cycle once. */
export function findCycles(edges: readonly WaitEdge[]): WaitEdge[][] {
  const from = new Map<number, WaitEdge[]>();
  for (const edge of edges) {
    const list = from.get(edge.waiter);
    if (list === undefined) from.set(edge.waiter, [edge]);
    else list.push(edge);
  }
  const known = new Set<number>();
  const cycles: WaitEdge[][] = [];
  for (const start of from.keys()) {
    if (known.has(start)) continue;
    const cycle = cycleThrough(from, start);
    if (cycle === undefined) continue;
    for (const { waiter } of cycle) known.add(waiter);
    cycles.push(cycle);
  }
  return cycles;
}

/** A shortest way from an LWP back to itself, by breadth-first search. */
function cycleThrough(
  from: ReadonlyMap<number, readonly WaitEdge[]>,
  start: number,
): WaitEdge[] | undefined {
  const cameBy = new Map<number, WaitEdge>();
  const queue = [start];
  for (let i = 0; i < queue.length; i++) {
    for (const edge of from.get(queue[i]) ?? []) {
      if (edge.holder === start) return wayTo(cameBy, edge, start);
      if (cameBy.has(edge.holder)) continue;
      cameBy.set(edge.holder, edge);
      queue.push(edge.holder);
    }
  }
  return undefined;
}

function wayTo(cameBy: ReadonlyMap<number, WaitEdge>, last: WaitEdge, start: number): WaitEdge[] {
  const way = [last];
  while (way[0].waiter !== start) {
    const edge = cameBy.get(way[0].waiter);
    if (edge === undefined) break;
    way.unshift(edge);
  }
  return way;
}
