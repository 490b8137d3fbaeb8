/** Files hold no absolute host paths: paths of sources are relative, on every host. */

import { CoreFileError } from '../errors.ts';

/** True for a path that says where something is on one host: /x, C:\x, \\host\x, file:… */
export function isHostPath(path: string): boolean {
  return /^([/\\]|[A-Za-z]:|file:)/.test(path);
}

/** `path` itself. Errors: invalid, when it is absolute. */
export function relativePath(path: string): string {
  if (!isHostPath(path)) return path;
  const rule = 'paths in a file are relative to their package';
  throw new CoreFileError('invalid', `${path} is an absolute path: ${rule}.`);
}
