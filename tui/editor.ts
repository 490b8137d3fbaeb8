/**
 * The line by which a core or recording opens in VS Code:
 *
 *   VS Code   vscode://rumpus.rumpus/open?core=/home/me/tests/.rumpus/race-deadlock-7.core
 *
 * Only where a person can click it, which is a terminal: the path is absolute, and output that goes
 * into a file is the same on every machine.
 */

import { openLink } from '../debugger/index.ts';
import { print } from './output.ts';
import { labelled } from './report.ts';

/** Prints the line for a file, and for a moment in it; nothing in a pipe. */
export function printEditorLink(file: string, icount?: number): void {
  if (process.stdout.isTTY !== true) return;
  print(labelled('VS Code', hyperlink(openLink(file, icount))));
}

/** Text that is a link to itself: not every terminal finds a link whose scheme it does not know. */
function hyperlink(url: string): string {
  // A terminal of the editor is looked through by the extension.
  if (process.env['TERM'] === 'dumb' || process.env['RUMPUS_EDITOR'] !== undefined) return url;
  return `\x1b]8;;${url}\x1b\\${url}\x1b]8;;\x1b\\`;
}
