/**
 * The extension in real VS Code, as a person uses it: F5, a breakpoint in a file system, into a
 * system call, back in time, a value that changes, a core. The tests are one session, in order.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { needs } from '../../skip.ts';
import { type Editor, editorInstalled, startEditor, TEST_MS } from './editor.ts';

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

const WRITE_LINE = lineOf(VNOPS, 'const oldsize = node.size');

const folder = mkdtempSync(join(tmpdir(), 'rumpus-extension-'));
let editor: Editor;

beforeAll(async () => {
  if (!met) return;
  const vsix = join(folder, 'rumpus.vsix');
  execFileSync(process.execPath, [join(root, 'scripts/vsix.mjs'), vsix]);
  const command = ['bin/rumpus.mjs', 'run', PROGRAM, '--out', 'test/debugger/vscode/programs'];
  try {
    execFileSync(process.execPath, command, { cwd: root, stdio: 'pipe' });
  } catch {
    // It fails, as it should, and leaves its core.
  }
  editor = await startEditor(root, vsix);
}, TEST_MS);

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await editor?.picture('failed');
});

afterAll(async () => {
  await editor?.close();
  rmSync(join(root, CORE), { force: true });
  rmSync(folder, { recursive: true, force: true });
}, TEST_MS);

test(
  'F5 in a program debugs it from its first statement, with no launch.json',
  async () => {
    await editor.openFile(PROGRAM);
    await editor.wait('.codelens-decoration', 'Hunt');
    await editor.knowsProgram();
    await editor.picture('program');
    await editor.press('F5');
    expect(await editor.frame('main')).toContain('notes.ts');
    await editor.atLine(lineOf(PROGRAM, 'sys.mkdir'));
    await editor.status(/icount [\d,]+ · LWP 1 main · recorded/);
    for (const pane of ['Watch', 'Loaded Scripts', 'Breakpoints'])
      await editor.pane(pane, 'closed');
    await editor.picture('entry');
  },
  TEST_MS,
);

test(
  'stepping into a system call leads to its own function',
  async () => {
    await editor.press('F11');
    await editor.frame('sys_mkdir');
    await editor.frame(/main.*notes\.ts/);
    await editor.picture('in-a-system-call');
  },
  TEST_MS,
);

test(
  'a breakpoint in a file system is hit',
  async () => {
    await editor.openFile(VNOPS);
    await editor.breakpoint(WRITE_LINE);
    await editor.press('F5');
    await editor.frame('tmpfs_write');
    await editor.atLine(WRITE_LINE);
    await editor.frame('VOP_WRITE');
    await editor.picture('breakpoint');
  },
  TEST_MS,
);

test(
  'locks, system calls and events of the moment are beside it',
  async () => {
    for (const pane of ['Locks and Waits', 'System Calls of This LWP', 'Events and Console']) {
      await editor.pane(pane, 'open');
    }
    await editor.wait('.pane-body .monaco-list-row', 'vfs:vnode op=write');
    await editor.wait('.pane-body .monaco-list-row', 'open("/notes/');
    await editor.picture('views');
    for (const pane of ['Locks and Waits', 'System Calls of This LWP', 'Events and Console']) {
      await editor.pane(pane, 'closed');
    }
  },
  TEST_MS,
);

test(
  'Step Back goes back by a line, and Step Over comes to the same moment again',
  async () => {
    const here = await editor.icount();
    await editor.toolbar('Step Back');
    const before = await editor.icountAfter(here);
    expect(before).toBeLessThan(here);
    await editor.atLine(WRITE_LINE - 1);
    await editor.picture('stepped-back');
    await editor.toolbar('Step Over');
    expect(await editor.icountAfter(before)).toBe(here);
  },
  TEST_MS,
);

test(
  'Reverse goes back to the previous hit of the breakpoint',
  async () => {
    const first = await editor.icount();
    await editor.press('F5');
    const second = await editor.icountAfter(first);
    expect(second).toBeGreaterThan(first);
    await editor.toolbar('Reverse');
    expect(await editor.icountAfter(second)).toBe(first);
  },
  TEST_MS,
);

test(
  'Break on Value Change stops where a field changes, and says from what to what',
  async () => {
    await editor.menu(await editor.variable('node', 'size'), 'Break on Value Change');
    await editor.hasBreakpoint('node.size');
    await editor.picture('watched');
    const before = await editor.icount();
    await editor.press('F5');
    expect(await editor.icountAfter(before)).toBeGreaterThan(before);
    await editor.variable('uio');
    await editor.picture('value-changed');
    await editor.wait('.debug-call-stack .thread', 'node.size: 0 → 100');
  },
  TEST_MS,
);

test(
  'a click on a moment of the schedule goes there',
  async () => {
    const before = await editor.icount();
    await (await editor.inPage('svg .run.lwp-1 rect')).click();
    expect(await editor.icountAfter(before)).toBeLessThan(before);
    await editor.picture('schedule');
  },
  TEST_MS,
);

test(
  'writing to the past is a diversion, and the editor says so',
  async () => {
    await editor.endSession();
    await editor.openFile(PROGRAM);
    await editor.knowsProgram();
    await editor.press('F5');
    await editor.frame('main');
    await editor.wait('.debug-toolbar .codicon-debug-continue');
    await editor.wait('.debug-top-stack-frame-line');
    await editor.press('F5');
    await editor.atLine(WRITE_LINE);
    const row = await editor.variable('resid');
    await row.dblclick();
    await editor.wait('.debug-variables input');
    await editor.page.keyboard.type('0');
    await editor.press('Enter');
    await editor.status(/diverted/);
    await editor.picture('diverted');
    await editor.endSession();
  },
  TEST_MS,
);

test(
  'a core shows its report without being run, and opens at its panic',
  async () => {
    await editor.openFile(CORE);
    await editor.inPage('pre', 'the notes do not add up');
    await editor.picture('report-of-a-core');
    await (await editor.inPage('button', 'Open in the debugger')).click();
    await editor.status(/icount [\d,]+ · LWP 1 main · core/);
    expect(await editor.frame('main')).toContain('notes.ts');
    await editor.picture('core');
  },
  TEST_MS,
);

test(
  'from the panic of a core, one goes back to what came before',
  async () => {
    const panic = await editor.icount();
    await editor.toolbar('Step Back');
    const before = await editor.icountAfter(panic);
    expect(before).toBeLessThan(panic);
    await editor.variable('message');
    await editor.picture('before-the-panic');
    await editor.toolbar('Previous LWP Switch');
    expect(await editor.icountAfter(before)).toBeLessThan(before);
    await editor.picture('previous-switch');
  },
  TEST_MS,
);
