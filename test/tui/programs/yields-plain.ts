import { program } from 'rumpus';

const values = new Map<string, unknown>([
  ['number', 3],
  ['object', {}],
  ['function', String],
]);

/** Not a function that may sleep, whatever its type says. */
function plain(what: string): Generator<void, unknown, void> {
  return values.get(what) as Generator<void, unknown, void>;
}

export default program({}, function* main(_sys, { args }) {
  yield* plain(args[0]);
});
