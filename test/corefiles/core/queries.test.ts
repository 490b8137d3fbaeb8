/** Asking a core: paths, printing, values, locks, what is not there. */

import { beforeAll, describe, expect, it } from 'vitest';
import {
  btOf,
  type Core,
  CoreFileError,
  describe as describeValue,
  dmesgText,
  dmesgOf,
  infoOf,
  infoText,
  locksReport,
  printOf,
  printText,
  psOf,
  psText,
} from '../../../corefiles/index.ts';
import { coreOf } from './harness.ts';

let core: Core;

beforeAll(async () => {
  ({ core } = await coreOf('component'));
});

/** The value at a path, as a line. */
function shown(path: string): string {
  return describeValue(core, core.resolve(path).value);
}

/** The sentence that a path fails with. */
function refusal(path: string): string {
  try {
    core.resolve(path);
  } catch (error) {
    if (error instanceof CoreFileError && error.kind === 'no-such-path') return error.message;
    throw error;
  }
  return 'no error';
}

describe('a path', () => {
  it('begins with a kernel, an LWP, a module or an object', () => {
    expect(shown('kernel')).toMatch(/^kernel 'kernel' #\d+$/);
    expect(shown('kernels[0]')).toBe(shown('kernel'));
    expect(shown('lwp[1]')).toMatch(/^LWP 1 \(main\) #\d+$/);
    const { value } = core.resolve('kernel');
    if (typeof value !== 'object' || value?.kind !== 'ref') throw new Error('not a reference');
    expect(shown(`#${value.id}`)).toBe(shown('kernel'));
  });

  it('goes through fields, arrays, and maps by their keys', () => {
    expect(shown('kernel.procs[1].name')).toBe('"init"');
    expect(shown('kernel.cpus[0].index')).toBe('0');
    expect(shown('kernel.data["device"].busy')).toBe('5');
    expect(shown("kernel.data['device'].lock.owner")).toBe(shown('lwp[1]'));
    expect(shown('kernel.procs[1].lwps[0]')).toBe(shown('lwp[1]'));
  });

  it('reaches the variables of frames', () => {
    expect(shown('lwp[1].frames[1].function')).toBe('"sys_transfer"');
    expect(shown('lwp[1].frames[1].locals.length')).toBe('5');
    expect(shown('lwp[1].frames[1].locals.sc')).toBe(shown('kernel.data["device"]'));
  });

  it('that leads nowhere says how far it led and what there is', () => {
    expect(refusal('nothing')).toMatch(/there is no 'nothing'; a path begins with kernel/);
    expect(refusal('kernel.procs[1].nmae')).toMatch(/has no field 'nmae'; it has pid, kernel/);
    expect(refusal('kernel.procs[99]')).toMatch(/kernel\.procs has no \[99\]/);
    expect(refusal('kernel.name.length')).toMatch(/kernel\.name has no fields/);
    expect(refusal('lwp[7]')).toBe('there is no LWP 7');
    expect(refusal('#123456')).toBe('no error');
    expect(refusal('#123456.x')).toMatch(/#123456 has no fields/);
    expect(refusal('kernel.(x)')).toMatch(/is not \.field, \[index\] or #id/);
    expect(refusal('')).toMatch(/a path is needed/);
  });

  it('with __proto__ in it is like any other', () => {
    expect(refusal('kernel.__proto__')).toMatch(/has no field '__proto__'/);
    expect(refusal('__proto__')).toMatch(/there is no '__proto__'/);
    expect(refusal('kernel.constructor')).toMatch(/has no field 'constructor'/);
  });
});

describe('printing', () => {
  it('shows the fields of an object in a line each', () => {
    const text = printText(printOf(core, 'kernel.data["device"]'));
    expect(text).toMatch(/^kernel\.data\["device"\] = Softc \{/);
    expect(text).toMatch(/^ {2}lock +mutex 'softc' #\d+$/m);
    expect(text).toMatch(/^ {2}busy +5$/m);
    expect(text).toMatch(/^ {2}buffer +Uint8Array\(4\) 01 02 03 04 #\d+$/m);
  });

  it('shows long lists in pages', () => {
    const all = printOf(core, 'kernel', { count: 1000 });
    const page = printOf(core, 'kernel', { from: 2, count: 3 });
    expect(page.members).toEqual(all.members.slice(2, 5));
    expect(page.total).toBe(all.total);
    expect(printText(page)).toMatch(new RegExp(`… ${all.total - 5} more, from 5$`));
  });

  it('opens levels, and an object inside itself only once', () => {
    const text = printText(printOf(core, 'lwp[1]', { depth: 4 }));
    expect(text).toMatch(/LWP 1 \(main\) #\d+ \(shown above\)/);
    expect(text.split('\n').length).toBeLessThan(2000);
  });
});

describe('the commands', () => {
  it('info names program, run and state', () => {
    const info = infoOf(core);
    expect(info.program).toBe('test/corefiles/core/programs/component.ts');
    expect(info.replayable).toBe(true);
    expect(info.kernels[0].components).toContain('device');
    expect(infoText(info)).toMatch(/^verdict +kassert: a transfer is larger than the buffer$/m);
  });

  it('ps lists processes and LWPs, with the system call each is in', () => {
    expect(psText(psOf(core))).toMatch(/^1 +1 +1\* +0 +running +- +main +transfer\(5\)$/m);
  });

  it('bt of an LWP that is not there says which are', () => {
    expect(() => btOf(core, [9])).toThrow('there is no LWP 9; there are 1');
  });

  it('locks shows the lock that was held', () => {
    const { locks, cycles } = locksReport(core);
    expect(locks.map(({ name, owner }) => [name, owner])).toEqual([['softc', 1]]);
    expect(cycles).toEqual([]);
  });

  it('dmesg shows the last message', () => {
    const text = dmesgText(dmesgOf(core));
    expect(text).toBe('kassert: a transfer is larger than the buffer');
  });

  it('give data that JSON can say', () => {
    const data = [infoOf(core), psOf(core), btOf(core), locksReport(core), printOf(core, 'kernel')];
    expect(() => JSON.stringify(data)).not.toThrow();
  });
});
