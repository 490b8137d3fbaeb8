/**
 * Exhaustive search with optimal dynamic partial-order reduction: one run for each class of runs
 * that differ in no more than the order of independent steps (Mazurkiewicz 1977).
 *
 * How it goes  A run follows the path of the tree (tree.ts) to its end, and goes on from there as it
 * likes. Its trace (trace.ts) shows which steps raced; for each race a sequence that reverses it is
 * added to the state before the earlier step. Then the deepest state that has a branch left says how
 * the next run goes on. When none has, every class was seen, and none twice: Abdulla, Aronis,
 * Jonsson, Sagonas, JACM 2017; after Flanagan and Godefroid, POPL 2005.
 *
 * What must hold  A run is a function of its schedule: one that meets other candidates than those
 * that were there before ends the search. A step's footprint is complete (footprint.ts): what it does
 * to plain data at the grain `sync` is not seen, and has to be under locks or made by atomics.
 *
 * Ends     A run that ends while others could go on (a panic, a failed assertion) depends on
 * everything: how far the others had got makes another class.
 *
 * Example  Two LWPs that read x, then write x: four classes. r1 w1 r2 w2 is run first; the race of
 * w1 and r2 adds [r2] before w1, that of r1 and w2 adds [r2 w2] before r1; and so on.
 */

import { type Lwp, LSONPROC, LSRUN, LW_DAEMON } from '../../../kern/lwp.ts';
import { curworld } from '../../current.ts';
import type { DirectiveKind } from '../../directives.ts';
import { conclude, unwindWorld } from '../../outcome.ts';
import type { World } from '../../world.ts';
import type { ChoiceKind } from '../strategy.ts';
import { Eligible } from './eligible.ts';
import { counted, noCaveats, type Search } from './search.ts';
import { Trace } from './trace.ts';
import { Watch } from './watch.ts';
import {
  addUnknown,
  advance,
  answerSleeps,
  type Branch,
  type Choice,
  Node,
  noteNames,
  reverse,
  sleepAfter,
  sleeps,
} from './tree.ts';

/** Steps in a row after which an LWP that nobody told to go on makes way for another. */
const ROW_MAX = 1000;

export class DporSearch implements Search {
  executions = 0;
  classes = 0;
  blocked = 0;
  readonly caveats = noCaveats();
  readonly #trace = new Trace();
  readonly monitor: Watch = new Watch(this.#trace, (l) => this.#unasked(l));
  readonly #eligible = new Eligible(this.#trace.threads);
  readonly #path: Node[] = [];
  #begun = false;
  #done = false;
  /** This run goes nowhere new. */
  #redundant = false;
  #inARow = 0;
  /** Questions of the running step that were answered. */
  #answered = 0;

  more(): boolean {
    return !this.#done;
  }

  begin(): void {
    if (this.#begun) this.#over(null);
    this.#begun = true;
    this.#redundant = false;
    this.#inARow = 0;
    this.#answered = 0;
    this.#trace.start();
    this.monitor.start();
    this.#eligible.begin();
  }

  next(
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
    kind: DirectiveKind,
  ): number {
    this.#trace.end(current);
    if (this.#done) return -1;
    this.#eligible.asked(current, kind);
    const index = this.#trace.length;
    const signature = this.#eligible.signature(candidates, count);
    let answer: number;
    if (index < this.#path.length) answer = this.#follow(index, signature, candidates, count);
    else answer = this.#extend(index, signature, candidates, count, current);
    if (answer < 0) return answer;
    this.#step(candidates[answer]);
    this.monitor.expect(candidates[answer], current);
    return answer;
  }

  #step(l: Lwp): void {
    this.#eligible.runs(l);
    this.#trace.step(l);
    this.#answered = 0;
  }

  /** The answer that the path has for this question. */
  #follow(index: number, signature: number, candidates: readonly Lwp[], count: number): number {
    const node = this.#path[index];
    if (node.signature === signature) {
      const { threads } = this.#trace;
      for (let i = 0; i < count; i++) if (threads.of(candidates[i]) === node.chosen) return i;
    }
    return this.#diverged(`step ${index + 1} of a run met other LWPs than when it was made before`);
  }

  #diverged(what: string): number {
    this.caveats.diverged = `the program is not deterministic: ${what}`;
    this.#done = true;
    return -1;
  }

  /** A state that no run has been in. */
  #extend(
    index: number,
    signature: number,
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
  ): number {
    const eligible = this.#eligible;
    eligible.choose(candidates, count);
    const node = this.#newNode(index, signature, eligible.threads.slice());
    const guided = node.guide === null ? -1 : eligible.threads.indexOf(node.guide.thread);
    if (guided >= 0) return this.#take(node, guided);
    node.guide = null;
    node.waiting = [];
    const free = this.#free(node, candidates, current);
    return free >= 0 ? this.#take(node, free) : this.#inVain();
  }

