/** Exit statuses: what a script may rely on. */

/** Everything is as it should be. */
export const EXIT_FINE = 0;
/** The kernel under test failed: a finding. */
export const EXIT_FINDING = 1;
/** The command line, or a file that it names, is wrong. */
export const EXIT_USAGE = 2;
/** A bug of ours: EX_SOFTWARE of sysexits(3). */
export const EXIT_INTERNAL = 70;
/** Ended by Ctrl-C: 128 and the number of SIGINT, as shells have it. */
export const EXIT_INTERRUPTED = 130;
