/**
 * What a core or recording says of itself, when it is opened like any file: the report of
 * `rumpus core`, which runs nothing that is in it, and a button for the debugger.
 */

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import type * as vscode from 'vscode';
import { type Rumpus, rumpusFor } from '../adapter.ts';
import { type FileKind, fileKind } from '../link.ts';
import { openInDebugger } from '../open.ts';

const REPORT_BYTES_MAX = 4 << 20;
const TIMEOUT_MS = 30_000;

export class FileView implements vscode.CustomReadonlyEditorProvider {
  readonly #context: vscode.ExtensionContext;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor(
    { uri }: vscode.CustomDocument,
    panel: vscode.WebviewPanel,
  ): Promise<void> {
    const kind = fileKind(uri.fsPath) ?? 'recording';
    panel.webview.options = { enableScripts: true, localResourceRoots: [] };
    panel.webview.onDidReceiveMessage(() => void openInDebugger(kind, uri.fsPath));
    panel.webview.html = page(basename(uri.fsPath), await this.#report(kind, uri.fsPath));
  }

  async #report(kind: FileKind, file: string): Promise<string> {
    try {
      return await report(rumpusFor(this.#context, file), kind, file);
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      return stderr === undefined || stderr === '' ? message : stderr;
    }
  }
}

async function report({ node, bin }: Rumpus, kind: FileKind, file: string): Promise<string> {
  const words = [bin, 'core', kind === 'core' ? 'analyze' : 'info', file];
  const env = { ...process.env, NO_COLOR: '1' };
  const options = { env, maxBuffer: REPORT_BYTES_MAX, timeout: TIMEOUT_MS };
  const { stdout, stderr } = await promisify(execFile)(node, words, options);
  return `${stderr}${stdout}`;
}

/** The text is a stranger's: it is escaped, and the page may load nothing. */
function page(name: string, text: string): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style>
body { padding: 12px 20px; }
h1 { font-size: 1.3em; font-weight: 600; }
pre { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size);
  line-height: 1.45; white-space: pre-wrap; }
button { padding: 6px 14px; border: 0; border-radius: 2px; cursor: pointer;
  background: var(--vscode-button-background); color: var(--vscode-button-foreground); }
button:hover { background: var(--vscode-button-hoverBackground); }
</style>
</head>
<body>
<h1>${escaped(name)}</h1>
<button id="open">Open in the debugger</button>
<pre>${escaped(text)}</pre>
<script nonce="${nonce}">
const api = acquireVsCodeApi();
document.getElementById('open').addEventListener('click', () => api.postMessage({ open: true }));
</script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
