/** Bugs in what only a kernel's programs call: files, pipes, signals, memory, deferred work. */

import { type Benchmark, benchmark } from './benchmark.ts';

export const kernelBenchmarks: readonly Benchmark[] = [
  benchmark('lock_file', {
    source: 'Bishop and Dilger (1996)',
    verdict: 'program-error',
    message: /lock file: \d own it/,
  }),
  benchmark('make_directories', {
    source: 'bpo-1675',
    verdict: 'program-error',
    message: /EEXIST.*mkdir/,
  }),
  benchmark('append', {
    source: 'Stevens, APUE (1992)',
    verdict: 'program-error',
    message: /append: the log has \d+ bytes/,
  }),
  benchmark('sequence_file', {
    source: 'Stevens, UNP (1990)',
    verdict: 'program-error',
    message: /sequence file: two draws give number \d/,
  }),
  benchmark('descriptor_reuse', {
    source: 'close(2)',
    verdict: 'program-error',
    message: /descriptor: \d bytes of the secret are public/,
  }),
  benchmark('pipe_jobserver', { source: 'GNU make', verdict: 'lost-wakeup' }),
  benchmark('pipe_request_reply', {
    source: 'Stevens, UNP (1990)',
    verdict: 'program-error',
    message: /pipes: twice \d is said to be \d/,
  }),
  benchmark('sigsuspend_race', { source: 'Stevens, APUE (1992)', verdict: 'lost-wakeup' }),
  benchmark('signal_handler_lock', { source: 'sigaction(2)', verdict: 'deadlock' }),
  benchmark('two_kernels_update', {
    source: 'Kantee (2012)',
    verdict: 'program-error',
    message: /two kernels: \d packets of \d are counted/,
  }),
  benchmark('two_kernels_order', {
    source: 'Kantee (2012)',
    verdict: 'program-error',
    message: /two kernels: the server is there, but not its/,
  }),
  benchmark('two_kernels_deadlock', { source: 'Kantee (2012)', verdict: 'deadlock' }),
  benchmark('kmem_use_after_free', {
    source: 'pool(9)',
    verdict: 'use-after-free',
    message: /session\.user is written after the session was/,
  }),
  benchmark('kmem_double_free', {
    source: 'kmem(9)',
    verdict: 'kassert',
    message: /kmem_free of an object that was freed before/,
  }),
  benchmark('kmem_leak', { source: 'kmem(9)', verdict: 'leak', message: /1 × scratch/ }),
  benchmark('refcount_put_early', {
    source: 'McKenney (2007)',
    verdict: 'use-after-free',
    message: /inode\.number is read after the inode was freed/,
  }),
  benchmark('refcount_split', {
    source: 'McKenney (2007)',
    verdict: 'kassert',
    message: /pool_put\(buffer\) of an object that was freed before/,
  }),
  benchmark('refcount_resurrect', {
    source: 'kern/41417',
    verdict: 'kassert',
    message: /refcount: a dead entry is referenced/,
  }),
  benchmark('callout_completion', {
    source: 'callout(9)',
    verdict: 'use-after-free',
    message: /request\.timeouts is \w+ after the request was/,
  }),
  benchmark('callout_rearm', {
    source: 'callout(9)',
    verdict: 'kassert',
    message: /a callout is (armed after it was|destroyed while it)/,
  }),
  benchmark('workqueue_twice', {
    source: 'workqueue(9)',
    verdict: 'kassert',
    message: /workqueue link: work is enqueued twice/,
  }),
  benchmark('workqueue_lost', {
    source: 'workqueue(9)',
    verdict: 'kassert',
    message: /workqueue: a request is never handled/,
  }),
  benchmark('kthread_detach', {
    source: 'kthread(9)',
    verdict: 'use-after-free',
    message: /softc\.exitCode is read after the softc was freed/,
  }),
  benchmark('timeout_completion', {
    source: 'callout(9)',
    verdict: 'kassert',
    message: /timeout: a request is finished twice/,
  }),
  benchmark('kill_exited', { source: 'kill(2)', verdict: 'program-error', message: /ESRCH.*kill/ }),
  benchmark('truncate_write', {
    source: 'Pillai and others (OSDI 2014)',
    verdict: 'program-error',
    message: /configuration: the file is empty/,
  }),
  benchmark('softint_update', {
    source: 'softint(9)',
    verdict: 'kassert',
    message: /softint: a packet is not counted/,
  }),
  benchmark('double_fetch', {
    source: 'Wang and others (USENIX Security 2017)',
    verdict: 'kassert',
    message: /double fetch: more is copied than the buffer holds/,
  }),
];
