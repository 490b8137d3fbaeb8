import { expect, test } from 'vitest';
import { rumpus, rumpusJson, workFolder } from './cli.ts';

const cwd = workFolder();
/** A seed with which abba.ts deadlocks on two CPUs. */
const DEADLOCK_SEED = '1';

interface Event {
  readonly icount: number;
  readonly virtualTimeNs: number;
  readonly kind: string;
  readonly lwpName: string;
  readonly args: Record<string, string | number>;
  readonly at?: { readonly function: string; readonly file: string; readonly line: number };
}

function events(...args: string[]): Event[] {
  return rumpusJson(cwd, ['trace', ...args]).json['events'] as Event[];
}

test('trace prints one line an event with icount, CPU, LWP and source position (issue 2)', () => {
  const { status, stdout } = rumpus(cwd, ['trace', 'abba.ts', '--seed', '3', '--kind', 'lock']);
  expect(status).toBe(0);
  const acquired = stdout.split('\n').filter((line) => line.includes('lock:acquire'));
  expect(acquired.length).toBeGreaterThan(0);
  expect(stdout).toMatch(/one#\d+ +lock:acquire +lock=a +take \(work\/abba\.ts:18\)/);
});

test('events come in the order of their icounts, virtual time with them', () => {
  const all = events('works.ts');
  expect(all.length).toBeGreaterThan(10);
  for (let i = 1; i < all.length; i++) {
    expect(all[i].icount).toBeGreaterThanOrEqual(all[i - 1].icount);
    expect(all[i].virtualTimeNs).toBeGreaterThanOrEqual(all[i - 1].virtualTimeNs);
  }
});

test('a sleep is at the line that sleeps, and its wakeup a timeout later', () => {
  const [sleep, wakeup] = events('works.ts', '--kind', 'sched:sleep', 'sched:wakeup').filter(
    ({ kind, args }) => args['wmesg'] === 'nap' || kind === 'sched:wakeup',
  );
  expect(sleep.at).toMatchObject({ function: 'worker', file: 'work/works.ts', line: 15 });
  expect(wakeup.virtualTimeNs - sleep.virtualTimeNs).toBeGreaterThanOrEqual(1_000_000);
});

test('filters: kinds by name or beginning, LWPs by name or number, icounts', () => {
  const all = events('abba.ts');
  const kinds = new Set(events('abba.ts', '--kind', 'lock').map(({ kind }) => kind));
  expect([...kinds].every((kind) => kind.startsWith('lock:'))).toBe(true);
  const one = events('abba.ts', '--lwp', 'one');
  expect(one.length).toBeGreaterThan(0);
  expect(one.every(({ lwpName }) => lwpName.startsWith('one#'))).toBe(true);
  const [from, to] = [all[3].icount, all[8].icount];
  const middle = events('abba.ts', '--from', String(from), '--to', String(to));
  expect(middle).toEqual(all.filter(({ icount }) => icount >= from && icount <= to));
});

test('a small ring drops the oldest and says how many', () => {
  const json = rumpusJson(cwd, ['trace', 'works.ts', '--events', '16']).json;
  expect(json['events']).toHaveLength(16);
  expect(json['dropped']).toBe(events('works.ts').length - 16);
});

test('a recording traces as the run did; --saved shows what the file holds and runs nothing', () => {
  const args = ['abba.ts', '--ncpu', '2', '--no-preempt', '--seed', DEADLOCK_SEED];
  const found = rumpusJson(cwd, ['run', ...args]).json;
  expect(found['verdict']).toBe('deadlock');
  const live = events(...args);
  expect(events(found['recording'] as string)).toEqual(live);
  const saved = events(found['recording'] as string, '--saved');
  expect(saved).toEqual(live.map(({ at: _at, ...event }) => event));
});
