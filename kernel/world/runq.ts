/**
 * Run queues. Follows NetBSD sys/kern/kern_runq.c.
 *
 * A queue is sorted by priority, highest first, and first-in first-out within one priority.
 * Differs  Queues are short arrays; there is no per-priority bitmap and no ageing.
 */

import { cpu_idle, cpu_ready } from './schedule.ts';
import type { World } from './world.ts';
import type { Cpu } from '../kern/cpu.ts';
import type { Lwp } from '../kern/lwp.ts';

/** Puts an LWP on a queue: behind its equals, or before them if it was `preempted`. */
export function runq_insert(cpu: Cpu, l: Lwp, preempted: boolean): void {
  const runq = cpu.runq;
  let at = runq.length;
  while (at > 0) {
    const other = runq[at - 1].priority;
    if (other > l.priority || (other === l.priority && !preempted)) break;
    at--;
  }
  if (at === runq.length) runq.push(l);
  else runq.splice(at, 0, l);
}

/** Takes an LWP off a queue; nothing happens when it is not there. */
export function runq_remove(cpu: Cpu, l: Lwp): void {
  const runq = cpu.runq;
  if (runq[0] === l) {
    runq.shift();
    return;
  }
  const at = runq.indexOf(l);
  if (at >= 0) runq.splice(at, 1);
}

/** The CPU on which an LWP is to wait: its own if idle, else an idle one, else the least loaded. */
export function sched_takecpu(w: World, l: Lwp): Cpu {
  const own = l.cpu;
  if (l.bound || (own.curlwp === null && own.runq.length === 0)) return own;
  const cpus = l.kernel.cpus;
  if (w.ready.length < w.cpuCount) {
    for (let i = 0; i < cpus.length; i++) {
      if (cpus[i].curlwp === null && cpus[i].runq.length === 0) return cpus[i];
    }
  }
  let best = own;
  for (let i = 0; i < cpus.length; i++) {
    if (cpus[i].runq.length < best.runq.length) best = cpus[i];
  }
  return best;
}

/** Queues a runnable LWP on its CPU. */
export function sched_enqueue(w: World, l: Lwp): void {
  const cpu = l.cpu;
  if (cpu.curlwp === null && cpu.runq.length === 0) cpu_ready(w, cpu);
  runq_insert(cpu, l, false);
}

/** Takes an LWP that is not to run again off its CPU and its run queue. */
export function sched_dequeue(w: World, l: Lwp): void {
  const cpu = l.cpu;
  runq_remove(cpu, l);
  if (cpu.curlwp === l) cpu.curlwp = null;
  if (cpu.curlwp === null && cpu.runq.length === 0 && !runq_steal(w, cpu)) cpu_idle(w, cpu);
}

/** Gives an idle CPU the first LWP that waits, unbound, on the longest queue of its kernel. */
export function runq_steal(w: World, cpu: Cpu): boolean {
  if (w.ready.length === 0) return false;
  const cpus = cpu.kernel.cpus;
  let victim: Cpu | null = null;
  for (let i = 0; i < cpus.length; i++) {
    const other = cpus[i];
    const busy = other.curlwp !== null ? 0 : 1;
    if (other === cpu || other.runq.length <= busy) continue;
    if (victim === null || other.runq.length > victim.runq.length) victim = other;
  }
  if (victim === null) return false;
  const l = victim.runq.find((candidate) => !candidate.bound);
  if (l === undefined) return false;
  runq_remove(victim, l);
  l.cpu = cpu;
  cpu.runq.push(l);
  return true;
}
