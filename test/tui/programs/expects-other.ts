import { expectVerdict, panic, program } from 'rumpus';

/** Ends otherwise than it says it will. */
export default program({ expect: expectVerdict('deadlock') }, function* main() {
  panic('on purpose');
});
