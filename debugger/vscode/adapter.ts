/** The adapter: `rumpus dap` of the rumpus that fits the session (rumpus.ts). */

import * as vscode from 'vscode';
import { findCommand, findRumpus } from './rumpus.ts';

const NONE =
  'No rumpus was found: install it in the workspace (npm install rumpus), or name it in the ' +
  'setting rumpus.path.';

/** How a rumpus is run. */
export interface Rumpus {
  readonly node: string;
  readonly bin: string;
}

/** The rumpus for a file or folder. Errors: a sentence, when there is none. */
export function rumpusFor(context: vscode.ExtensionContext, near: string): Rumpus {
  const settings = vscode.workspace.getConfiguration('rumpus');
  const bin = findRumpus({
    near,
    folders: (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
    setting: settings.get('path', ''),
    extension: context.extensionPath,
    path: process.env['PATH'] ?? '',
  });
  if (bin === undefined) throw new Error(NONE);
  const name = settings.get('node', 'node');
  const node = findCommand(name, process.env['PATH'] ?? '');
  if (node === undefined) throw new Error(`There is no ${name}: set rumpus.node to your Node.js.`);
  return { node, bin };
}

export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  readonly #context: vscode.ExtensionContext;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
  }

  createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const { program, recording, core, cwd } = session.configuration;
    const near = [program, recording, core, cwd].find((path) => typeof path === 'string');
    const { node, bin } = rumpusFor(this.#context, String(near ?? ''));
    const folder = typeof cwd === 'string' && cwd !== '' ? { cwd } : {};
    return new vscode.DebugAdapterExecutable(node, [bin, 'dap'], folder);
  }
}
