/**
 * From a launch configuration, or from none at all, to one that the adapter understands. No editor
 * in here: what is asked of it comes in as a Situation.
 */

import { fileKind } from './link.ts';
import { isProgramText } from './lenses.ts';

/** A launch configuration as VS Code has it. */
export interface Configuration {
  type: string;
  name: string;
  request: string;
  [attribute: string]: unknown;
}

/** What is in front of the user. */
export interface Situation {
  /** Absolute file of the active editor; '' when there is none. */
  readonly file: string;
  /** Its text, also when it is not saved. */
  readonly text: string;
  /** Absolute workspace folder; '' when there is none. */
  readonly folder: string;
  readonly trusted: boolean;
}

/** The configuration for a file: a program, recording or core; a sentence for anything else. */
export function configurationFor(file: string, text: string): Configuration | string {
  const name = file.replace(/^.*[\\/]/, '');
  const base = { type: 'rumpus', request: 'launch', name };
  const kind = fileKind(file);
  if (kind !== undefined) return { ...base, [kind]: file };
  if (/\.[cm]?[jt]s$/.test(file) && isProgramText(text)) {
    return { ...base, program: file, stopOnEntry: true };
  }
  if (/['"]rumpus\/vitest['"]/.test(text)) {
    return `${name} is a test file: use Debug above one of its tests.`;
  }
  const what = file === '' ? 'No file is open' : `${name} is no program, recording or core`;
  return `${what}. A program is a TypeScript file whose default export is made by program().`;
}

/** The whole configuration; a sentence when it cannot be one. */
export function completed(given: Partial<Configuration>, at: Situation): Configuration | string {
  const isEmpty = given.type === undefined && given.request === undefined;
  const config = isEmpty ? configurationFor(at.file, at.text) : asConfiguration(given);
  if (typeof config === 'string') return config;
  if (config.request === 'attach') return attached(config, at);
  if (config.request !== 'launch')
    return `request must be launch or attach, not ${config.request}.`;
  const named = ['program', 'recording', 'core'].filter((key) => isText(config[key]));
  if (named.length === 0) return 'The configuration names no program, recording or core.';
  if (named.includes('recording') && named.includes('core')) {
    return 'The configuration names both a recording and a core; a core has its recording in it.';
  }
  // With noDebug there is nobody to step: the run goes through.
  const entry = config['noDebug'] === true ? { stopOnEntry: false } : {};
  return { ...folderOf(config, at), ...trustOf(config, at), ...config, ...entry };
}

function asConfiguration(given: Partial<Configuration>): Configuration {
  return {
    ...given,
    type: 'rumpus',
    request: given.request ?? 'launch',
    name: given.name ?? 'Rumpus',
  };
}

function attached(config: Configuration, at: Situation): Configuration | string {
  const { port } = config;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65535) {
    return 'To attach, the configuration names the port of a running Rumpus process.';
  }
  return { ...folderOf(config, at), ...config };
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function folderOf(config: Configuration, { folder }: Situation): { cwd?: string } {
  return config['cwd'] === undefined && folder !== '' ? { cwd: folder } : {};
}

/** Sources that a file brings are run only in a trusted workspace, whatever the file is. */
function trustOf(config: Configuration, { trusted }: Situation): { trust?: boolean } {
  return config['trust'] === undefined ? { trust: trusted } : {};
}
