import { KASSERT, printf, program } from 'rumpus';

function check(count: number): void {
  KASSERT(count === 0, `count is ${count}`);
}

export default program({}, function* main() {
  printf('about to fail\n');
  check(3);
});
