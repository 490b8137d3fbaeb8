/** The benchmarks of SCTBench: of its CS, CHESS, Inspect, RADBench and SPLASH parts. */

import { type Benchmark, benchmark } from './benchmark.ts';

export const csBenchmarks: readonly Benchmark[] = [
  benchmark('account', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /account: the balance is/,
  }),
  benchmark('arithmetic_prog', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /arithmetic: the sum is/,
  }),
  benchmark('bluetooth_driver', {
    source: 'KISS (Qadeer and Wu, PLDI 2004)',
    verdict: 'program-error',
    message: /bluetooth: a request runs on a stopped driver/,
  }),
  benchmark('carter01', { source: 'CS (Cordeiro and Fischer, ICSE 2011)', verdict: 'deadlock' }),
  benchmark('circular_buffer', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /circular buffer: \d+ is received for/,
  }),
  benchmark('deadlock01', { source: 'CS (Cordeiro and Fischer, ICSE 2011)', verdict: 'deadlock' }),
  benchmark('fsbench', {
    source: 'DPOR (Flanagan and Godefroid, POPL 2005)',
    verdict: 'program-error',
    message: /fsbench: two inodes have block/,
  }),
  benchmark('lazy01', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'kassert',
    message: /lazy01: data is still below three/,
  }),
  benchmark('phase01', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'lost-wakeup',
    everySchedule: true,
  }),
  benchmark('queue', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /queue: \d+ comes out, and not/,
  }),
  benchmark('reorder_3', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /reorder: a is/,
  }),
  benchmark('reorder_5', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /reorder: a is/,
  }),
  benchmark('reorder_10', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /reorder: a is/,
  }),
  benchmark('reorder_20', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /reorder: a is/,
  }),
  benchmark('stack', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /stack: a pop from an empty stack/,
  }),
  benchmark('sync01', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'lost-wakeup',
    everySchedule: true,
  }),
  benchmark('sync02', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'lost-wakeup',
    everySchedule: true,
  }),
  benchmark('token_ring', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /token ring: the values are/,
  }),
  benchmark('twostage', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /twostage: \d+ does not follow/,
  }),
  benchmark('twostage_20', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /twostage: \d+ does not follow/,
  }),
  benchmark('wronglock', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /wronglock: \d+ and one are/,
  }),
  benchmark('wronglock_3', {
    source: 'CS (Cordeiro and Fischer, ICSE 2011)',
    verdict: 'program-error',
    message: /wronglock: \d+ and one are/,
  }),
  benchmark('philosophers_3', { source: 'Dijkstra, EWD310 (1971)', verdict: 'deadlock' }),
  benchmark('philosophers_5', { source: 'Dijkstra, EWD310 (1971)', verdict: 'deadlock' }),
  benchmark('stringbuffer', {
    source: 'Flanagan and Qadeer (PLDI 2003)',
    verdict: 'program-error',
    message: /stringbuffer: \d+ characters of/,
  }),
  benchmark('work_stealing_queue', {
    source: 'Cilk-5 (PLDI 1998), CHESS (OSDI 2008)',
    verdict: 'program-error',
    message: /work stealing: item \d is done \d times/,
  }),
  benchmark('ctrace', {
    source: 'Inspect (SPIN 2008)',
    verdict: 'program-error',
    message: /ctrace: thread .* is not in the table/,
  }),
  benchmark('qsort_mt', {
    source: 'Inspect (SPIN 2008)',
    verdict: 'program-error',
    message: /qsort: the order is/,
  }),
  benchmark('pbzip2', {
    source: 'RADBench (HotPar 2011)',
    verdict: 'kassert',
    message: /mutex fifo is (used after it was|destroyed while)/,
  }),
  benchmark('barrier_phase', {
    source: 'SPLASH-2 (ISCA 1995), PARSEC',
    verdict: 'program-error',
    message: /barrier: cell \d has a neighbour of no value/,
  }),
  benchmark('bounded_buffer_if', {
    source: 'Lampson and Redell (CACM 1980)',
    verdict: 'program-error',
    message: /bounded buffer: an item is taken out of nothing/,
  }),
  benchmark('bounded_buffer_signal', {
    source: "Cargill's challenge, Coyote",
    verdict: 'lost-wakeup',
  }),
];
