import { MUTEX_DEFAULT, mutex_enter, mutex_obj_alloc, program } from 'rumpus';

function* helper(): Generator<void, void, void> {}

/** Forgets a yield* in the way that its argument names. */
export default program({}, function* main(sys, { args }) {
  const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'forgotten');
  if (args[0] === 'mkdir') {
    sys.mkdir('/a', 0o755);
  }
  if (args[0] === 'mutex') {
    mutex_enter(mtx);
  }
  if (args[0] === 'helper') {
    helper();
  }
  if (args[0] === 'loop') {
    for (let i = 0; i < 3; i++) sys.mkdir(`/${i}`, 0o755);
  }
  yield* sys.getpid();
});
