/**
 * Context keys of the manifest's `when` clauses: `rumpus.isProgram`, that the active editor shows a
 * program, and `rumpus.hasLaunch`, that the workspace has a launch.json, whose F5 is not ours.
 */

import * as vscode from 'vscode';
import { isProgramText } from './lenses.ts';

const LAUNCH = '.vscode/launch.json';
/** Milliseconds after the last keystroke. */
const REST_MS = 300;

export function registerContextKeys(): vscode.Disposable[] {
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(setProgram, REST_MS);
  };
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${LAUNCH}`);
  setProgram();
  void setLaunch();
  return [
    watcher,
    watcher.onDidCreate(setLaunch),
    watcher.onDidDelete(setLaunch),
    vscode.window.onDidChangeActiveTextEditor(setProgram),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) later();
    }),
    { dispose: () => clearTimeout(timer) },
  ];
}

function setKey(name: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', name, value);
}

function setProgram(): void {
  const document = vscode.window.activeTextEditor?.document;
  const isScript = /^(typescript|javascript)$/.test(document?.languageId ?? '');
  setKey('rumpus.isProgram', isScript && isProgramText(document?.getText() ?? ''));
}

async function setLaunch(): Promise<void> {
  const found = await vscode.workspace.findFiles(LAUNCH, null, 1);
  setKey('rumpus.hasLaunch', found.length > 0);
}
