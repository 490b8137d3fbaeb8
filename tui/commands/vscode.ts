/** rumpus vscode: installs the VS Code extension that ships in the package. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Command } from 'commander';
import { InputError, packageFile, packageVersion } from '../../debugger/index.ts';
import { EXIT_FINE } from '../exit.ts';
import { examples } from '../help.ts';
import { addOutputOptions, type OutputFlags } from '../options.ts';
import { print, printJson } from '../output.ts';
import { labelled } from '../report.ts';

interface Flags extends OutputFlags {
  readonly editor?: string;
}

/** Commands of VS Code and its relatives, in the order in which they are tried. */
const EDITORS = ['code', 'code-insiders', 'codium', 'vscodium', 'code-server'];
/** Endings of commands on Windows; elsewhere there are none. */
const ENDINGS = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];

export function define(command: Command): void {
  command.option(
    '--editor <command>',
    `the editor's command, when it is not ${EDITORS.join(', ')}`,
  );
  addOutputOptions(command);
  examples(command, [
    ['Install or update the extension', 'rumpus vscode'],
    ['In an editor of your choice', 'rumpus vscode --editor /opt/vscodium/bin/codium'],
  ]);
  command.addHelpText('after', '\nAfterwards, F5 in a program debugs it, forwards and backwards.');
  command.action((flags: Flags) => {
    process.exitCode = install(flags);
  });
}

/** Installs; gives the exit status. Throws InputError when there is no editor, and says how then. */
function install(flags: Flags): number {
  const vsix = packageFile('dist/rumpus.vsix');
  if (!existsSync(vsix)) throw new InputError(`${vsix} is missing: build or install rumpus again`);
  const editor = flags.editor ?? EDITORS.find((name) => isOnPath(name));
  if (editor === undefined) {
    throw new InputError(
      `there is no ${EDITORS.join(', ')} on the PATH. In VS Code, run 'Extensions: Install from ` +
        `VSIX…' and choose ${vsix}; or name your editor's command with --editor.`,
    );
  }
  installInto(editor, vsix);
  if (flags.json) {
    printJson({ editor, vsix, version: packageVersion() });
    return EXIT_FINE;
  }
  print(`installed the extension ${packageVersion()} into ${editor}`);
  if (!flags.quiet) print(labelled('next', 'reload the window, open a program, press F5'));
  return EXIT_FINE;
}

function isOnPath(name: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => ENDINGS.some((end) => existsSync(join(folder, name + end))));
}

function installInto(editor: string, vsix: string): void {
  const shell = process.platform === 'win32';
  const file = shell ? `"${vsix}"` : vsix;
  const { status, error, stdout, stderr } = spawnSync(
    shell ? `"${editor}"` : editor,
    ['--install-extension', file, '--force'],
    { encoding: 'utf8', shell },
  );
  if (error !== undefined) throw new InputError(`${editor} cannot be run: ${error.message}`);
  if (status === 0) return;
  const said = `${stdout}${stderr}`.trim().split('\n').slice(-3).join(' ');
  throw new InputError(`${editor} did not install ${vsix}: ${said || `exit status ${status}`}`);
}
