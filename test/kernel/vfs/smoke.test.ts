import { expect, test } from 'vitest';
import { tmpfs } from '../../../kernel/fs/tmpfs/index.ts';
import { O_CREAT, O_RDWR } from '../../../kernel/vfs/fcntl.ts';
import { passes } from '../harness.ts';

test('a program makes, reads and removes files on the root file system', () => {
  const seen: unknown[] = [];
  passes({ components: [tmpfs], replay: 'left out' }, function* (sys) {
    yield* sys.mkdir('/a', 0o755);
    const fd = yield* sys.open('/a/f', O_CREAT | O_RDWR, 0o644);
    yield* sys.write(fd, 'hello');
    const st = yield* sys.stat('/a/f');
    seen.push(st.size, st.mode.toString(8));
    const buf = new Uint8Array(10);
    seen.push(yield* sys.pread(fd, buf, 0), buf[0]);
    yield* sys.close(fd);
    yield* sys.rename('/a/f', '/g');
    yield* sys.rmdir('/a');
    const dir = yield* sys.open('/', 0);
    seen.push((yield* sys.getdents(dir)).map((entry) => entry.name));
    const dev = yield* sys.open('/dev', 0);
    seen.push((yield* sys.getdents(dev)).map((entry) => entry.name));
    yield* sys.unlink('/g');
  });
  console.log(JSON.stringify(seen));
  expect(seen.length).toBe(6);
});
