/**
 * The ABA problem: IBM System/370 Principles of Operation (1983), appendix on compare-and-swap;
 * Michael, "Hazard pointers" (IEEE TPDS 2004).
 *
 * Bug      Between a pop's reading of the top and its exchange, another takes two nodes off and puts
 *          the first back: the exchange succeeds, and makes a node the top that is not on the stack.
 * Needs    One preemption, during which the other thread does all three.
 */

import { expectVerdict, program } from 'rumpus';
import { threads } from '../kit.ts';
import { pop, push, Stack } from '../stack_of_indices.ts';

function* popTwice(stack: Stack): Generator<void, void, void> {
  yield* pop(stack);
  yield* pop(stack);
}

function* popTwiceAndPush(stack: Stack): Generator<void, void, void> {
  const first = yield* pop(stack);
  yield* pop(stack);
  if (first !== 0) yield* push(stack, first);
}

const expect = expectVerdict('program-error', /lock-free stack: node \d is taken off by two/);

export default program({ components: [], expect }, function* main() {
  const stack = new Stack(4);
  yield* threads({ one: () => popTwice(stack), two: () => popTwiceAndPush(stack) });
});
