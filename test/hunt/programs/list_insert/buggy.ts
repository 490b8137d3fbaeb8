/**
 * Two insertions at the head of a linked list: the example with which every lecture on locks begins
 * (xv6 book, chapter on locking).
 *
 * Bug      Each reads the head, links its node to it and stores it as the head.
 * Needs    One preemption, between reading and storing the head.
 */

import { expectVerdict, program } from 'rumpus';
import { lwps } from '../kit.ts';

interface Node {
  readonly name: string;
  next: Node | null;
}

const expect = expectVerdict('program-error', /list: \d of 2 nodes are in it/);

export default program({ components: [], expect }, function* main() {
  let head: Node | null = null;
  function* insert(name: string): Generator<void, void, void> {
    head = { name, next: head };
  }
  function length(): number {
    let nodes = 0;
    for (let node = head; node !== null; node = node.next) nodes++;
    return nodes;
  }
  yield* lwps({ a: () => insert('a'), b: () => insert('b') });
  if (length() !== 2) throw new Error(`list: ${length()} of 2 nodes are in it`);
});
