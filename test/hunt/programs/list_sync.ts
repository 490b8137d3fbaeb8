/** Bugs of the literature in locks, atomics, conditions and orders. */

import { type Benchmark, benchmark } from './benchmark.ts';

export const syncBenchmarks: readonly Benchmark[] = [
  benchmark('aba', {
    source: 'IBM System/370 (1983)',
    verdict: 'program-error',
    message: /lock-free stack: node \d is taken off by two/,
  }),
  benchmark('treiber_push', {
    source: 'Treiber (1986)',
    verdict: 'program-error',
    message: /treiber: \d of \d nodes are on the stack/,
  }),
  benchmark('treiber_free', {
    source: 'Michael (TPDS 2004)',
    verdict: 'use-after-free',
    message: /node\.next is read after the node was freed/,
  }),
  benchmark('peterson', {
    source: 'Peterson (IPL 1981)',
    verdict: 'program-error',
    message: /mutual exclusion: thread \d comes in while/,
  }),
  benchmark('dekker', {
    source: 'Dijkstra, EWD123 (1965)',
    verdict: 'program-error',
    message: /mutual exclusion: thread \d comes in while/,
  }),
  benchmark('ticket_lock', {
    source: 'Reed and Kanodia (CACM 1979)',
    verdict: 'program-error',
    message: /mutual exclusion: thread \d comes in while/,
  }),
  benchmark('seqlock', {
    source: 'Lameter (2005), Boehm (MSPC 2012)',
    verdict: 'program-error',
    message: /seqlock: \d is read along with/,
  }),
  benchmark('double_checked_locking', {
    source: 'Bacon and others (2001)',
    verdict: 'program-error',
    message: /double-checked locking: the limit is undefined/,
  }),
  benchmark('update_map', {
    source: 'Lu and others (ASPLOS 2008)',
    verdict: 'program-error',
    message: /map: "to" is counted \d times/,
  }),
  benchmark('update_element', {
    source: 'Lu and others (ASPLOS 2008)',
    verdict: 'program-error',
    message: /histogram: \d values of \d are counted/,
  }),
  benchmark('update_typed_array', {
    source: 'Eraser (TOCS 1997)',
    verdict: 'program-error',
    message: /bitmap: the bits are/,
  }),
  benchmark('update_closure', {
    source: 'Lu and others (ASPLOS 2008)',
    verdict: 'program-error',
    message: /closure: the total is \d+/,
  }),
  benchmark('update_helpers', {
    source: 'Lu and others (ASPLOS 2008)',
    verdict: 'program-error',
    message: /helpers: the balance is \d+/,
  }),
  benchmark('update_iterations', {
    source: 'Lu and others (ASPLOS 2008)',
    verdict: 'program-error',
    message: /counter: only \d of \d+ additions are left/,
  }),
  benchmark('check_then_act_set', {
    source: 'Goetz and others (2006)',
    verdict: 'program-error',
    message: /names: \d have the same name/,
  }),
  benchmark('binlog', {
    source: 'MySQL 791, Lu and others (ASPLOS 2008)',
    verdict: 'program-error',
    message: /binlog: a commit is not logged/,
  }),
  benchmark('order_violation', {
    source: 'Mozilla, Lu and others (ASPLOS 2008)',
    verdict: 'program-error',
    message: /order violation: the thread does not know itself/,
  }),
  benchmark('publication', {
    source: 'Lu and others (ASPLOS 2008)',
    verdict: 'program-error',
    message: /publication: connection \d has no buffer yet/,
  }),
  benchmark('lost_wakeup', { source: 'Birrell (SRC 35, 1989)', verdict: 'lost-wakeup' }),
  benchmark('close_signal', { source: 'condvar(9)', verdict: 'lost-wakeup' }),
  benchmark('park_without_condition', { source: '_lwp_park(2)', verdict: 'lost-wakeup' }),
  benchmark('semaphore_under_mutex', { source: 'Tanenbaum (1987)', verdict: 'lost-wakeup' }),
  benchmark('semaphore_count', {
    source: 'Cantrill and Bonwick (Queue 2008)',
    verdict: 'program-error',
    message: /mutual exclusion: thread \w+ comes in while/,
  }),
  benchmark('barrier_reuse', {
    source: 'Hensgen and others (1988)',
    verdict: 'lost-wakeup',
    everySchedule: true,
  }),
  benchmark('rwlock_upgrade', { source: 'rwlock(9)', verdict: 'lost-wakeup' }),
  benchmark('rwlock_recursive_read', {
    source: 'pthread_rwlock_rdlock(3)',
    verdict: 'deadlock',
  }),
  benchmark('nested_monitor', { source: 'Lister (SIGOPS 1977)', verdict: 'lost-wakeup' }),
  benchmark('mailbox_poll', { source: 'Brinch Hansen (1970)', verdict: 'timeout' }),
  benchmark('bakery', {
    source: 'Lamport (CACM 1974)',
    verdict: 'program-error',
    message: /mutual exclusion: thread \d comes in while/,
  }),
  benchmark('michael_scott', {
    source: 'Michael and Scott (PODC 1996)',
    verdict: 'program-error',
    message: /lock-free queue: \d of \d nodes are in it/,
  }),
  benchmark('ring_publish', {
    source: 'Lamport (1977)',
    verdict: 'program-error',
    message: /ring: slot \d is empty/,
  }),
  benchmark('sleeping_barber', { source: 'Dijkstra, EWD123 (1965)', verdict: 'lost-wakeup' }),
  benchmark('list_insert', {
    source: 'xv6',
    verdict: 'program-error',
    message: /list: \d of 2 nodes are in it/,
  }),
  benchmark('iterate_remove', {
    source: 'ConcurrentModificationException',
    verdict: 'program-error',
    message: /list: wm1 is passed over/,
  }),
  benchmark('rwlock_read_write', {
    source: 'rwlock(9)',
    verdict: 'kassert',
    message: /cache: a hit is not counted/,
  }),
  benchmark('trylock_skip', {
    source: 'pthread_mutex_trylock(3)',
    verdict: 'program-error',
    message: /trylock: \d of 3 requests are counted/,
  }),
  benchmark('missing_unlock', {
    source: 'Engler and others (SOSP 2001)',
    verdict: 'kassert',
    message: /LWP \d+ \(use\d\) exits with 'free list' held/,
  }),
  benchmark('suspend_with_lock', { source: 'Java, _lwp_suspend(2)', verdict: 'lost-wakeup' }),
  benchmark('waitgroup', {
    source: 'Tu and others (ASPLOS 2019)',
    verdict: 'program-error',
    message: /wait group: \d results of 2/,
  }),
  benchmark('channel_close', {
    source: 'Tu and others (ASPLOS 2019)',
    verdict: 'panic',
    message: /channel: send on closed channel/,
  }),
];
