/** What a recording says of the kernel that it needs. Bundled without any of the kernel. */

import { readConfig } from '../corefiles/index.ts';

/** Whose accesses the run depends on; undefined for a run that either kernel makes again. */
export function accessesOf(file: string): string | undefined {
  try {
    const { grain, detectors, accesses } = readConfig(file) ?? {};
    if (grain !== 'access' && !(Array.isArray(detectors) && detectors.length > 0)) return undefined;
    return accesses === 'kernel' ? 'kernel' : 'program';
  } catch {
    // A file that cannot be opened is said by the command that wants it.
    return undefined;
  }
}
