/**
 * The tree of what is still to be explored: for each step of the last run a node, with the sleep
 * set and the wakeup tree of the state before that step. It is as deep as a run is long.
 *
 * Sleep sets (Godefroid 1996)  Once everything that begins with step p has been explored from a
 * state, nothing that is equivalent to it need be: p sleeps. It is woken by the first step that
 * depends on it. A state where all that can run sleeps leads to nothing new.
 *
 * Wakeup trees (Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic
 * Partial Order Reduction", JACM 2017)  When a race (e, e') is found, the run is to be continued from
 * the state before e with v = what follows e without depending on it, then the LWP of e'. It is added
 * to that state's tree unless it is there already, or a sleeping step is a weak initial of it: could
 * come first in some continuation of v. Following v to its end wakes all that sleeps, so that no run
 * is in vain. A tree's branches are in the order in which they will be explored.
 *
 * Choices  A step in which the world makes choices that are not about who runs (Strategy.choose) is
 * a different step for each list of answers. All answers are explored; then each such step sleeps.
 *
 * Bounds   A state keeps WAITING_MAX branches at most. Beyond, only their first step is added, which
 * is a source set: sound, but a run may turn out to be redundant.
 */

import {
  addNames,
  conflictsNamed,
  hasFresh,
  named,
  type NamedFootprint,
  UNKNOWN_FOOTPRINT,
} from './footprint.ts';
import type { Trace } from './trace.ts';

/** Branches that may wait at one state. */
const WAITING_MAX = 256;

/** A question of Strategy.choose in a step. */
export interface Choice {
  answer: number;
  readonly count: number;
  /** Answers that are explored, asleep, or being explored. */
  readonly done: boolean[];
}

/** A step that is remembered: asleep, or to be taken. */
export interface Remembered {
  readonly thread: number;
  /** What it was answered, and out of how many. */
  readonly answers: readonly number[];
  readonly counts: readonly number[];
  readonly footprint: NamedFootprint;
}

/** A step of a wakeup tree. */
export interface Branch extends Remembered {
  readonly next: Branch[];
}

export class Node {
  /** Who could run, and a number made of it: a run that meets another one is not the same. */
  readonly enabled: readonly number[];
  readonly signature: number;
  /** Who runs. */
  chosen: number;
  /** The step that is taken as the tree says, if it does. */
  guide: Branch | null;
  readonly choices: Choice[] = [];
  /** Explored from here. */
  sleep: Remembered[];
  waiting: Branch[] = [];
  /** The chosen step with other answers: explored. */
  finished: Remembered[] = [];
  /** Its footprint, where it got names in earlier runs. */
  names: NamedFootprint | null = null;

  constructor(enabled: readonly number[], signature: number, sleep: Remembered[], chosen: number) {
    this.enabled = enabled;
    this.signature = signature;
    this.sleep = sleep;
    this.chosen = chosen;
    this.guide = null;
  }
}

/** How much of an LWP's next step these answers are. */
function share(counts: readonly number[]): number {
  return counts.reduce((product, count) => product / count, 1);
}

/** Whether the next step of an LWP sleeps, whatever the world answers in it. */
export function sleeps(sleep: readonly Remembered[], thread: number): boolean {
  let asleep = 0;
  for (let i = 0; i < sleep.length; i++) {
    if (sleep[i].thread === thread) asleep += share(sleep[i].counts);
  }
  return asleep > 0.999;
}

/** Whether the node's step sleeps if the world answers `answers` first. */
export function answersSleep(node: Node, answers: readonly number[], counts: readonly number[]) {
  let asleep = 0;
  for (const step of node.sleep) {
    const same = step.thread === node.chosen && answers.every((a, i) => step.answers[i] === a);
    if (same) asleep += share(step.counts);
  }
  return asleep > share(counts) * 0.999;
}

/** What sleeps after the step at `index` of the trace, of what slept before it. */
export function sleepAfter(trace: Trace, index: number, sleep: readonly Remembered[]) {
  if (sleep.length === 0) return [];
  const { thread, footprint } = trace.steps[index];
  return sleep.filter(
    (step) => step.thread !== thread && !conflictsNamed(step.footprint, footprint),
  );
}

/** The node's step, as the last run took it. */
function remember(node: Node, trace: Trace, index: number): Remembered {
  noteNames(node, trace, index);
  return {
    thread: node.chosen,
    answers: node.choices.map((choice) => choice.answer),
    counts: node.choices.map((choice) => choice.count),
    footprint: node.names ?? named(trace.steps[index].footprint),
  };
}

/** Keeps the names that what the step touched first has got in this run. */
export function noteNames(node: Node, trace: Trace, index: number): void {
  const { footprint } = trace.steps[index];
  if (!hasFresh(footprint)) return;
  if (node.names === null || node.names.accesses.length !== footprint.length) {
    node.names = named(footprint);
  } else addNames(node.names, footprint);
}

/** Steps of the trace that could follow a state: the last is the one to be brought forward. */
type Sequence = number[];

/** Whether the step at place `n` of the sequence may come first. */
function comesFirst(trace: Trace, v: Sequence, n: number): boolean {
  const last = n === v.length - 1;
  for (let m = 0; m < n; m++) {
    if (last ? trace.holdsBack(v[m], v[n]) : trace.happensBefore(v[m], v[n])) return false;
  }
  return true;
}

