/** The commands by name. Each is one file, loaded when it is asked for. */

import type { Command } from 'commander';

export interface CommandModule {
  /** Adds arguments, options, examples and the action. */
  define(command: Command): void;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<CommandModule>;
}

export const COMMANDS: readonly CommandEntry[] = [
  { name: 'run', summary: 'run a program once', load: () => import('./run.ts') },
  {
    name: 'hunt',
    summary: 'run schedules of a program until one fails',
    load: () => import('./hunt.ts'),
  },
  {
    name: 'hunt-worker',
    summary: 'help with the hunts of a fleet',
    load: () => import('./hunt-worker.ts'),
  },
  { name: 'replay', summary: 'run a recording or core again', load: () => import('./replay.ts') },
  { name: 'trace', summary: 'print the events of a run', load: () => import('./trace.ts') },
  {
    name: 'why',
    summary: 'where the error of a system call came from',
    load: () => import('./why.ts'),
  },
  {
    name: 'profile',
    summary: 'count every statement to its stack',
    load: () => import('./profile.ts'),
  },
  {
    name: 'debug',
    summary: 'step through a run, forwards and backwards, in the terminal',
    load: () => import('./debug.ts'),
  },
  {
    name: 'core',
    summary: 'what a core says, without running it',
    load: () => import('./core.ts'),
  },
  {
    name: 'vscode',
    summary: 'install the VS Code extension',
    load: () => import('./vscode.ts'),
  },
  {
    name: 'dap',
    summary: 'the debug adapter, for editors',
    load: () => import('./dap.ts'),
  },
  { name: 'init', summary: 'write a new kernel-test project', load: () => import('./init.ts') },
  { name: 'tour', summary: 'walk through what Rumpus does', load: () => import('./tour.ts') },
];
