/** A tree of rows in the debug side bar, asked for anew whenever the session stands elsewhere. */

import * as vscode from 'vscode';
import type { Row } from '../describe.ts';
import type { Sessions } from '../session.ts';

/** Gives the rows for where the session stands; undefined when there is nothing to say. */
export type Rows = () => Promise<readonly Row[] | undefined>;

/** Registers a tree. It asks only while it is seen. */
export function registerTree(id: string, sessions: Sessions, rows: Rows): vscode.Disposable[] {
  const provider = new RowProvider(sessions, rows);
  const view = vscode.window.createTreeView(id, { treeDataProvider: provider });
  const refresh = (): void => {
    view.message = sessions.where === undefined ? 'Nothing stands still.' : undefined;
    provider.refresh();
  };
  return [
    view,
    sessions.onDidChange(refresh),
    vscode.debug.onDidChangeActiveStackItem(() => provider.refresh()),
  ];
}

class RowProvider implements vscode.TreeDataProvider<Row> {
  readonly #sessions: Sessions;
  readonly #rows: Rows;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: Sessions, rows: Rows) {
    this.#sessions = sessions;
    this.#rows = rows;
  }

  refresh(): void {
    this.#changed.fire();
  }

  async getChildren(parent?: Row): Promise<Row[]> {
    if (parent !== undefined) return [...(parent.children ?? [])];
    if (this.#sessions.where === undefined) return [];
    return [...((await this.#rows()) ?? [])];
  }

  getTreeItem({ text, detail, icon, icount, children }: Row): vscode.TreeItem {
    const { None, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(text, children === undefined ? None : Expanded);
    item.description = detail;
    item.tooltip = `${text}\n${detail}`;
    item.iconPath = new vscode.ThemeIcon(icon);
    if (icount !== undefined) {
      item.command = { command: 'rumpus.goTo', title: 'Go to This Moment', arguments: [icount] };
    }
    return item;
  }
}
