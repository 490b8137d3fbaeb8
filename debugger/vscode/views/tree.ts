/** A tree of rows in the debug side bar, asked for anew whenever the session stands elsewhere. */

import * as vscode from 'vscode';
import type { Row } from '../describe.ts';
import type { Sessions } from '../session.ts';

/** Gives the rows for where the session stands; undefined when there is nothing to say. */
export type Rows = () => Promise<readonly Row[] | undefined>;

/** Registers a tree. It asks only while it is seen. */
export function registerTree(id: string, sessions: Sessions, rows: Rows): vscode.Disposable[] {
  const provider = new RowProvider(sessions, rows, (count) => {
    const running = sessions.where === undefined;
    view.message = running ? 'Nothing stands still.' : count === 0 ? 'None here.' : undefined;
  });
  const view = vscode.window.createTreeView(id, { treeDataProvider: provider });
  const refresh = (): void => {
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
  readonly #found: (count: number) => void;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;

  /** `found` is told how many rows there are. */
  constructor(sessions: Sessions, rows: Rows, found: (count: number) => void) {
    this.#sessions = sessions;
    this.#rows = rows;
    this.#found = found;
  }

  refresh(): void {
    this.#changed.fire();
  }

  async getChildren(parent?: Row): Promise<Row[]> {
    if (parent !== undefined) return [...(parent.children ?? [])];
    const asked = this.#sessions.where === undefined ? [] : await this.#rows();
    const rows = [...(asked ?? [])];
    this.#found(rows.length);
    return rows;
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
