/** The status bar item: where the session stands, and a warning when it has left the recording. */

import * as vscode from 'vscode';
import { statusText, statusTooltip } from '../describe.ts';
import type { Sessions } from '../session.ts';

export function registerStatus(sessions: Sessions): vscode.Disposable[] {
  const item = vscode.window.createStatusBarItem(
    'rumpus.where',
    vscode.StatusBarAlignment.Left,
    50,
  );
  item.name = 'Rumpus: where the session stands';
  item.command = 'rumpus.goToIcount';
  const show = (): void => {
    const { where, active } = sessions;
    if (active === undefined) item.hide();
    if (where === undefined) return;
    const icon = where.diverted ? '$(git-branch)' : '$(history)';
    item.text = `${icon} ${statusText(where)}`;
    item.tooltip = statusTooltip(where);
    item.backgroundColor = where.diverted
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    item.show();
  };
  return [item, sessions.onDidChange(show)];
}
