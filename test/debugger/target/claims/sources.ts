/** Sources, modules, and where breakpoints may be. */

import { expect } from 'vitest';
import type { Claims } from '../contract.ts';
import { OVERDRAWN, OVERDRAWN_PATH } from '../programs.ts';
import { placeIn } from './looking.ts';

const MUTEX = 'rumpus/kernel/kern/kern_mutex.ts';

export const SOURCES: Claims = {
  'has the sources of the program and of the kernel': async ({ target, lines }) => {
    const sources = await target.sources();
    const own = sources.find(({ path }) => path === OVERDRAWN_PATH);
    expect(own?.file).toBe(OVERDRAWN);
    expect(sources.some(({ path }) => path === MUTEX)).toBe(true);
    expect(await target.sourceText(OVERDRAWN_PATH)).toBe(lines.join('\n'));
    expect(await target.sourceText(MUTEX)).toContain('export function mutex_exit');
  },

  'has components as modules': async ({ target }) => {
    const modules = await target.modules();
    const paths = (name: string) => modules.find((one) => one.name === name)?.paths ?? [];
    expect(paths('overdrawn.ts')).toEqual([OVERDRAWN_PATH]);
    expect(paths('kern')).toContain(MUTEX);
    expect(paths('tmpfs').length).toBeGreaterThan(1);
  },

  'verifies a breakpoint where it is, or says where it went, or why it cannot be': async ({
    target,
    lines,
  }) => {
    const [push] = placeIn(lines, 'account.past.push');
    const [owner] = placeIn(lines, 'class Account');
    const source = (lineBase1: number, path = OVERDRAWN) =>
      ({ kind: 'source', path, lineBase1 }) as const;
    const answers = await target.setBreakpoints([
      { id: 1, at: source(push) },
      { id: 2, at: source(owner, OVERDRAWN_PATH) },
      { id: 3, at: source(lines.length + 100) },
      { id: 4, at: source(1, '/no/such/file.ts') },
      { id: 5, at: { kind: 'function', name: 'mkdir' } },
      { id: 6, at: { kind: 'function', name: 'no_such_function' } },
    ]);
    await target.setBreakpoints([]);
    expect(answers.map(({ id, verified }) => [id, verified])).toEqual([
      [1, true],
      [2, true],
      [3, false],
      [4, false],
      [5, true],
      [6, false],
    ]);
    expect(answers[0]).toMatchObject({
      place: { path: OVERDRAWN_PATH, lineBase1: push, columnBase0: 2 },
      message: '',
    });
    expect(answers[1].place?.lineBase1).toBeGreaterThan(owner);
    expect(answers[1].message).toContain(`line ${owner} has no statement`);
    for (const index of [2, 3, 5]) expect(answers[index].message).not.toBe('');
    expect(answers[4].place?.path).toMatch(/^rumpus\/kernel\/vfs\//);
  },

  'gives the places in a range of lines where a breakpoint may be': async ({ target, lines }) => {
    const [push] = placeIn(lines, 'account.past.push');
    const places = await target.breakpointPlaces(OVERDRAWN, push, push + 1);
    expect(places.map(({ lineBase1, columnBase0 }) => [lineBase1, columnBase0])).toEqual([
      [push, 2],
      [push + 1, 2],
      [push + 1, lines[push].indexOf('panic(')],
    ]);
  },
};
