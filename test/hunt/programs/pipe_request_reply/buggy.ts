/**
 * Requests and replies over two pipes: Stevens's client and server, with two clients.
 *
 * Bug      Clients share the pipe of replies, and each takes the next reply for its own.
 * Needs    One ordering: the requests go in one order and the reads in the other.
 */

import { expectVerdict, files, program, type Sys } from 'rumpus';
import { threads } from '../kit.ts';

interface Pipes {
  readonly requests: readonly [number, number];
  readonly replies: readonly [number, number];
}

function* serve(sys: Sys, { requests, replies }: Pipes): Generator<void, void, void> {
  const byte = new Uint8Array(1);
  for (let i = 0; i < 2; i++) {
    yield* sys.read(requests[0], byte);
    byte[0] *= 2;
    yield* sys.write(replies[1], byte);
  }
}

function* ask(sys: Sys, pipes: Pipes, number: number): Generator<void, void, void> {
  const byte = new Uint8Array([number]);
  yield* sys.write(pipes.requests[1], byte);
  yield* sys.read(pipes.replies[0], byte);
  if (byte[0] !== 2 * number) throw new Error(`pipes: twice ${number} is said to be ${byte[0]}`);
}

const expect = expectVerdict('program-error', /pipes: twice \d is said to be \d/);

export default program({ components: [files], expect }, function* main(sys) {
  const pipes: Pipes = { requests: yield* sys.pipe(), replies: yield* sys.pipe() };
  yield* threads({
    client3: () => ask(sys, pipes, 3),
    client4: () => ask(sys, pipes, 4),
    server: () => serve(sys, pipes),
  });
});
