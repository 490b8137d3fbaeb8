import { curlwp, lwp_create, lwp_start, lwp_wait, program } from 'rumpus';
class Counter {
  value = 0;
}
function* increment(counter: Counter) {
  const value = counter.value;
  counter.value = value + 1;
}
export default program({ components: [] }, function* main() {
  const l = curlwp();
  const counter = new Counter();
  const one = lwp_create(l.proc, increment, counter, 'one');
  const two = lwp_create(l.proc, increment, counter, 'two');
  lwp_start(one);
  lwp_start(two);
  yield* lwp_wait(l, one.lid);
  yield* lwp_wait(l, two.lid);
  if (counter.value < 1) throw new Error('both updates are lost');
});
