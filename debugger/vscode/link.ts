/**
 * Links that open a recording or a core in the editor's debugger:
 *
 *   vscode://rumpus.rumpus/open?core=/home/me/tests/.rumpus/race-deadlock-7.core
 *   vscode://rumpus.rumpus/open?recording=/home/me/tests/race.rumpus&icount=1204
 *
 * Commands print them (tui, vitest), the extension answers them. A link names an absolute file of
 * this machine; one that comes from elsewhere is anybody's, so the extension asks before it runs
 * anything.
 */

import { isAbsolute, posix, resolve, win32 } from 'node:path';

/** Publisher and name of the extension. */
export const EXTENSION_ID = 'rumpus.rumpus';
/** Extensions of the files that can be opened. */
const KINDS = { core: '.core', recording: '.rumpus' } as const;

export type FileKind = keyof typeof KINDS;

export interface OpenTarget {
  readonly kind: FileKind;
  /** Absolute. */
  readonly file: string;
  /** Moment to stand at; undefined: where the file ends. */
  readonly icount: number | undefined;
}

/** Whether a file is a core or a recording, by its name. */
export function fileKind(file: string): FileKind | undefined {
  if (file.endsWith(KINDS.core)) return 'core';
  return file.endsWith(KINDS.recording) ? 'recording' : undefined;
}

/**
 * The link that opens a file. Inside a terminal of the editor, the extension's variable says by
 * which scheme that editor is reached (`vscode-insiders`, `vscodium`).
 */
export function openLink(file: string, icount?: number, env = process.env): string {
  const path = resolve(file).replaceAll('\\', '/');
  const value = encodeURIComponent(path).replaceAll('%2F', '/').replaceAll('%3A', ':');
  const moment = icount === undefined ? '' : `&icount=${icount}`;
  const kind = fileKind(file) ?? 'recording';
  return `${schemeOf(env)}://${EXTENSION_ID}/open?${kind}=${value}${moment}`;
}

function schemeOf(env: NodeJS.ProcessEnv): string {
  const scheme = env['RUMPUS_EDITOR'] ?? '';
  return /^[a-z][a-z0-9+.-]*$/.test(scheme) ? scheme : 'vscode';
}

/** Links in a line of a terminal, whatever their scheme: where they begin, and what they ask for. */
export function findLinks(line: string): { start: number; length: number; url: string }[] {
  const found = line.matchAll(/[a-z][a-z0-9+.-]*:\/\/rumpus\.rumpus\/open\?[^\s'"<>]+/g);
  return [...found].map((match) => ({
    start: match.index,
    length: match[0].length,
    url: match[0],
  }));
}

/** What a link asks for, of its path and query; a sentence when it asks for nothing known. */
export function parseLink(path: string, query: string): OpenTarget | string {
  if (path !== '/open') return `There is nothing at ${path}; a link begins with /open.`;
  const asked = new URLSearchParams(query);
  const kinds = (['core', 'recording'] as const).filter((name) => asked.has(name));
  if (kinds.length !== 1) return 'A link names one core or one recording.';
  const [kind] = kinds;
  const file = asked.get(kind) ?? '';
  const absolute = isAbsolute(file) || posix.isAbsolute(file) || win32.isAbsolute(file);
  if (!absolute) return `A link names an absolute file, not '${file}'.`;
  if (fileKind(file) !== kind) return `The name of a ${kind} ends with ${KINDS[kind]}.`;
  const icount = asked.get('icount');
  if (icount === null) return { kind, file, icount: undefined };
  if (!/^[1-9]\d{0,14}$/.test(icount)) return `icount is a whole number, not '${icount}'.`;
  return { kind, file, icount: Number(icount) };
}
