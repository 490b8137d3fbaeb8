/**
 * System calls of the kern component, as data. Numbers follow sys/kern/syscalls.master; each topic
 * has its rows beside its functions.
 */

import { protSyscalls } from './kern_prot.ts';
import { lwpSyscalls } from './sys_lwp.ts';
import { processSyscalls } from './sys_process.ts';
import { sigSyscalls } from './sys_sig.ts';
import { timeSyscalls } from './sys_time.ts';

export const kernSyscalls = {
  ...protSyscalls,
  ...processSyscalls,
  ...timeSyscalls,
  ...sigSyscalls,
  ...lwpSyscalls,
};
