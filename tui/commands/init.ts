/** rumpus init: a new project with a component, a program and a test that passes. */

import type { Command } from 'commander';
import { EXIT_FINE } from '../exit.ts';
import { examples } from '../help.ts';
import { installProject } from '../init/install.ts';
import { checkFolder, projectName, writeProject } from '../init/project.ts';
import { rumpusDependency } from '../init/source.ts';
import { addOutputOptions, type OutputFlags } from '../options.ts';
import { note, print, printJson } from '../output.ts';
import { labelled } from '../report.ts';
import { shownPath } from '../save.ts';

interface Flags extends OutputFlags {
  readonly install: boolean;
}

export function define(command: Command): void {
  command.argument('<dir>', 'a folder that does not exist yet, or an empty one');
  command.option('--no-install', 'write the files only');
  addOutputOptions(command);
  examples(command, [
    ['A new project beside this one', 'rumpus init ../my-kernel && cd ../my-kernel && npm test'],
  ]);
  command.action((dir: string, flags: Flags) => {
    process.exitCode = init(dir, flags);
  });
}

/** Writes and installs; gives the exit status. */
function init(dir: string, flags: Flags): number {
  checkFolder(dir);
  const rumpus = rumpusDependency(dir);
  const files = writeProject(dir, { name: projectName(dir), rumpus });
  if (!flags.json) print(`wrote ${files.length} files to ${shownPath(dir)}`);
  let installed = 'not asked for';
  if (flags.install) {
    if (!flags.quiet) note('installing …');
    installed = installProject(dir);
  }
  if (flags.json) {
    printJson({ dir: shownPath(dir), rumpus, files, installed });
    return EXIT_FINE;
  }
  if (flags.quiet) return EXIT_FINE;
  const enter = `cd ${shownPath(dir)}`;
  print(labelled('test', `${enter} && ${flags.install ? '' : 'npm install && '}npm test`));
  print(labelled('run', 'npx rumpus run src/race.ts --ncpu 2'));
  print(labelled('hunt', 'npx rumpus hunt src/careless.ts'));
  return EXIT_FINE;
}
