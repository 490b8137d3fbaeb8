/** Run, Debug and Hunt above programs, kernel tests and hunts (lenses.ts). */

import * as vscode from 'vscode';
import { findLenses, type Lens } from './lenses.ts';

/** Title, command, tooltip: what stands above each kind. */
const OFFERED: Readonly<Record<Lens['kind'], readonly (readonly [string, string, string])[]>> = {
  program: [
    ['$(run) Run', 'rumpus.runFile', 'Run it once in the terminal'],
    ['$(debug-alt) Debug', 'rumpus.debugFile', 'Debug it, forwards and backwards'],
    ['$(telescope) Hunt', 'rumpus.huntFile', 'Run schedules until one fails'],
  ],
  test: [
    ['$(run) Run', 'rumpus.runTest', 'Run this test in the terminal'],
    ['$(debug-alt) Debug', 'rumpus.debugTest', 'Run it; if it fails, debug what happened'],
  ],
  hunt: [['$(telescope) Hunt', 'rumpus.debugTest', 'Hunt; debug the schedule that fails']],
};

export class LensProvider implements vscode.CodeLensProvider {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  /** Settings have changed. */
  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const settings = vscode.workspace.getConfiguration('rumpus', document.uri);
    if (!settings.get('codeLens', true)) return [];
    return findLenses(document.getText()).flatMap((lens) => lensesOf(document.uri, lens));
  }
}

function lensesOf(uri: vscode.Uri, { kind, lineBase0, testLineBase0 }: Lens): vscode.CodeLens[] {
  const range = new vscode.Range(lineBase0, 0, lineBase0, 0);
  const args = kind === 'program' ? [uri] : [uri, testLineBase0];
  return OFFERED[kind].map(([title, command, tooltip]) => {
    return new vscode.CodeLens(range, { title, command, tooltip, arguments: args });
  });
}
