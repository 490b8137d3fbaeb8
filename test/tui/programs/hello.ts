import { printf, program } from 'rumpus';

/** The smallest program that says something. */
export default program({}, function* main(_sys, context) {
  printf(`hello ${context.args.join(' ') || 'world'}\n`);
});
