/**
 * The VS Code extension: its entry, where everything is registered. `manifest.json` says what there
 * is to register; a test holds the two to each other. scripts/vsix.mjs bundles and packs it.
 */

import * as vscode from 'vscode';
import { AdapterFactory } from './adapter.ts';
import { bookmarkCommands } from './bookmarks.ts';
import { LensProvider } from './codelens.ts';
import { type Handlers, timeCommands } from './commands.ts';
import { registerContextKeys } from './keys.ts';
import { LinkHandler, openChosen, TerminalLinks } from './open.ts';
import { registerProviders, situation } from './provider.ts';
import { DEBUG_TYPE, Sessions } from './session.ts';
import { runProgram, runTest } from './tasks.ts';
import { FileView } from './views/file.ts';
import { ScheduleView } from './views/schedule.ts';
import { registerStatus } from './views/status.ts';
import { registerTrees } from './views/trees.ts';

export function activate(context: vscode.ExtensionContext): void {
  const sessions = new Sessions();
  const schedule = new ScheduleView(sessions, context);
  const lenses = new LensProvider();
  const handlers: Handlers = {
    ...timeCommands(sessions),
    ...bookmarkCommands(sessions, context.workspaceState),
    ...fileCommands(context),
    'rumpus.zoomIn': () => schedule.zoom('in'),
    'rumpus.zoomOut': () => schedule.zoom('out'),
    'rumpus.zoomWhole': () => schedule.zoom('whole'),
    'rumpus.refresh': () => sessions.refresh(),
  };
  context.environmentVariableCollection.replace('RUMPUS_EDITOR', vscode.env.uriScheme);
  context.environmentVariableCollection.description = 'Links that rumpus prints open here.';
  context.subscriptions.push(
    sessions,
    ...registerProviders(),
    ...registerStatus(sessions),
    ...registerTrees(sessions),
    ...registerContextKeys(),
    ...Object.entries(handlers).map(([name, handler]) => register(name, handler)),
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, new AdapterFactory(context)),
    vscode.languages.registerCodeLensProvider(['typescript', 'javascript'], lenses),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('rumpus.codeLens')) lenses.refresh();
    }),
    vscode.window.registerWebviewViewProvider('rumpus.schedule', schedule),
    vscode.window.registerCustomEditorProvider('rumpus.file', new FileView(context)),
    vscode.window.registerUriHandler(new LinkHandler()),
    vscode.window.registerTerminalLinkProvider(new TerminalLinks()),
  );
}

/** A command whose error is shown as its sentence. */
function register(name: string, handler: Handlers[string]): vscode.Disposable {
  return vscode.commands.registerCommand(name, async (...args: never[]) => {
    try {
      return await handler(...args);
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`Rumpus: ${sentence}`);
      return undefined;
    }
  });
}

/** Commands on files and tests. */
function fileCommands(context: vscode.ExtensionContext): Handlers {
  return {
    'rumpus.debugFile': (uri?: vscode.Uri) => debugFile(uri),
    'rumpus.runFile': (uri?: vscode.Uri) => runProgram(context, 'run', uri ?? activeUri()),
    'rumpus.huntFile': (uri?: vscode.Uri) => runProgram(context, 'hunt', uri ?? activeUri()),
    'rumpus.runTest': (uri: vscode.Uri, line: number) => runTest(context, uri, line, 'run'),
    'rumpus.debugTest': (uri: vscode.Uri, line: number) => runTest(context, uri, line, 'debug'),
    'rumpus.openCore': (uri?: vscode.Uri) => openChosen('core', uri),
    'rumpus.openRecording': (uri?: vscode.Uri) => openChosen('recording', uri),
  };
}

async function debugFile(uri: vscode.Uri | undefined): Promise<void> {
  const file = (uri ?? activeUri()).fsPath;
  await vscode.window.activeTextEditor?.document.save();
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  const cwd = folder?.uri.fsPath ?? situation(undefined).folder;
  const name = file.replace(/^.*[\\/]/, '');
  const config = { type: DEBUG_TYPE, request: 'launch', name, program: file, stopOnEntry: true };
  await vscode.debug.startDebugging(folder, cwd === '' ? config : { ...config, cwd });
}

function activeUri(): vscode.Uri {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) throw new Error('Open a program first.');
  return uri;
}
