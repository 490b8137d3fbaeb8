import { type MaySleep, program } from 'rumpus';

/** Calls what is no system call. */
export default program({}, function* main(sys) {
  const calls = sys as unknown as Record<string, () => MaySleep<void>>;
  yield* calls['frobnicate']();
});
