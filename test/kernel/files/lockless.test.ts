/**
 * The lockless descriptor algorithm under every kind of schedule, beside the old one that asserted
 * too much (kern/43694) and the old one that closes for others.
 */

import { expect, test } from 'vitest';
import type { Component, Sys } from '../../../kernel/api.ts';
import { files, filesComponent } from '../../../kernel/kern/file_syscalls.ts';
import { SysError } from '../../../kernel/kern/syserror.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { assertingOps, joiningOps } from '../../gallery/kern-43694/old.ts';
import { type RunOptions, run } from '../harness.ts';
import { caught, silent, together } from '../parallel.ts';

const asserting: readonly Component[] = [filesComponent({ ops: assertingOps })];
const joining: readonly Component[] = [filesComponent({ ops: joiningOps })];

/** Writes once; the descriptor may be closed. */
function writer(sys: Sys, fd: number): () => MaySleep<unknown> {
  return function* () {
    try {
      yield* sys.write(fd, 'x');
    } catch (error) {
      if (!(error instanceof SysError) || error.code !== 'EBADF') throw error;
    }
  };
}

/** Closes a descriptor and opens it again, `times` times; it must then be open. */
function reopener(sys: Sys, fd: number, kept: number, times: number): () => MaySleep<unknown> {
  return function* () {
    for (let i = 0; i < times; i++) {
      yield* sys.close(fd);
      expect(yield* sys.dup(kept)).toBe(fd);
    }
  };
}

/** `writers` LWPs write to a descriptor that another closes and opens again. */
function race(writers: number, times: number) {
  return function* main(sys: Sys): Generator<void, void, void> {
    const [, kept] = yield* sys.pipe();
    const fd = yield* sys.dup(kept);
    const bodies = [reopener(sys, fd, kept, times)];
    for (let i = 0; i < writers; i++) bodies.push(writer(sys, fd));
    yield* together(...bodies);
    yield* sys.write(fd, 'still open');
    expect(yield* sys.dup(kept)).toBe(fd + 1);
  };
}

test('a write races with close and reopen, and the descriptor stays open (kern/43694)', () => {
  silent(race(1, 1), { components: [files] });
});

test('so it does with two writers and two rounds', () => {
  silent(race(2, 2), { components: [files] }, 42);
});

test('the assertion that a free slot has no references is false (kern/43694)', () => {
  caught(race(1, 1), 'kassert', /ff_refcnt == 0/, { components: asserting }, 42);
});

test('joining a closer by closing closes what was opened since: found in 20,000 schedules', () => {
  const options: RunOptions = { components: joining, ncpu: 4, replay: 'left out' };
  let seed = 1;
  let outcome = run({ ...options, seed }, race(2, 1)).outcome;
  while (outcome.verdict === 'passed' && seed < 20_000) {
    outcome = run({ ...options, seed: ++seed }, race(2, 1)).outcome;
  }
  expect(`${outcome.verdict}: ${outcome.message}`).toMatch(
    /^program-error: SysError: EBADF.*write/,
  );
  expect(run({ ...options, seed, replay: 'compared' }, race(2, 1)).outcome).toEqual(outcome);
  expect(run({ ...options, seed, components: [files] }, race(2, 1)).outcome.verdict).toBe('passed');
});

test('two LWPs that close the same descriptor: one succeeds, one gets EBADF (close(2))', () => {
  const main = function* (sys: Sys): Generator<void, void, void> {
    const [r] = yield* sys.pipe();
    let closed = 0;
    const closer = function* (): Generator<void, void, void> {
      try {
        yield* sys.close(r);
        closed++;
      } catch (error) {
        if (!(error instanceof SysError) || error.code !== 'EBADF') throw error;
      }
    };
    yield* together(closer, closer);
    expect(closed).toBe(1);
  };
  silent(main, { components: [files] }, 21);
});

test('a reader asleep in a pipe is sent away with EBADF by close (fo_restart)', () => {
  const main = function* (sys: Sys): Generator<void, void, void> {
    const [r, w] = yield* sys.pipe();
    const got: string[] = [];
    const reader = function* (): Generator<void, void, void> {
      try {
        yield* sys.read(r, new Uint8Array(1));
      } catch (error) {
        got.push((error as SysError).code);
      }
    };
    const closer = function* (): Generator<void, void, void> {
      yield* sys.close(r);
    };
    yield* together(reader, closer);
    expect(got).toEqual(['EBADF']);
    yield* sys.close(w);
  };
  silent(main, { components: [files] }, 21);
});

test('a reader of another descriptor of the pipe goes on when one is closed', () => {
  const main = function* (sys: Sys): Generator<void, void, void> {
    const [r, w] = yield* sys.pipe();
    const other = yield* sys.dup(r);
    const counts: number[] = [];
    const stays = function* (): Generator<void, void, void> {
      counts.push(yield* sys.read(other, new Uint8Array(8)));
    };
    const leaves = function* (): Generator<void, void, void> {
      try {
        yield* sys.read(r, new Uint8Array(8));
      } catch (error) {
        expect((error as SysError).code).toBe('EBADF');
      }
    };
    const closer = function* (): Generator<void, void, void> {
      yield* sys.close(r);
      yield* sys.write(w, 'x');
    };
    yield* together(stays, leaves, closer);
    expect(counts).toEqual([1]);
  };
  silent(main, { components: [files] }, 21);
});

test('tables grow while others look descriptors up (fd_tryexpand)', () => {
  const main = function* (sys: Sys): Generator<void, void, void> {
    const [r, w] = yield* sys.pipe();
    const grower = function* (): Generator<void, void, void> {
      for (let i = 0; i < 40; i++) yield* sys.dup(r);
    };
    const user = function* (): Generator<void, void, void> {
      for (let i = 0; i < 10; i++) yield* sys.write(w, 'x');
    };
    yield* together(grower, user);
    expect(yield* sys.read(r, new Uint8Array(20))).toBe(10);
  };
  silent(main, { components: [files] }, 6);
});

test('dup2 onto a descriptor in use replaces it once, whoever else does (dup2(2))', () => {
  const main = function* (sys: Sys): Generator<void, void, void> {
    const [r, w] = yield* sys.pipe();
    const replacer = function* (): Generator<void, void, void> {
      yield* sys.dup2(r, 10);
      yield* sys.dup2(w, 10);
    };
    yield* together(replacer, replacer, writer(sys, 10));
    yield* sys.close(10);
    expect(yield* sys.fcntl(0, 11)).toBe(4);
  };
  silent(main, { components: [files] }, 21);
});
