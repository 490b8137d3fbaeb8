/** Scopes of frames and LWPs, and what may stand at the cursor. */

import { describe, expect, it } from 'vitest';
import {
  type CompletionContext,
  completions,
  Handles,
  recordScopes,
  splitExpression,
  variables,
} from '../../../debugger/agent/values/index.ts';
import type { Lwp, World } from '../../../kernel/index.ts';
import { atPanic, lines, UNTRACED } from './looking.ts';

function lwpNamed(w: World, name: string): Lwp {
  const found = w.lwps.find((l) => l?.name === name);
  if (!found) throw new Error(`no LWP ${name}`);
  return found;
}

describe('the scopes of an LWP', () => {
  it('are its record, process, CPU and kernel, with what matters first', async () => {
    await atPanic((w, handles) => {
      const scopes = recordScopes(handles, lwpNamed(w, 'nap'), null, 4);
      expect(scopes.map(({ name }) => name)).toEqual(['LWP', 'Process', 'CPU', 'Kernel']);
      const first = scopes.map(({ handle }) => lines(variables(handles, handle, { count: 5 })));
      expect(first[0][2]).toBe('name = "nap"');
      expect(first[0].slice(3)).toEqual(['stat = LSSLEEP (3)', 'wmesg = "napping"']);
      expect(first[1][0]).toBe('pid = 1');
      expect(first[2][0]).toMatch(/^index = \d$/);
      expect(first[3][0]).toMatch(/^name = "/);
    });
  });

  it('show the locks that it holds, if there are any', async () => {
    await atPanic((w, handles) => {
      const holder = w.lwps.find((l) => (l?.held.length ?? 0) > 0) ?? null;
      const scopes = recordScopes(handles, holder, null);
      const held = scopes.find(({ name }) => name === 'Held locks');
      expect(held).toMatchObject({ indexed: 1, hint: 'other', expensive: false });
      const [lock] = variables(handles, held?.handle ?? 0);
      expect(lock).toMatchObject({ name: '[0]', value: "mutex 'seat'", type: 'KMutex' });
      expect(lock.evaluateName).toBe(`lwp(${holder?.id}).held[0]`);
    });
  });

  it('are only the kernel on the boot path', async () => {
    await atPanic((w, handles) => {
      const scopes = recordScopes(handles, null, w.kernels[0]);
      expect(scopes.map(({ name }) => name)).toEqual(['Kernel']);
      const config = variables(handles, scopes[0].handle).find(({ name }) => name === 'config');
      expect(config?.evaluateName).toBe('kernel.config');
      expect(recordScopes(handles, null, null)).toEqual([]);
    });
  });
});

describe('the variables of a frame', () => {
  it('say when their value may only have been dropped by the engine', () => {
    const handles = new Handles();
    const entries = [
      { name: 'vp', value: 1, writable: true, optimizedAway: true },
      { name: 'error', value: undefined, optimizedAway: true },
      { name: 'later', value: undefined },
    ];
    const list = variables(handles, handles.addScope(entries, UNTRACED));
    const texts = ['vp = 1', 'error = undefined or optimised away', 'later = undefined'];
    expect(lines(list)).toEqual(texts);
    expect(list.map(({ optimizedAway }) => optimizedAway)).toEqual([false, true, false]);
    expect(list[0]).toMatchObject({ evaluateName: 'vp', writable: true });
  });
});

describe('completions', () => {
  class Vnode {
    mount = { name: 'root' };
    mode = 7;
    list = [1];
    'odd name' = 1;
    get expensive(): number {
      throw new Error('run');
    }
    move(): void {}
  }
  const vp = new Vnode();
  const context: CompletionContext = {
    resolve: (expression) => {
      try {
        return { value: new Function('vp', `return (${expression})`)(vp) };
      } catch {
        return undefined;
      }
    },
    scopes: [
      [{ name: 'vp', value: vp }],
      [
        { name: 'vget', value: () => 0 },
        { name: 'Vnode', value: Vnode },
        { name: 'vp', value: 1 },
      ],
    ],
  };
  const at = (text: string, column = text.length) =>
    completions(text, column, context).map(({ label, type }) => `${label}:${type}`);

  it('are the members of the value before the dot, without running anything', () => {
    expect(at('vp.')).toEqual([
      ...['mount:property', 'mode:property', 'list:property', 'expensive:property', 'move:method'],
    ]);
    expect(at('vp.mo')).toEqual(['mount:property', 'mode:property', 'move:method']);
    expect(at('1 + vp.mount.n')).toEqual(['name:property']);
    expect(at('vp?.mount?.')).toEqual(['name:property']);
    expect(at('f(vp.list[0], vp.mount.')).toEqual(['name:property']);
    expect(at('vp["mount"].na')).toEqual(['name:property']);
    expect(at('vp.mount.name + vp.mod', 4)).toEqual([
      'mount:property',
      'mode:property',
      'move:method',
    ]);
    expect(at('vp.list.map')).toContain('map:method');
    expect(at('vp.list.len')).toEqual(['length:property']);
    expect(at('vp.mount.name.toUpperC')).toEqual(['toUpperCase:method']);
  });

  it('are the variables in scope where there is no dot', () => {
    expect(at('v')).toEqual(['vp:variable', 'vget:function']);
    expect(at('x = V')).toEqual(['Vnode:class']);
    expect(at('t')).toEqual(['this:keyword', 'true:keyword', 'typeof:keyword']);
  });

  it('are none in a string, or of what has no value', () => {
    expect(at('"vp.')).toEqual([]);
    expect(at('nothing.')).toEqual([]);
    expect(at('vp.nothing.')).toEqual([]);
    expect(at('.')).toEqual([]);
  });
});

describe('an expression', () => {
  it('is split into an object and the member that it names', () => {
    expect(splitExpression('vp.mount.name')).toEqual({ of: 'vp.mount', step: 'name' });
    expect(splitExpression('files[3]')).toEqual({ of: 'files', step: { index: 3 } });
    expect(splitExpression('o["a b"]')).toEqual({ of: 'o', step: 'a b' });
    expect(splitExpression('lwp(3).held[0].owner')).toEqual({
      of: 'lwp(3).held[0]',
      step: 'owner',
    });
    const mapKey = { type: 'string', value: 'a' };
    expect(splitExpression('m.get("a")')).toEqual({ of: 'm', step: { mapKey } });
  });

  it('that is no path is not', () => {
    for (const text of ['', 'vp', 'a + b.c', 'f(x)', '!a.b', 'a[b]', '3', '.x', 'm.get(k)']) {
      expect(splitExpression(text), text).toBeUndefined();
    }
  });
});
