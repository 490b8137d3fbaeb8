/**
 * Whether a project's tests hunt: then its programs are compiled for the access image, in which
 * accesses are scheduling points. A module is compiled once, whichever test imports it first, so this
 * is known before.
 */

import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { huntsInTests } from '../../tracer/index.ts';

/** Folders that are looked into at most. */
const FOLDERS_MAX = 5000;

const known = new Map<string, boolean>();

/** Looks through the project's test files, once. */
export function projectHunts(dir: string): boolean {
  let answer = known.get(dir);
  if (answer === undefined) {
    answer = search(dir);
    known.set(dir, answer);
  }
  return answer;
}

function search(dir: string): boolean {
  const folders = [dir];
  for (let at = 0; at < folders.length && at < FOLDERS_MAX; at++) {
    for (const entry of entriesOf(folders[at])) {
      const path = join(folders[at], entry.name);
      if (entry.isDirectory()) {
        if (!/^(\.|node_modules$|dist$)/.test(entry.name)) folders.push(path);
      } else if (
        /\.(test|spec)\./.test(entry.name) &&
        huntsInTests(path, readFileSync(path, 'utf8'))
      ) {
        return true;
      }
    }
  }
  return false;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // What cannot be read holds no test that vitest could run.
    return [];
  }
}
