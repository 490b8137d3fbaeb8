/** stack, where the popping thread looks at the stack. */

import { MUTEX_DEFAULT, mutex_enter, mutex_exit, mutex_obj_alloc, program } from 'rumpus';
import { lwps } from '../kit.ts';

const SIZE = 10;

class Stack {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'stack');
  readonly slots = new Uint32Array(SIZE);
  top = 0;
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
    mutex_exit(stack.lock);
  }
}

function* popper(stack: Stack): Generator<void, void, void> {
  for (let i = 0; i < SIZE; i++) {
    yield* mutex_enter(stack.lock);
    if (stack.top > 0) pop(stack);
    mutex_exit(stack.lock);
  }
}

export default program({ components: [] }, function* main() {
  const stack = new Stack();
  yield* lwps({ push: () => pusher(stack), pop: () => popper(stack) });
});
