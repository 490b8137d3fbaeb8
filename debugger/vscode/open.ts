/**
 * Opening cores and recordings in the debugger: from the explorer, from a link, after a test.
 *
 * A core opens without running anything. Going back from its panic runs the code that is in it,
 * which a trusted workspace allows for its own files; for a file from elsewhere the user is asked.
 */

import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { type FileKind, findLinks, parseLink } from './link.ts';

/** Starts a session on a file. */
export async function openInDebugger(
  kind: FileKind,
  file: string,
  icount?: number,
): Promise<boolean> {
  if (!existsSync(file)) {
    void vscode.window.showErrorMessage(`There is no file ${file}.`);
    return false;
  }
  const trust = await mayRun(file);
  if (trust === undefined) return false;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  return vscode.debug.startDebugging(folder, {
    type: 'rumpus',
    request: 'launch',
    name: basename(file),
    [kind]: file,
    cwd: folder?.uri.fsPath ?? dirname(file),
    trust,
    ...(icount === undefined ? {} : { icount }),
  });
}

/** Whether the file's code may be run; undefined when the user changed their mind. */
async function mayRun(file: string): Promise<boolean | undefined> {
  if (!vscode.workspace.isTrusted) return false;
  if (vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) !== undefined) return true;
  const [trust, look] = ['Open and trust', 'Only look'];
  const detail =
    'It is not in this workspace. Going back in time runs the code that is embedded in it, with ' +
    'your rights. Looking at it runs nothing.';
  const message = `Open ${file}?`;
  const options = { modal: true, detail };
  const answer = await vscode.window.showWarningMessage(message, options, look, trust);
  return answer === undefined ? undefined : answer === trust;
}

/** Opens what was chosen in the explorer; asks for a file when nothing was. */
export async function openChosen(kind: FileKind, uri: vscode.Uri | undefined): Promise<void> {
  const file = uri ?? (await asked(kind));
  if (file !== undefined) await openInDebugger(kind, file.fsPath);
}

async function asked(kind: FileKind): Promise<vscode.Uri | undefined> {
  const filters: Record<string, string[]> =
    kind === 'core' ? { Cores: ['core'] } : { Recordings: ['rumpus'] };
  const chosen = await vscode.window.showOpenDialog({ filters, title: `Open a ${kind}` });
  return chosen?.[0];
}

/** Answers the links that commands print (link.ts). */
export class LinkHandler implements vscode.UriHandler {
  async handleUri(uri: vscode.Uri): Promise<void> {
    const target = parseLink(uri.path, uri.query);
    if (typeof target === 'string') {
      void vscode.window.showErrorMessage(`Rumpus: ${target}`);
      return;
    }
    await openInDebugger(target.kind, target.file, target.icount);
  }
}

/** The same in a terminal of the editor, which would ask about a scheme that it does not know. */
export class TerminalLinks implements vscode.TerminalLinkProvider {
  provideTerminalLinks({ line }: vscode.TerminalLinkContext): OwnLink[] {
    return findLinks(line).map(({ start, length, url }) => {
      return new OwnLink(start, length, vscode.Uri.parse(url));
    });
  }

  handleTerminalLink({ uri }: OwnLink): Promise<void> {
    return new LinkHandler().handleUri(uri);
  }
}

class OwnLink extends vscode.TerminalLink {
  readonly uri: vscode.Uri;

  constructor(start: number, length: number, uri: vscode.Uri) {
    super(start, length, 'Open in the Rumpus debugger');
    this.uri = uri;
  }
}
