/**
 * Running things in the terminal: a program, a hunt, a kernel test; and, when it leaves a core, the
 * way from there into the debugger.
 */

import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as vscode from 'vscode';
import { type Rumpus, rumpusFor } from './adapter.ts';
import { newestFile } from './newest.ts';
import { openInDebugger } from './open.ts';

/** What to do with a failure's core. */
type Afterwards = 'offer' | 'open';

interface Job {
  readonly name: string;
  readonly words: readonly string[];
  readonly cwd: string;
  /** Folders in which it may leave cores. */
  readonly out: readonly string[];
}

/** `rumpus run` or `rumpus hunt` of a program. */
export async function runProgram(
  context: vscode.ExtensionContext,
  command: 'run' | 'hunt',
  uri: vscode.Uri,
): Promise<void> {
  const cwd = folderOf(uri);
  const rumpus = rumpusFor(context, uri.fsPath);
  const file = relative(cwd, uri.fsPath);
  const words = [rumpus.bin, command, file.startsWith('..') ? uri.fsPath : file];
  const job = { name: `${command} ${file}`, words, cwd, out: [join(cwd, '.rumpus')] };
  await finish(rumpus, job, command === 'hunt' ? 'open' : 'offer');
}

/** vitest on one test; when it fails and `debug` is wanted, its core opens. */
export async function runTest(
  context: vscode.ExtensionContext,
  uri: vscode.Uri,
  lineBase0: number,
  wanted: 'run' | 'debug',
): Promise<void> {
  const root = vitestRoot(dirname(uri.fsPath));
  if (root === undefined) {
    throw new Error('The project has no vitest, which kernel tests need: run npm install.');
  }
  const file = relative(root, uri.fsPath).replaceAll('\\', '/');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const words = [vitest, 'run', `${file}:${lineBase0 + 1}`];
  const job = { name: `test ${file}:${lineBase0 + 1}`, words, cwd: root, out: outFolders(uri) };
  await finish(rumpusFor(context, uri.fsPath), job, wanted === 'debug' ? 'open' : 'offer');
}

async function finish(rumpus: Rumpus, job: Job, afterwards: Afterwards): Promise<void> {
  const before = newestFile(job.out, '.core');
  const status = await execute(rumpus, job);
  if (status === undefined) return;
  const core = newestFile(job.out, '.core');
  const isNew = core !== undefined && (core.file !== before?.file || core.mtime > before.mtime);
  if (!isNew) {
    if (afterwards === 'open' && status === 0) {
      void vscode.window.showInformationMessage(`${job.name}: nothing failed, nothing to debug.`);
    }
    return;
  }
  if (afterwards === 'open' || (await offered(job.name))) await openInDebugger('core', core.file);
}

async function offered(name: string): Promise<boolean> {
  const open = 'Open in the debugger';
  return (await vscode.window.showWarningMessage(`${name} failed and left a core.`, open)) === open;
}

/** Runs it in the terminal; gives the exit status, undefined when it was ended. */
async function execute(rumpus: Rumpus, { name, words, cwd }: Job): Promise<number | undefined> {
  // Links in what it prints lead to this editor, whichever it is.
  const env = { RUMPUS_EDITOR: vscode.env.uriScheme, FORCE_COLOR: '1' };
  const task = new vscode.Task(
    { type: 'rumpus', name },
    vscode.TaskScope.Workspace,
    name,
    'rumpus',
    new vscode.ProcessExecution(rumpus.node, [...words], { cwd, env }),
  );
  task.presentationOptions = { clear: true, reveal: vscode.TaskRevealKind.Always };
  const ended = new Promise<number | undefined>((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name !== name) return;
      listener.dispose();
      resolve(exitCode);
    });
  });
  await vscode.tasks.executeTask(task);
  return ended;
}

function folderOf(uri: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? dirname(uri.fsPath);
}

/** The nearest folder above that has vitest. */
function vitestRoot(folder: string): string | undefined {
  if (existsSync(join(folder, 'node_modules', 'vitest', 'vitest.mjs'))) return folder;
  return dirname(folder) === folder ? undefined : vitestRoot(dirname(folder));
}

/** Every .rumpus between a test and its workspace: where vitest's root is, is its configuration's. */
function outFolders(uri: vscode.Uri): string[] {
  const top = folderOf(uri);
  const folders: string[] = [];
  for (let at = dirname(uri.fsPath); ; at = dirname(at)) {
    folders.push(join(at, '.rumpus'));
    if (at === top || dirname(at) === at) return folders;
  }
}
