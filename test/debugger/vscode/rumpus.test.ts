import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { newestFile } from '../../../debugger/vscode/newest.ts';
import { findCommand, findRumpus } from '../../../debugger/vscode/rumpus.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'rumpus-find-')));

function file(path: string, text = ''): string {
  const absolute = join(top, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

/** A package that is rumpus; gives its command. */
function rumpusAt(folder: string): string {
  file(`${folder}/package.json`, '{"name":"rumpus","bin":{"rumpus":"bin/rumpus.mjs"}}');
  return file(`${folder}/bin/rumpus.mjs`);
}

const installed = rumpusAt('project/node_modules/rumpus');
const repository = rumpusAt('repository');
const named = rumpusAt('named');
const nowhere = { near: '', folders: [], setting: '', extension: top, path: '' };

test('the rumpus of the project is used, also from a folder deep in it', () => {
  const near = file('project/packages/a/src/race.ts');
  expect(findRumpus({ ...nowhere, near, setting: named })).toBe(installed);
  expect(findRumpus({ ...nowhere, folders: [join(top, 'project')] })).toBe(installed);
});

test('in the repository of rumpus it is its own', () => {
  const near = file('repository/test/gallery/a/buggy.ts');
  expect(findRumpus({ ...nowhere, near })).toBe(repository);
});

test('a setting names the package or its command, where the workspace has none', () => {
  expect(findRumpus({ ...nowhere, setting: join(top, 'named') })).toBe(named);
  expect(findRumpus({ ...nowhere, setting: named })).toBe(named);
  expect(findRumpus({ ...nowhere, setting: join(top, 'gone') })).toBe(undefined);
});

test('an extension in the repository uses what is beside it', () => {
  const extension = join(top, 'repository/debugger/vscode');
  expect(findRumpus({ ...nowhere, extension })).toBe(repository);
});

test('one that was installed globally is found on the PATH', () => {
  const bin = join(top, 'global/bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(named, join(bin, 'rumpus'));
  expect(findRumpus({ ...nowhere, path: `${join(top, 'none')}:${bin}` })).toBe(named);
});

test('another package of that name without the command is not it', () => {
  const near = file('other/a.ts');
  file('other/package.json', '{"name":"rumpus"}');
  expect(findRumpus({ ...nowhere, near })).toBe(undefined);
});

test('the newest core in some folders is what the last run left', () => {
  const [old, fresh] = [file('out/a.core'), file('out2/b.core')];
  file('out/c.txt');
  utimesSync(old, 1000, 1000);
  utimesSync(fresh, 2000, 2000);
  const folders = ['out', 'out2', 'missing'].map((name) => join(top, name));
  expect(newestFile(folders, '.core')?.file).toBe(fresh);
  expect(newestFile([join(top, 'missing')], '.core')).toBe(undefined);
});

test('node is named by its file, since an editor would take a bare name for its own', () => {
  const node = file('tools/node');
  const path = `${join(top, 'none')}${delimiter}${dirname(node)}`;
  expect(findCommand('node', path)).toBe(node);
  expect(findCommand(node, '')).toBe(node);
  expect(findCommand(join(top, 'gone'), path)).toBe(undefined);
  expect(findCommand('deno', path)).toBe(undefined);
});
