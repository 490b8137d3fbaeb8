import { type MaySleep, program } from 'rumpus';

/** Passes a string where a descriptor belongs. */
export default program({}, function* main(sys) {
  const close = sys.close as unknown as (fd: string) => MaySleep<void>;
  yield* close('not a number');
});
