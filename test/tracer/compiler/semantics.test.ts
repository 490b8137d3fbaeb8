/** Instrumentation does not change what a program means (DESIGN.md, tracer). */

import { describe, expect, test } from 'vitest';
import { run, visible } from './driver.ts';
import { SAMPLES } from './samples.ts';

describe.each(SAMPLES)('%s', (_name, source) => {
  const plain = visible(run(source, 'plain'));

  test('means the same when the innermost frame is resumed', () => {
    const direct = run(source, 'direct');
    expect(visible(direct)).toEqual(plain);
    expect(direct.depths).toEqual([0, 0]);
  });

  test('means the same when the outermost frame is resumed', () => {
    const native = run(source, 'native');
    expect(visible(native)).toEqual(plain);
    expect(native.depths).toEqual([0, 0]);
  });

  test('has the same icounts however it is resumed', () => {
    expect(run(source, 'direct').icount).toBe(run(source, 'native').icount);
  });

  test('means the same when its accesses are told, with the same icounts', () => {
    const access = run(source, 'access');
    expect(visible(access)).toEqual(plain);
    expect([access.icount, access.depths]).toEqual([run(source, 'direct').icount, [0, 0]]);
  });

  test('means the same when others come before each access', () => {
    const switching = run(source, 'switching');
    expect({ ...switching, sleeps: 0 }).toEqual({ ...run(source, 'direct'), sleeps: 0 });
  });
});
