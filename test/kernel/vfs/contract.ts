/**
 * The contract of file systems: what holds on every one, whatever it keeps its files in.
 *
 *   fileSystemContract('tmpfs', { components: [tmpfs], root: '', tree: makeTree }, {});
 *
 * Each case runs on a fresh kernel, with the tree of tree.ts under `root`. A case that a file
 * system cannot meet is skipped by name, with the reason.
 */

import { describe, test } from 'vitest';
import type { Component, EtfsSource, MaySleep, Sys } from '../../../kernel/api.ts';
import { passes } from '../harness.ts';
import { readCases } from './contract_read.ts';
import { writeCases } from './contract_write.ts';

export interface Setup {
  readonly components: readonly Component[];
  /** Images. */
  readonly etfs?: Readonly<Record<string, EtfsSource>>;
  /** Where the tree is: '' for the root directory. */
  readonly root: string;
  /** Mounts what must be mounted, and makes the tree unless an image holds it. */
  readonly tree: (sys: Sys, root: string) => MaySleep<void>;
  /** Cases that write are left out of a file system that cannot. Default: it can. */
  readonly readOnly?: 'read-only';
}

/** One case: a program that throws when the claim does not hold. `at` is the root of the tree. */
export type Case = (sys: Sys, at: string) => MaySleep<unknown>;

/** Cases by claim. */
export type Cases = Readonly<Record<string, Case>>;

/** Runs the contract. `skips` maps claims to the reason why this file system does not make them. */
export function fileSystemContract(
  name: string,
  setup: Setup,
  skips: Readonly<Record<string, string>>,
): void {
  const cases = { ...readCases, ...(setup.readOnly ? {} : writeCases) };
  for (const skip of Object.keys(skips)) {
    if (!(skip in cases)) throw new Error(`there is no claim "${skip}" to be skipped`);
  }
  describe(`${name}, the contract of file systems`, () => {
    for (const claim of Object.keys(cases)) runCase(setup, claim, cases[claim], skips[claim]);
  });
}

function runCase(setup: Setup, claim: string, body: Case, skip: string | undefined): void {
  const { components, etfs, root, tree } = setup;
  if (skip !== undefined) {
    test.skip(`${claim} (skipped: ${skip})`, () => {});
    return;
  }
  test(claim, () => {
    passes({ components, etfs }, function* main(sys) {
      yield* tree(sys, root);
      yield* body(sys, root);
    });
  });
}
