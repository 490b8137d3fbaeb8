/**
 * The extension in real VS Code, as a person uses it: F5, a breakpoint in a file system, into a
 * system call, back in time, a value that changes, a core. The tests are one session, in order.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { needs } from '../../skip.ts';
import { type Editor, editorInstalled, startEditor } from './editor.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const remedy = 'bash test/debugger/vscode/install.sh';
const { test, met } = needs('code-server and Chromium', remedy, editorInstalled());

const PROGRAM = 'test/debugger/vscode/programs/notes.ts';
const VNOPS = 'kernel/fs/tmpfs/tmpfs_vnops.ts';
const CORE = 'test/debugger/vscode/programs/notes-kassert-1.core';
const lines = (path: string): string[] => readFileSync(join(root, path), 'utf8').split('\n');
/** Line (base 1) of a file that has a text. */
const lineOf = (path: string, text: string): number =>
  lines(path).findIndex((line) => line.includes(text)) + 1;

let editor: Editor;

beforeAll(async () => {
  if (!met) return;
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')]);
  const command = ['bin/rumpus.mjs', 'run', PROGRAM, '--out', 'test/debugger/vscode/programs'];
  try {
    execFileSync(process.execPath, command, { cwd: root, stdio: 'pipe' });
  } catch {
    // It fails, as it should, and leaves its core.
  }
  editor = await startEditor(root, join(root, 'dist/rumpus.vsix'));
}, 120_000);

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await editor?.picture('failed');
});

afterAll(async () => {
  await editor?.close();
  rmSync(join(root, CORE), { force: true });
}, 60_000);

test('F5 in a program debugs it from its first statement, with no launch.json', async () => {
  await editor.openFile(PROGRAM);
  await editor.wait('.codelens-decoration', 'Hunt');
  await editor.picture('program');
  await editor.press('F5');
  expect(await editor.frame('main')).toContain('notes.ts');
  await editor.status(/icount [\d,]+ · LWP 1 main · recorded/);
  await editor.picture('entry');
}, 90_000);

test('stepping into a system call leads to its own function', async () => {
  await editor.press('F11');
  await editor.frame('sys_mkdir');
  await editor.picture('in-a-system-call');
}, 60_000);

test('a breakpoint in a file system is hit, with the stack from the program to it', async () => {
  const line = lineOf(VNOPS, 'const oldsize = node.size');
  await editor.openFile(VNOPS, { lineBase1: line });
  await editor.press('F9');
  await editor.wait('.codicon-debug-breakpoint, .codicon-debug-stackframe-dot');
  await editor.press('F5');
  expect(await editor.frame('tmpfs_write')).toContain(`tmpfs_vnops.ts${line}`);
  const stack = await editor.texts('.debug-call-stack .stack-frame .label.expression');
  expect(stack).toEqual(expect.arrayContaining(['tmpfs_write', 'sys_write']));
  await editor.picture('breakpoint');
}, 60_000);

test('Step Back goes back by a line, and Step Over comes to the same moment again', async () => {
  const here = await editor.icount();
  await editor.toolbar('Step Back');
  const before = await editor.icountAfter(here);
  expect(before).toBeLessThan(here);
  await editor.picture('stepped-back');
  await editor.toolbar('Step Over');
  expect(await editor.icountAfter(before)).toBe(here);
}, 60_000);

test('Reverse goes back to the previous hit of the breakpoint', async () => {
  const first = await editor.icount();
  await editor.press('F5');
  const second = await editor.icountAfter(first);
  expect(second).toBeGreaterThan(first);
  await editor.toolbar('Reverse');
  expect(await editor.icountAfter(second)).toBe(first);
}, 60_000);

test('Break on Value Change stops where a field changes', async () => {
  await editor.menu(await editor.variable('node', 'size'), 'Break on Value Change');
  const before = await editor.icount();
  await editor.press('F5');
  await editor.icountAfter(before);
  await editor.picture('value-changed');
  await editor.wait('.debug-call-stack .monaco-list-row', /data breakpoint/i);
}, 60_000);

test('a click in the schedule goes to the moment that was clicked', async () => {
  const before = await editor.icount();
  await editor.schedule().locator('svg .mark-syscall').first().click();
  const there = await editor.icountAfter(before);
  expect(there).toBeLessThan(before);
  await editor.picture('schedule');
}, 60_000);

test('writing to the past is a diversion, and the editor says so', async () => {
  await editor.endSession();
  await editor.openFile(PROGRAM);
  await editor.press('F5');
  await editor.frame('main');
  await editor.press('F5');
  await editor.frame('tmpfs_write');
  const row = await editor.variable('resid');
  await row.dblclick();
  await editor.wait('.debug-variables input');
  await editor.page.keyboard.type('0');
  await editor.press('Enter');
  await editor.status(/diverted/);
  await editor.picture('diverted');
  await editor.endSession();
}, 90_000);

test('a core opens at its panic and is stepped back from there', async () => {
  await editor.openFile(CORE);
  await editor.picture('core');
  await editor.command('Open Core in the Debugger').catch(() => undefined);
}, 90_000);
