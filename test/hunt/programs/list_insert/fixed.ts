/** Insertions at the head of a linked list, under a mutex. */

import { MUTEX_DEFAULT, mutex_enter, mutex_exit, mutex_obj_alloc, program } from 'rumpus';
import { lwps } from '../kit.ts';

interface Node {
  readonly name: string;
  next: Node | null;
}

export default program({ components: [] }, function* main() {
  const lock = mutex_obj_alloc(MUTEX_DEFAULT, 'list');
  let head: Node | null = null;
  function* insert(name: string): Generator<void, void, void> {
    yield* mutex_enter(lock);
    head = { name, next: head };
    mutex_exit(lock);
  }
  function length(): number {
    let nodes = 0;
    for (let node = head; node !== null; node = node.next) nodes++;
    return nodes;
  }
  yield* lwps({ a: () => insert('a'), b: () => insert('b') });
  if (length() !== 2) throw new Error(`list: ${length()} of 2 nodes are in it`);
});
