import { expectVerdict, panic, program } from 'rumpus';

/** Ends as it says it will. */
export default program({ expect: expectVerdict('panic', /on purpose/) }, function* main() {
  panic('on purpose');
});
