/** Variables that the engine has optimised away are there after `exact`, at the same moment. */

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DEFAULT_SPEC, openTarget, runCommand, type Target } from '../../../debugger/index.ts';

const PROGRAM = fileURLToPath(new URL('programs/hot.ts', import.meta.url));

async function localsOf(target: Target, name: string) {
  const frames = await target.stack(target.stop?.lwp ?? 0);
  const frame = frames.find((one) => one.function === name);
  const [scope] = await target.scopes(frame?.id ?? 0);
  const variables = await target.variables(scope.handle);
  return Object.fromEntries(variables.map((one) => [one.name, one.value]));
}

test('exact stands at the same icount, with every variable of every frame', async () => {
  const target = await openTarget({ kind: 'live', program: PROGRAM, spec: DEFAULT_SPEC });
  try {
    await target.move({ kind: 'start' });
    const { icount, reason } = await target.move({ kind: 'continue' });
    expect(reason).toBe('verdict');
    const stack = (await target.stack(target.stop?.lwp ?? 0)).map((frame) => frame.function);
    await runCommand(target, 'exact', {});
    expect(target.stop?.icount).toBe(icount);
    expect((await target.stack(target.stop?.lwp ?? 0)).map((frame) => frame.function)).toEqual(
      stack,
    );
    expect(await localsOf(target, 'hot')).toMatchObject({
      n: '60000',
      twice: '120000',
      unused: '7',
    });
  } finally {
    await target.close();
  }
});
