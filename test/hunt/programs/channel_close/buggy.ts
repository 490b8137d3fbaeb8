/**
 * Closing a channel, an idiom of Go: a send on a closed channel panics; Tu and others (ASPLOS 2019)
 * count such panics among the bugs of message passing.
 *
 * Bug      The sender asks whether the channel is closed, and then sends.
 * Needs    One preemption, between the two. Every access is locked.
 */

import {
  cv_broadcast,
  cv_init,
  cv_wait,
  expectVerdict,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  panic,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Channel {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'channel');
  readonly cv = cv_init('channel');
  readonly values: string[] = [];
  closed = false;
}

function* isClosed(channel: Channel): Generator<void, boolean, void> {
  yield* mutex_enter(channel.lock);
  const { closed } = channel;
  mutex_exit(channel.lock);
  return closed;
}

function* send(channel: Channel, value: string): Generator<void, void, void> {
  yield* mutex_enter(channel.lock);
  if (channel.closed) panic('channel: send on closed channel');
  channel.values.push(value);
  cv_broadcast(channel.cv);
  mutex_exit(channel.lock);
}

/** The next value, or undefined when the channel is closed and empty. */
function* receive(channel: Channel): Generator<void, string | undefined, void> {
  yield* mutex_enter(channel.lock);
  while (channel.values.length === 0 && !channel.closed) {
    yield* cv_wait(channel.cv, channel.lock);
  }
  const value = channel.values.shift();
  mutex_exit(channel.lock);
  return value;
}

function* close(channel: Channel): Generator<void, void, void> {
  yield* mutex_enter(channel.lock);
  channel.closed = true;
  cv_broadcast(channel.cv);
  mutex_exit(channel.lock);
}

function* sender(channel: Channel): Generator<void, void, void> {
  for (const value of ['a', 'b']) {
    if (!(yield* isClosed(channel))) yield* send(channel, value);
  }
}

/** Wants one value. */
function* receiver(channel: Channel): Generator<void, void, void> {
  yield* receive(channel);
  yield* close(channel);
}

const expect = expectVerdict('panic', /channel: send on closed channel/);

export default program({ components: [], expect }, function* main() {
  const channel = new Channel();
  yield* lwps({ receiver: () => receiver(channel), sender: () => sender(channel) });
});
