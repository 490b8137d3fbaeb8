/** Hunts in the kernel that tells of its accesses, in the command as it is built. */

import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { root, rumpusJson, workFolder } from '../../tui/cli.ts';

const cwd = workFolder();
const HUNT = ['--accesses', 'kernel', '--workers', '1'];

const CORRECT = [
  ...['kern-36681', 'kern-43573', 'kern-43694'].map((name) => `test/gallery/${name}/fixed.ts`),
  ...['pipe_jobserver', 'sigsuspend_race', 'make_directories', 'descriptor_reuse'].map(
    (name) => `test/hunt/programs/${name}/fixed.ts`,
  ),
  'test/hunt/kernel/programs/mixed.ts',
];

test.each(CORRECT)('%s: nothing is reported of the kernel', (file) => {
  const args = ['hunt', resolve(root, file), ...HUNT, '--schedules', '60', '--all'];
  const { status, json } = rumpusJson(cwd, args);
  expect(json['message']).toBe('');
  expect(status).toBe(0);
});

test('a rename that locks no directory is found, and named with the field that it spoils', () => {
  const file = resolve(root, 'test/hunt/kernel/programs/unlocked.ts');
  const { status, json } = rumpusJson(cwd, ['hunt', file, ...HUNT, '--schedules', '200']);
  expect(status).toBe(1);
  expect(json['verdict']).toBe('data-race');
  expect(JSON.stringify(json)).toMatch(
    /"headline":"data race: tmpfs_dir_(attach|detach|lookup) \/ \w+ on TmpfsDir#\d+\.entries/,
  );
});
