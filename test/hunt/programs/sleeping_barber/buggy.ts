/**
 * The sleeping barber: Dijkstra, EWD123 (1965).
 *
 * Bug      The customer looks whether the barber sleeps, sits down, and wakes him only if he slept;
 *          the barber looks whether somebody waits, and goes to sleep.
 * Needs    One ordering: the barber looks before the customer sits, and sleeps after the customer
 *          has looked. Every access is locked.
 */

import {
  expectVerdict,
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  type Sem,
  sem_init,
  sem_post,
  sem_wait,
} from 'rumpus';
import { threads } from '../kit.ts';

class Shop {
  readonly lock: PthreadMutex = pthread_mutex_init('shop');
  readonly wake = sem_init(0, 'wake') as Sem;
  readonly served = sem_init(0, 'served') as Sem;
  waiting = 0;
  asleep = false;
}

function* nobodyWaits(shop: Shop): Generator<void, boolean, void> {
  yield* pthread_mutex_lock(shop.lock);
  const nobody = shop.waiting === 0;
  yield* pthread_mutex_unlock(shop.lock);
  return nobody;
}

function* sleep(shop: Shop): Generator<void, void, void> {
  yield* pthread_mutex_lock(shop.lock);
  shop.asleep = true;
  yield* pthread_mutex_unlock(shop.lock);
  yield* sem_wait(shop.wake);
}

function* barber(shop: Shop): Generator<void, void, void> {
  if (yield* nobodyWaits(shop)) yield* sleep(shop);
  yield* sem_post(shop.served);
}

function* customer(shop: Shop): Generator<void, void, void> {
  yield* pthread_mutex_lock(shop.lock);
  shop.waiting++;
  const { asleep } = shop;
  yield* pthread_mutex_unlock(shop.lock);
  if (asleep) yield* sem_post(shop.wake);
  yield* sem_wait(shop.served);
}

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main() {
  const shop = new Shop();
  yield* threads({ barber: () => barber(shop), customer: () => customer(shop) });
});
