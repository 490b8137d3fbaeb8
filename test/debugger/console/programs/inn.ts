/** An inn for ps, show and bt: a file is open, a mutex is held and waited for, and then it panics. */

import {
  type KMutex,
  kpause,
  type MaySleep,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  O_CREAT,
  O_RDWR,
  panic,
  printf,
  program,
  type Sys,
} from 'rumpus';

class Guest {
  name: string;
  nights = 0;
  constructor(name: string) {
    this.name = name;
  }
}

function* keeper(door: KMutex): Generator<void, void, void> {
  yield* mutex_enter(door);
  yield* kpause('night', 'uninterruptible', 3_000_000_000);
  mutex_exit(door);
}

function knocker(door: KMutex): MaySleep<unknown> {
  return mutex_enter(door);
}

function stay(guest: Guest, nights: number): number {
  const left = 3 - nights;
  guest.nights = nights;
  if (left < 0) panic(`no bed for ${guest.name}`);
  return left;
}

export default program({ ncpu: 1 }, function* main(sys: Sys) {
  const door = mutex_obj_alloc(MUTEX_DEFAULT, 'door');
  const guest = new Guest('mary');
  printf('the inn is open\n');
  yield* sys._lwp_create(keeper, door, 0);
  yield* sys._lwp_create(knocker, door, 0);
  yield* sys.mkdir('/rooms', 0o755);
  const book = yield* sys.open('/rooms/book', O_CREAT | O_RDWR, 0o644);
  yield* sys.write(book, new TextEncoder().encode('mary #3'));
  yield* sys.stat('/rooms/book');
  yield* sys.nanosleep(1_000_000);
  for (let nights = 1; nights < 9; nights++) {
    stay(guest, nights);
  }
});