/** Where in the sequence the LWP has its first step; -1 for nowhere. */
function firstOf(trace: Trace, v: Sequence, thread: number): number {
  for (let n = 0; n < v.length; n++) if (trace.steps[v[n]].thread === thread) return n;
  return -1;
}

/** Whether the step is a weak initial of the sequence: its first, or independent of all of it. */
function isWeakInitial(trace: Trace, path: readonly Node[], step: Remembered, v: Sequence) {
  const n = firstOf(trace, v, step.thread);
  if (n < 0) return !v.some((i) => conflictsNamed(step.footprint, trace.steps[i].footprint));
  const { choices } = path[v[n]];
  const same = step.answers.every((a, i) => choices[i] === undefined || choices[i].answer === a);
  return same && comesFirst(trace, v, n);
}

/** Whether the LWP of the sequence's last step could run at its beginning. */
function canBegin(trace: Trace, node: Node, v: Sequence): boolean {
  return node.enabled.includes(trace.steps[v[0]].thread);
}

/** Adds to the tree of a state what reverses the race of step `early` with step `late`. */
export function reverse(path: readonly Node[], trace: Trace, early: number, late: number): void {
  const node = path[early];
  const v: Sequence = [];
  for (let i = early + 1; i < trace.length; i++) {
    if (i !== late && !trace.happensBefore(early, i)) v.push(i);
  }
  v.push(late);
  insert(path, trace, node, v);
}

function insert(path: readonly Node[], trace: Trace, node: Node, v: Sequence): void {
  for (const step of node.sleep) if (isWeakInitial(trace, path, step, v)) return;
  let branches = node.waiting;
  for (;;) {
    const branch = branches.find((step) => isWeakInitial(trace, path, step, v));
    if (branch === undefined) break;
    const n = firstOf(trace, v, branch.thread);
    if (n >= 0) v.splice(n, 1);
    if (v.length === 0 || branch.next.length === 0) return;
    branches = branch.next;
  }
  if (branches === node.waiting && !canBegin(trace, node, v)) return;
  const short = node.waiting.length >= WAITING_MAX;
  branches.push(chain(path, trace, short ? v.slice(0, 1) : v));
}

function chain(path: readonly Node[], trace: Trace, v: Sequence): Branch {
  let next: Branch[] = [];
  for (let n = v.length - 1; n > 0; n--) next = [branchOf(path, trace, v[n], next)];
  return branchOf(path, trace, v[0], next);
}

function branchOf(path: readonly Node[], trace: Trace, index: number, next: Branch[]): Branch {
  const { choices } = path[index];
  return {
    thread: trace.steps[index].thread,
    answers: choices.map((choice) => choice.answer),
    counts: choices.map((choice) => choice.count),
    footprint: named(trace.steps[index].footprint),
    next,
  };
}

/** Adds one step of which nothing is known to the tree of a state, unless it is explored there. */
export function addUnknown(node: Node, thread: number): void {
  if (thread === node.chosen || sleeps(node.sleep, thread)) return;
  if (node.waiting.some((branch) => branch.thread === thread)) return;
  const step = { thread, answers: [], counts: [], footprint: UNKNOWN_FOOTPRINT, next: [] };
  node.waiting.push(step);
}

/** Turns the last node of the path that has more to explore to that; false when none has. */
export function advance(path: Node[], trace: Trace): boolean {
  for (; path.length > 0; path.pop()) {
    const index = path.length - 1;
    const node = path[index];
    if (nextAnswer(node, trace, index) || nextBranch(node, trace, index)) return true;
  }
  return false;
}

/** The same step, with the next answer to its last question that has one left. */
function nextAnswer(node: Node, trace: Trace, index: number): boolean {
  const { choices } = node;
  for (let k = choices.length - 1; k >= 0; k--) {
    const { count, done } = choices[k];
    for (let answer = 0; answer < count; answer++) {
      if (done[answer] || answerSleeps(node, k, answer)) continue;
      node.finished.push(remember(node, trace, index));
      choices.length = k + 1;
      choices[k].answer = answer;
      done[answer] = true;
      node.guide = null;
      node.names = null;
      return true;
    }
  }
  return false;
}

/** Whether answer number `k` of the node's step makes it one that sleeps. */
export function answerSleeps(node: Node, k: number, answer: number): boolean {
  if (node.sleep.length === 0) return false;
  const before = node.choices.slice(0, k);
  const counts = [...before.map((choice) => choice.count), node.choices[k].count];
  return answersSleep(node, [...before.map((choice) => choice.answer), answer], counts);
}

/** Puts what was explored to sleep, and takes the next branch of the tree. */
function nextBranch(node: Node, trace: Trace, index: number): boolean {
  const waiting = node.waiting.filter((branch) => branch.thread !== node.chosen);
  if (waiting.length === 0) return false;
  node.sleep = [...node.sleep, ...node.finished, remember(node, trace, index)];
  const [branch, ...rest] = waiting;
  node.waiting = rest;
  node.chosen = branch.thread;
  node.guide = branch;
  node.choices.length = 0;
  node.finished = [];
  node.names = null;
  return true;
}
