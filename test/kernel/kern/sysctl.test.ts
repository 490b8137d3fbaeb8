/** sysctl(9), sysctl(7). */

import { expect, test } from 'vitest';
import {
  CTL_KERN,
  CTLFLAG_READWRITE,
  CTLTYPE_BOOL,
  CTLTYPE_INT,
  CTLTYPE_NODE,
  curkernel,
  EEXIST,
  ENOENT,
  ENOTDIR,
  sysctl_createv,
  sysctl_destroyv,
  sysctl_names,
} from '../../../kernel/index.ts';
import { passes } from '../harness.ts';
import { codeOf } from '../parallel.ts';

const BARE = { components: [] };

test('names are text or numbers (sysctl(3))', () => {
  passes({ ...BARE, ncpu: 3 }, function* main(sys) {
    expect(yield* sys.sysctl('kern.ostype')).toBe('Rumpus');
    expect(yield* sys.sysctl([CTL_KERN, 1])).toBe('Rumpus');
    expect(yield* sys.sysctl('hw.ncpu')).toBe(3);
    expect(yield* sys.sysctl('hw.pagesize')).toBe(4096);
    expect(yield* sys.sysctl('kern.maxvnodes')).toBe(1024);
    expect(yield* sys.sysctl('kern.boottime')).toBeGreaterThan(1e18);
  });
});

test('ENOENT, EISDIR, ENOTDIR, EPERM and EINVAL as in sysctl(3)', () => {
  passes(BARE, function* main(sys) {
    expect(yield* codeOf(() => sys.sysctl('kern.nothing'))).toBe('ENOENT');
    expect(yield* codeOf(() => sys.sysctl('kern'))).toBe('EISDIR');
    expect(yield* codeOf(() => sys.sysctl('kern.ostype.deeper'))).toBe('ENOTDIR');
    expect(yield* codeOf(() => sys.sysctl([]))).toBe('EINVAL');
    expect(yield* codeOf(() => sys.sysctl('kern.ostype', 'NetBSD'))).toBe('EPERM');
    expect(yield* codeOf(() => sys.sysctl('kern.hostname', 5))).toBe('EINVAL');
    expect(yield* codeOf(() => sys.sysctl('kern.hostname', 'x'.repeat(256)))).toBe('ENAMETOOLONG');
    yield* sys.seteuid(1);
    expect(yield* codeOf(() => sys.sysctl('kern.hostname', 'mine'))).toBe('EPERM');
  });
});

test('setting gives the old value', () => {
  passes(BARE, function* main(sys) {
    const old = yield* sys.sysctl('kern.hostname', 'box');
    expect(old).toBe('rump-kernel');
    expect(yield* sys.sysctl('kern.hostname')).toBe('box');
  });
});

test('a tree belongs to its kernel', () => {
  passes(BARE, function* main(sys, context) {
    const other = yield* context.boot({ components: [] });
    yield* sys.sysctl('kern.hostname', 'mine');
    const child = other.spawn(function* theirs(their) {
      return yield* their.sysctl('kern.hostname');
    });
    expect(yield* child.join()).toBe('rump-kernel1');
  });
});

test('components add nodes of their own (sysctl_createv(9))', () => {
  passes(BARE, function* main(sys) {
    const k = curkernel();
    sysctl_createv(k, { path: 'vfs', name: 'myfs', type: CTLTYPE_NODE });
    const flags = CTLFLAG_READWRITE;
    const node = { path: 'vfs.myfs', name: 'on', type: CTLTYPE_BOOL, value: true, flags } as const;
    sysctl_createv(k, node);
    expect(yield* sys.sysctl('vfs.myfs.on', false)).toBe(true);
    expect(yield* sys.sysctl('vfs.myfs.on')).toBe(false);
    expect(sysctl_createv(k, { ...node, type: CTLTYPE_INT })).toBe(EEXIST);
    expect(sysctl_createv(k, { ...node, path: 'vfs.none' })).toBe(ENOENT);
    expect(sysctl_createv(k, { ...node, path: 'kern.ostype' })).toBe(ENOTDIR);
    expect(sysctl_names(k)).toContain('vfs.myfs.on');
    expect(sysctl_destroyv(k, 'vfs.myfs')).toBe(undefined);
    expect(yield* codeOf(() => sys.sysctl('vfs.myfs.on'))).toBe('ENOENT');
    expect(sysctl_destroyv(k, 'vfs.myfs')).toBe(ENOENT);
  });
});
