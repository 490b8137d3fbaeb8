import { KASSERT, program, tmpfs } from 'rumpus';

const O_RDWR_CREAT = 0x202;

/** Two LWPs write to a file each; then a claim fails that nothing can fulfil. */
export default program({ components: [tmpfs], ncpu: 2 }, function* main(sys) {
  yield* sys.mkdir('/notes', 0o755);
  const writer = yield* sys._lwp_create(function* write() {
    const fd = yield* sys.open('/notes/b', O_RDWR_CREAT, 0o644);
    yield* sys.write(fd, new Uint8Array(100));
    yield* sys.close(fd);
  });
  const fd = yield* sys.open('/notes/a', O_RDWR_CREAT, 0o644);
  let total = 0;
  for (let i = 1; i <= 3; i++) {
    yield* sys.write(fd, new Uint8Array(10 * i));
    total += 10 * i;
  }
  yield* sys._lwp_wait(writer);
  yield* sys.close(fd);
  KASSERT(total === 61, 'the notes do not add up');
});
