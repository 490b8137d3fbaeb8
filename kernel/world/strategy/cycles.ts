/** Cycles of a lock order: its strongly connected components of more than one lock (Tarjan 1972). */

/** Edges are from << 16 | to; gives the locks of each component. */
export function lockCycles(edges: ReadonlySet<number>): number[][] {
  const next = new Map<number, number[]>();
  for (const edge of edges) {
    const from = edge >>> 16;
    const list = next.get(from);
    if (list === undefined) next.set(from, [edge & 0xffff]);
    else list.push(edge & 0xffff);
  }
  const search = new Search(next);
  for (const lock of next.keys()) search.visit(lock);
  return search.components.filter((component) => component.length > 1);
}

class Search {
  readonly components: number[][] = [];
  readonly #next: ReadonlyMap<number, readonly number[]>;
  readonly #order = new Map<number, number>();
  readonly #stack: number[] = [];

  constructor(next: ReadonlyMap<number, readonly number[]>) {
    this.#next = next;
  }

  /** The lowest order that is reached from `lock` on the stack. Lock orders are shallow. */
  visit(lock: number): number {
    const seen = this.#order.get(lock);
    if (seen !== undefined) return this.#stack.includes(lock) ? seen : Number.POSITIVE_INFINITY;
    const own = this.#order.size;
    this.#order.set(lock, own);
    this.#stack.push(lock);
    let low = own;
    for (const to of this.#next.get(lock) ?? []) low = Math.min(low, this.visit(to));
    if (low === own) this.components.push(this.#stack.splice(this.#stack.indexOf(lock)));
    return low;
  }
}
