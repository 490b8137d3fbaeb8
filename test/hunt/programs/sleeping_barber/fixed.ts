/** The sleeping barber, who looks and goes to sleep in one critical section. */

import {
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

function* sleep(shop: Shop): Generator<void, void, void> {
  yield* pthread_mutex_lock(shop.lock);
  shop.asleep = shop.waiting === 0;
  const { asleep } = shop;
  yield* pthread_mutex_unlock(shop.lock);
  if (asleep) yield* sem_wait(shop.wake);
}

function* barber(shop: Shop): Generator<void, void, void> {
  yield* sleep(shop);
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

export default program({ components: [] }, function* main() {
  const shop = new Shop();
  yield* threads({ barber: () => barber(shop), customer: () => customer(shop) });
});
