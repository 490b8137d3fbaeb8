/** Stacks as a tree: a node a function, below its caller. */

export class ProfileNode {
  readonly name: string;
  readonly parent: ProfileNode | null;
  readonly children = new Map<string, ProfileNode>();
  /** Counts of the function itself. */
  self = 0;

  constructor(name: string, parent: ProfileNode | null) {
    this.name = name;
    this.parent = parent;
  }
}

/** The child of that name, made when it is the first time. */
export function childOf(node: ProfileNode, name: string): ProfileNode {
  let child = node.children.get(name);
  if (child === undefined) {
    child = new ProfileNode(name, node);
    node.children.set(name, child);
  }
  return child;
}

/** Counts of a node with all below it. */
export function totalOf(node: ProfileNode): number {
  let total = 0;
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    total += next.self;
    open.push(...next.children.values());
  }
  return total;
}

/** A function with what it took itself and with its callees. */
export interface FunctionTotals {
  readonly name: string;
  readonly self: number;
  readonly total: number;
}

/** All functions, largest self first. A recursive function's total counts each count once. */
export function functionTotals(root: ProfileNode): FunctionTotals[] {
  const sums = new Map<string, { self: number; total: number }>();
  const visit = (node: ProfileNode, above: ReadonlySet<string>): number => {
    let total = node.self;
    const within = above.has(node.name) ? above : new Set(above).add(node.name);
    for (const child of node.children.values()) total += visit(child, within);
    const sum = sums.get(node.name) ?? { self: 0, total: 0 };
    sum.self += node.self;
    if (!above.has(node.name)) sum.total += total;
    sums.set(node.name, sum);
    return total;
  };
  for (const lwp of root.children.values()) {
    for (const child of lwp.children.values()) visit(child, new Set());
  }
  const list = [...sums].map(([name, { self, total }]) => ({ name, self, total }));
  return list.sort((a, b) => b.self - a.self || b.total - a.total || (a.name < b.name ? -1 : 1));
}
