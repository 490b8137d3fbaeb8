/** Requests and replies over two pipes for each client. */

import { files, program, type Sys } from 'rumpus';
import { threads } from '../kit.ts';

interface Pipes {
  readonly requests: readonly [number, number];
  readonly replies: readonly [number, number];
}

function* serve(sys: Sys, { requests, replies }: Pipes): Generator<void, void, void> {
  const byte = new Uint8Array(1);
  yield* sys.read(requests[0], byte);
  byte[0] *= 2;
  yield* sys.write(replies[1], byte);
}

function* ask(sys: Sys, pipes: Pipes, number: number): Generator<void, void, void> {
  const byte = new Uint8Array([number]);
  yield* sys.write(pipes.requests[1], byte);
  yield* sys.read(pipes.replies[0], byte);
  if (byte[0] !== 2 * number) throw new Error(`pipes: twice ${number} is said to be ${byte[0]}`);
}

function* makePipes(sys: Sys): Generator<void, Pipes, void> {
  return { requests: yield* sys.pipe(), replies: yield* sys.pipe() };
}

export default program({ components: [files] }, function* main(sys) {
  const three = yield* makePipes(sys);
  const four = yield* makePipes(sys);
  yield* threads({
    client3: () => ask(sys, three, 3),
    client4: () => ask(sys, four, 4),
    server3: () => serve(sys, three),
    server4: () => serve(sys, four),
  });
});
