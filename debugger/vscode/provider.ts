/** Launch configurations: those of F5 without a launch.json, and what every one is completed with. */

import * as vscode from 'vscode';
import { completed, configurationFor, type Situation } from './configuration.ts';

/** What is in front of the user now. */
export function situation(folder: vscode.WorkspaceFolder | undefined): Situation {
  const document = vscode.window.activeTextEditor?.document;
  const file = document?.uri.scheme === 'file' ? document.uri.fsPath : activeFile();
  const own = file === '' ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  const chosen = folder ?? own ?? vscode.workspace.workspaceFolders?.[0];
  return {
    file,
    text: document?.getText() ?? '',
    folder: chosen?.uri.fsPath ?? '',
    trusted: vscode.workspace.isTrusted,
  };
}

/** File of the active tab, which for a core is no text. */
function activeFile(): string {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom ? input.uri.fsPath : '';
}

export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  provideDebugConfigurations(
    folder: vscode.WorkspaceFolder | undefined,
  ): vscode.DebugConfiguration[] {
    const { file, text } = situation(folder);
    const config = configurationFor(file, text);
    return typeof config === 'string' ? [] : [config];
  }

  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    config: Partial<vscode.DebugConfiguration>,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const resolved = completed(config, situation(folder));
    if (typeof resolved !== 'string') return resolved;
    void vscode.window.showErrorMessage(resolved);
    return undefined;
  }
}

/** Registers both kinds of provider: for what stands in launch.json, and for the list of F5. */
export function registerProviders(): vscode.Disposable[] {
  const provider = new ConfigurationProvider();
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  return [
    vscode.debug.registerDebugConfigurationProvider('rumpus', provider),
    vscode.debug.registerDebugConfigurationProvider('rumpus', provider, Dynamic),
  ];
}
