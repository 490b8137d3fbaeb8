/** why: the statement that made an errno, and everybody who passed it on. */

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DEFAULT_SPEC, execute, loadProgram, whyProgram } from '../../debugger/index.ts';
import { SysError } from '../../kernel/index.ts';

const file = fileURLToPath(new URL('./programs/errno.ts', import.meta.url));

test('why names the statement, its source and stack, and the functions on the way out', async () => {
  const { explanations } = whyProgram(await loadProgram(file), DEFAULT_SPEC);
  expect(explanations).toHaveLength(1);
  const [why] = explanations;
  expect(why).toMatchObject({ syscall: 'tens', args: [7], code: 'EINVAL', errno: 22 });
  expect(why.origin?.frame).toMatchObject({
    function: 'limit',
    path: 'rumpus/test/debugger/programs/errno.ts',
    source: 'if (n > 3) return EINVAL;',
  });
  const stack = why.origin?.stack.map((frame) => frame.function) ?? [];
  expect(stack.slice(0, 2)).toEqual(['layer', 'sys_tens']);
  expect(why.path.map((frame) => frame.function)).toEqual(['limit', 'layer', 'sys_tens']);
});

test('the error that a program catches says where its errno was made', async () => {
  const { outcome } = execute(await loadProgram(file), DEFAULT_SPEC);
  expect(outcome.verdict).toBe('program-error');
  const error = outcome.error as SysError;
  expect(error).toBeInstanceOf(SysError);
  expect(error.origin?.position).toMatchObject({ function: 'limit', kind: 'e', lineBase1: 16 });
  expect(error.origin?.icount).toBeGreaterThan(0);
});
