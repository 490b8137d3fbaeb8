/** What is known of one benchmark. */

import { fileURLToPath } from 'node:url';
import type { Verdict } from '../../../kernel/index.ts';

export interface Benchmark {
  readonly name: string;
  /** The literature that it follows; the header of its program says more. */
  readonly source: string;
  /** Files of the program with the bug and of its correct twin. */
  readonly buggy: string;
  readonly fixed: string;
  /** The declared bug, as in the program's own `expect`. */
  readonly verdict: Verdict;
  readonly message: RegExp | undefined;
  /** It fails on the default schedule as well, as some originals do. */
  readonly everySchedule: boolean;
}

interface Declared {
  readonly source: string;
  readonly verdict: Verdict;
  readonly message?: RegExp;
  readonly everySchedule?: true;
}

/** A benchmark whose programs are in the folder of its name. */
export function benchmark(name: string, declared: Declared): Benchmark {
  const file = (which: string) => fileURLToPath(new URL(`./${name}/${which}.ts`, import.meta.url));
  return {
    name,
    buggy: file('buggy'),
    fixed: file('fixed'),
    source: declared.source,
    verdict: declared.verdict,
    message: declared.message,
    everySchedule: declared.everySchedule ?? false,
  };
}
