/**
 * stack of the CS benchmarks (SCTBench).
 *
 * Bug      A flag says that there was something on the stack once; the popping thread takes it to
 *          mean that there is. All is locked.
 * Needs    One preemption of the pushing thread, and two pops in a row.
 */

import {
  expectVerdict,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

const SIZE = 10;

class Stack {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'stack');
  readonly slots = new Uint32Array(SIZE);
  top = 0;
  filled = false;
}

function push(stack: Stack, value: number): void {
  if (stack.top === SIZE) throw new Error('stack: a push onto a full stack');
  stack.slots[stack.top] = value;
  stack.top++;
}

function pop(stack: Stack): number {
  if (stack.top === 0) throw new Error('stack: a pop from an empty stack');
  stack.top--;
  return stack.slots[stack.top];
}

function* pusher(stack: Stack): Generator<void, void, void> {
  for (let i = 0; i < SIZE; i++) {
    yield* mutex_enter(stack.lock);
    push(stack, i);
    stack.filled = true;
    mutex_exit(stack.lock);
  }
}

function* popper(stack: Stack): Generator<void, void, void> {
  for (let i = 0; i < SIZE; i++) {
    yield* mutex_enter(stack.lock);
    if (stack.filled) pop(stack);
    mutex_exit(stack.lock);
  }
}

const expect = expectVerdict('program-error', /stack: a pop from an empty stack/);

export default program({ components: [], expect }, function* main() {
  const stack = new Stack();
  yield* lwps({ push: () => pusher(stack), pop: () => popper(stack) });
});