  #take(node: Node, at: number): number {
    node.chosen = node.enabled[at];
    return this.#eligible.at[at];
  }

  #newNode(index: number, signature: number, enabled: readonly number[]): Node {
    const before = this.#path[index - 1] as Node | undefined;
    const sleep = before === undefined ? [] : sleepAfter(this.#trace, index - 1, before.sleep);
    const node = new Node(enabled, signature, sleep, -1);
    const next = before === undefined ? null : this.#guideOf(before);
    if (next !== null) {
      node.guide = next[0];
      node.waiting = next.slice(1);
    }
    this.#path.push(node);
    return node;
  }

  /** What the wakeup tree says of the state after a node's step. */
  #guideOf(node: Node): Branch[] | null {
    const { guide, choices } = node;
    node.guide = null;
    if (guide === null || guide.next.length === 0) return null;
    const same = choices.every((choice, i) => choice.answer === guide.answers[i]);
    return same ? guide.next : null;
  }

  /** Where nobody says who runs: who ran, if it can, else the first that does not sleep. */
  #free(node: Node, candidates: readonly Lwp[], current: Lwp | null): number {
    const { at } = this.#eligible;
    let first = -1;
    let own = -1;
    for (let i = 0; i < node.enabled.length; i++) {
      if (sleeps(node.sleep, node.enabled[i])) continue;
      if (candidates[at[i]] === current) own = i;
      else if (first < 0) first = i;
    }
    if (own < 0 || (this.#inARow >= ROW_MAX && first >= 0)) {
      this.#inARow = 0;
      return first >= 0 ? first : own;
    }
    this.#inARow++;
    return own;
  }

  /** All that can run sleeps: whatever follows was seen. */
  #inVain(): never {
    this.#redundant = true;
    this.#path.pop();
    conclude(curworld(), 'passed', 'this schedule is equivalent to one that was explored', null);
    unwindWorld();
  }

  /** The only LWP that can run does so. */
  #unasked(l: Lwp): void {
    if (this.#done || !this.#begun) return;
    this.#trace.end(null);
    const index = this.#trace.length;
    const thread = this.#trace.threads.of(l);
    if (index >= this.#path.length) {
      const node = this.#newNode(index, -1 - thread, [thread]);
      if (node.guide?.thread !== thread) {
        node.guide = null;
        node.waiting = [];
      }
      if (sleeps(node.sleep, thread)) this.#inVain();
      node.chosen = thread;
    } else if (this.#path[index].signature !== -1 - thread) {
      this.#diverged(`at step ${index + 1} of a run no question was asked as there was before`);
      return;
    }
    this.#step(l);
  }

  choose(_kind: ChoiceKind, count: number): number {
    const node = this.#path[this.#trace.length - 1] as Node | undefined;
    if (this.#done || node === undefined) return 0;
    const k = this.#answered++;
    let choice = node.choices[k] as Choice | undefined;
    if (choice === undefined) {
      choice = this.#newChoice(node, k, count);
      node.choices.push(choice);
    } else if (choice.count !== count) {
      this.#diverged(`a choice had ${count} answers instead of ${choice.count}`);
      return 0;
    }
    return choice.answer;
  }

  #newChoice(node: Node, k: number, count: number): Choice {
    const done = new Array<boolean>(count).fill(false);
    const choice: Choice = { answer: 0, count, done };
    node.choices.push(choice);
    for (let answer = 0; answer < count; answer++) done[answer] = answerSleeps(node, k, answer);
    node.choices.pop();
    const guided = node.guide?.answers[k];
    if (guided !== undefined && guided < count && !done[guided]) choice.answer = guided;
    else choice.answer = Math.max(0, done.indexOf(false));
    done[choice.answer] = true;
    return choice;
  }

  ended(w: World): void {
    if (this.#begun) this.#over(w);
    this.#begun = false;
  }

  /** The run is over; `w` is its world, if that is known. */
  #over(w: World | null): void {
    this.executions++;
    if (this.#done) return;
    const trace = this.#trace;
    this.#noteEnd(w);
    trace.end(null);
    if (trace.length < this.#path.length && !this.#redundant) {
      this.#diverged(
        `a run ended after ${trace.length} steps, before it was where it was to branch`,
      );
      return;
    }
    for (let i = 0; i < trace.length; i++) {
      if (this.#path[i].enabled.length > 1) noteNames(this.#path[i], trace, i);
    }
    for (let late = 1; late < trace.length; late++) this.#reverseAll(late);
    this.#done = !advance(this.#path, trace);
  }

  #reverseAll(late: number): void {
    const { thread, races, scheduled } = this.#trace.steps[late];
    for (const early of races) reverse(this.#path, this.#trace, early, late);
    for (const early of scheduled) {
      if (this.#path[early].enabled.includes(thread)) reverse(this.#path, this.#trace, early, late);
    }
  }

  /** What the end of the run tells. */
  #noteEnd(w: World | null): void {
    const { caveats } = this;
    caveats.yielded ||= this.#eligible.yielded;
    caveats.timers ||= this.#trace.timers;
    if (this.#redundant) this.blocked++;
    else if (w?.outcome?.verdict === 'timeout') caveats.cut++;
    else {
      this.classes++;
      if (w !== null) this.#endsOthers(w);
    }
  }

  /** A run that ends while others could go on: they are to go on before its last step, too. */
  #endsOthers(w: World): void {
    const index = this.#trace.length - 1;
    const node = this.#path[index] as Node | undefined;
    if (node === undefined || !canGoOn(w, this.#trace.steps[index].lwp)) return;
    this.#trace.steps[index].footprint.ends = true;
    for (const thread of node.enabled) addUnknown(node, thread);
  }

  explored(): string {
    return `all ${counted(this.classes, 'class', 'classes')}`;
  }
}

/** Whether an LWP of the program other than `l` could run on. */
function canGoOn(w: World, l: Lwp | null): boolean {
  return w.lwps.some((other) => {
    if (other === null || other === l || (other.flag & LW_DAEMON) !== 0) return false;
    return other.stat === LSRUN || other.stat === LSONPROC;
  });
}
