/**
 * The chapters of the tour: what each shows, and the commands that show it.
 *
 * In a command, `@/` is the chapter's folder in the gallery, and `@core` and `@recording` the file
 * that the chapter's program left last.
 */

import { EXIT_FINDING, EXIT_FINE } from '../exit.ts';

export interface Step {
  /** What is to be seen. */
  readonly text: string;
  readonly command: readonly string[];
  /** The exit status that shows it. */
  readonly status: number;
}

export interface Chapter {
  readonly title: string;
  /** Its folder in the gallery. */
  readonly folder: string;
  readonly text: string;
  readonly steps: readonly Step[];
}

export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'Where did this EINVAL come from?  (kern/43573)',
    folder: 'kern-43573',
    text: 'Mounting a small FFS image fails with EINVAL. Why?',
    steps: [
      {
        text: 'The program is run with every errno logged:',
        command: ['why', '@/buggy.ts'],
        status: EXIT_FINE,
      },
      { text: 'With the fix, it mounts:', command: ['run', '@/fixed.ts'], status: EXIT_FINE },
    ],
  },
  {
    title: 'A panic leaves one file',
    folder: 'tmpfs-links',
    text: 'A rename forgets to count a link. Nothing happens until an rmdir panics.',
    steps: [
      { text: 'Run it:', command: ['run', '@/buggy.ts', '--quiet'], status: EXIT_FINDING },
      {
        text: 'The core says what happened, in one screen:',
        command: ['core', 'analyze', '@core'],
        status: EXIT_FINE,
      },
    ],
  },
  {
    title: 'A race that needs two CPUs  (kern/36681)',
    folder: 'kern-36681',
    text: 'Rename locks child then parent; a lookup locks parent then child.',
    steps: [
      {
        text: 'One virtual CPU, as a developer runs it: nothing.',
        command: ['hunt', '@/buggy.ts', '--ncpu', '1', '--schedules', '500'],
        status: EXIT_FINE,
      },
      {
        text: 'Two virtual CPUs: a deadlock.',
        command: ['hunt', '@/buggy.ts', '--ncpu', '2', '--schedules', '5000'],
        status: EXIT_FINDING,
      },
      {
        text: 'The recording is the same run again, to the icount and digest:',
        command: ['replay', '@recording', '--quiet'],
        status: EXIT_FINE,
      },
    ],
  },
  {
    title: 'Extremely seldom  (kern/43694)',
    folder: 'kern-43694',
    text:
      "A write races with a close and open of its descriptor. NetBSD's own test loops 100,000\n" +
      'times to see it. Here each schedule is one iteration:',
    steps: [
      {
        text: 'Found within a few dozen schedules:',
        command: ['hunt', '@/buggy.ts', '--ncpu', '2', '--schedules', '100000'],
        status: EXIT_FINDING,
      },
    ],
  },
];
