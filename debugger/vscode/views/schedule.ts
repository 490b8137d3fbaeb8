/**
 * The schedule: the timeline picture (tracer/timeline) in the debug side bar, around the moment
 * where one stands. A click goes to the moment that was clicked.
 */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ScheduleBody } from '../protocol.ts';
import type { Sessions } from '../session.ts';

/** What the page says. */
type FromPage = { readonly go?: unknown; readonly ready?: unknown };
/** Key under which is kept that the view was shown once. */
const INTRODUCED = 'rumpus.introduced';
export type Zoom = 'in' | 'out' | 'whole';

export class ScheduleView implements vscode.WebviewViewProvider {
  readonly #sessions: Sessions;
  readonly #folder: string;
  readonly #store: vscode.Memento;
  #view: vscode.WebviewView | undefined;

  constructor(sessions: Sessions, context: vscode.ExtensionContext) {
    this.#sessions = sessions;
    this.#folder = context.asAbsolutePath('media');
    this.#store = context.globalState;
    sessions.onDidChange(() => void this.#show());
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [] };
    view.webview.html = page(this.#folder);
    view.webview.onDidReceiveMessage((message: FromPage) => {
      if (message.ready === true) void this.#show();
      if (Number.isSafeInteger(message.go)) {
        void vscode.commands.executeCommand('rumpus.goTo', message.go);
      }
    });
    view.onDidChangeVisibility(() => void this.#show());
    view.onDidDispose(() => {
      this.#view = undefined;
    });
  }

  /** From the view's title. */
  zoom(how: Zoom): void {
    void this.#view?.webview.postMessage({ zoom: how });
  }

  /**
   * Opens the view in the first session of all: VS Code shows what is added to its own side bar
   * closed, and nobody would find it.
   */
  async #introduce(): Promise<void> {
    if (this.#store.get(INTRODUCED, false) || this.#sessions.where === undefined) return;
    await this.#store.update(INTRODUCED, true);
    await vscode.commands.executeCommand('rumpus.schedule.focus', { preserveFocus: true });
  }

  async #show(): Promise<void> {
    await this.#introduce();
    const view = this.#view;
    if (view === undefined || !view.visible) return;
    const { where } = this.#sessions;
    const schedule = where && (await this.#sessions.ask<ScheduleBody>('rumpus/schedule'));
    view.description = where?.diverted === true ? 'diverted from the recording' : undefined;
    void view.webview.postMessage({ schedule, diverted: where?.diverted === true });
  }
}

/** The page: the component's script and style inline, so that it needs no file and no network. */
function page(folder: string): string {
  const nonce = randomBytes(16).toString('base64');
  const script = readFileSync(join(folder, 'timeline.js'), 'utf8');
  const style = readFileSync(join(folder, 'timeline.css'), 'utf8');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style>
body { padding: 4px 8px; }
#diverted { display: none; padding: 2px 6px; margin-bottom: 4px; border-radius: 2px;
  background: var(--vscode-statusBarItem-warningBackground);
  color: var(--vscode-statusBarItem-warningForeground); }
.diverted #diverted { display: block; }
.running #timeline { opacity: 0.4; }
${style}
</style>
</head>
<body>
<div id="diverted">Diverted: the past was written to, this is a live run from there.</div>
<div id="timeline" class="timeline-host"></div>
<script nonce="${nonce}">${script}</script>
<script nonce="${nonce}">
const api = acquireVsCodeApi();
const timeline = rumpusTimeline.mount(document.getElementById('timeline'), {
  go: (icount) => api.postMessage({ go: icount }),
});
window.addEventListener('message', ({ data }) => {
  if (data.zoom === 'whole') timeline.whole();
  else if (data.zoom !== undefined) timeline.zoom(data.zoom === 'in' ? 0.5 : 2);
  else {
    document.body.classList.toggle('diverted', data.diverted);
    document.body.classList.toggle('running', data.schedule === undefined);
    if (data.schedule !== undefined) timeline.show(data.schedule);
  }
});
api.postMessage({ ready: true });
</script>
</body>
</html>`;
}
