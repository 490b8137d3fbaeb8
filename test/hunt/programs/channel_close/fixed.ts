/** A channel that says to the sender that it is closed. */

import {
  cv_broadcast,
  cv_init,
  cv_wait,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Channel {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'channel');
  readonly cv = cv_init('channel');
  readonly values: string[] = [];
  closed = false;
}

/** False when the channel is closed. */
function* send(channel: Channel, value: string): Generator<void, boolean, void> {
  yield* mutex_enter(channel.lock);
  const open = !channel.closed;
  if (open) channel.values.push(value);
  cv_broadcast(channel.cv);
  mutex_exit(channel.lock);
  return open;
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
    if (!(yield* send(channel, value))) return;
  }
}

/** Wants one value. */
function* receiver(channel: Channel): Generator<void, void, void> {
  yield* receive(channel);
  yield* close(channel);
}

export default program({ components: [] }, function* main() {
  const channel = new Channel();
  yield* lwps({ receiver: () => receiver(channel), sender: () => sender(channel) });
});
