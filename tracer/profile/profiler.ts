/**
 * The exact profiler: every count of a run is attributed to its stack.
 *
 * It runs the program again with a watch at every icount, so nothing is sampled: the counts of the
 * tree add up to the run's icount, and two profiles of one recording are the same text.
 *
 * How a stack is known  Generators are on the frame list. A plain function counts its own entry and
 * knows its depth (hooks.pd), so the function of the last count at each depth is the plain part of
 * the stack; no host stack is ever taken. Each generator remembers its node, so a count costs two
 * look-ups however deep it is.
 *
 * Roots  One for each LWP, and `boot` for what ran before the first, `clock interrupt` for timers.
 */

import {
  current,
  type Frame,
  hooks,
  type Lwp,
  type Observer,
  siteTable,
  type World,
} from '../../kernel/index.ts';
import { childOf, ProfileNode } from './tree.ts';

export class Profiler {
  readonly root = new ProfileNode('all', null);
  /** Function names of sites, by site. */
  readonly #names: (string | undefined)[] = [];
  readonly #generators = new WeakMap<Frame, ProfileNode>();
  readonly #lwps = new Map<Lwp, ProfileNode>();
  /** Nodes of the plain functions above `#below`, by depth - 1. */
  readonly #plain: ProfileNode[] = [];
  #below: ProfileNode = this.root;
  /** Depth at which an interrupt's own functions begin. */
  #interruptDepth = 0;
  #last: ProfileNode = this.root;
  #counted = 0;
  #world: World | null = null;

  /** To be called with the world before it runs. */
  prepare(w: World): void {
    this.#world = w;
    childOf(this.root, 'boot').self += w.icount;
    this.#counted = w.icount;
    w.watchStop = w.icount + 1;
  }

  readonly observer: Observer = {
    reached: (icount, site) => this.#count(icount, site),
  };

  /** To be called with the run's last icount: the count that ended it was not watched. */
  finish(icount: number): void {
    if (icount > this.#counted) this.#last.self += icount - this.#counted;
    this.#counted = icount;
  }

  #count(icount: number, site: number): void {
    const node = this.#nodeAt(site);
    node.self += icount - this.#counted;
    this.#counted = icount;
    this.#last = node;
    this.#world!.watchStop = icount + 1;
  }

  #nodeAt(site: number): ProfileNode {
    const name = this.#nameOf(site);
    const l = current.lwp;
    if (l === null) return this.#interruptNode(name);
    const below = this.#generatorNode(l, name);
    const depth = hooks.pd;
    if (below !== this.#below) {
      this.#below = below;
      this.#plain.length = 0;
    }
    return depth <= 0 ? below : this.#plainNode(below, depth, name);
  }

  /** The plain function `name` at a depth; what stands between is what counted last there. */
  #plainNode(below: ProfileNode, depth: number, name: string): ProfileNode {
    const plain = this.#plain;
    if (plain.length >= depth) plain.length = depth - 1;
    const node = childOf(plain.at(-1) ?? below, name);
    while (plain.length < depth) plain.push(node);
    return node;
  }

  /** Node of the innermost generator. Its first count is its entry, which is its own. */
  #generatorNode(l: Lwp, name: string): ProfileNode {
    const frame = hooks.frames[hooks.fp - 1];
    const known = this.#generators.get(frame);
    if (known !== undefined) return known;
    const outer = hooks.fp < 2 ? undefined : this.#generators.get(hooks.frames[hooks.fp - 2]);
    const parent = outer ?? this.#lwpNode(l);
    const node = childOf(parent, name);
    this.#generators.set(frame, node);
    return node;
  }

  #lwpNode(l: Lwp): ProfileNode {
    let node = this.#lwps.get(l);
    if (node === undefined) {
      node = childOf(this.root, `${l.name}#${l.id}`);
      this.#lwps.set(l, node);
    }
    return node;
  }

  #interruptNode(name: string): ProfileNode {
    const root = childOf(this.root, 'clock interrupt');
    if (this.#below !== root) {
      this.#below = root;
      this.#plain.length = 0;
      this.#interruptDepth = hooks.pd - 1;
    }
    return this.#plainNode(root, Math.max(1, hooks.pd - this.#interruptDepth), name);
  }

  #nameOf(site: number): string {
    let name = this.#names[site];
    if (name === undefined) {
      name = siteTable.position(site)?.function || '(anonymous)';
      this.#names[site] = name;
    }
    return name;
  }
}
