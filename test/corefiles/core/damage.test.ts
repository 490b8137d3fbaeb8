/** Cores that were cut off or changed: every question is answered, or refused in a sentence. */

import { beforeAll, describe, expect, it } from 'vitest';
import {
  analysisText,
  analyze,
  btOf,
  btText,
  containerBytes,
  coreBytes,
  type Core,
  CoreFileError,
  dmesgOf,
  dmesgText,
  infoOf,
  infoText,
  locksReport,
  locksText,
  openContainer,
  openCore,
  printable,
  printableLines,
  printOf,
  printText,
  psOf,
  psText,
} from '../../../corefiles/index.ts';
import { eventsOf, recordingOf, sourcesOf } from '../../../debugger/index.ts';
import { Random } from '../../../kernel/index.ts';
import { coreOf } from './harness.ts';

const MUTATIONS = 2000;
const MUTATION_MS_MAX = 2000;

let samples: Uint8Array[];

beforeAll(async () => {
  samples = [];
  for (const name of ['abba', 'several']) {
    const { loaded, spec, run, state } = await coreOf(name);
    // Without the kernel's sources, which are most of a core and are all alike.
    const sources = sourcesOf(loaded).filter(({ path }) => !path.startsWith('rumpus/kernel/'));
    const recording = recordingOf(loaded, spec, run);
    const events = eventsOf(run.world);
    samples.push(coreBytes({ recording, sources, state, events, console: run.console }));
  }
});

const QUESTIONS: readonly ((core: Core) => string)[] = [
  (core) => analysisText(analyze(core)),
  (core) => infoText(infoOf(core)),
  (core) => psText(psOf(core)),
  (core) => btText(btOf(core)),
  (core) => locksText(locksReport(core)),
  (core) => dmesgText(dmesgOf(core)),
  (core) => printText(printOf(core, 'kernel', { depth: 3 })),
  (core) => printText(printOf(core, 'lwp[2].frames[0].locals')),
  (core) => core.warnings.map(printable).join('\n'),
];

/** Asks everything; only a CoreFileError may be thrown, and is an answer. */
function askEverything(bytes: Uint8Array): string {
  return answer(() => {
    const core = openCore(bytes);
    return QUESTIONS.map((question) => answer(() => question(core))).join('\n');
  });
}

function answer(ask: () => string): string {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CoreFileError) return printable(error.message);
    throw error;
  }
}

/** The same core with a few bytes of one payload changed, and its checksums right. */
function lie(bytes: Uint8Array, random: Random): Uint8Array {
  const container = openContainer(bytes);
  const chunks = container.chunks.map((chunk) => ({
    type: chunk.type,
    version: chunk.version,
    raw: Uint8Array.from(container.read(chunk) ?? []),
  }));
  const told = chunks.filter(({ type }) => /^(CORE|GRPH|GSEG|GBLB|EVNT|ESTR|CONF)$/.test(type));
  const { raw } = told[random.below(told.length)];
  for (let i = 0; i <= random.below(4); i++) raw[random.below(raw.length)] = random.below(256);
  return containerBytes(chunks);
}

/** A copy with a few bits flipped, bytes cut out, doubled or overwritten. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = random.below(copy.length);
  const length = 1 + random.below(200);
  switch (random.below(5)) {
    case 0:
      return copy.slice(0, at);
    case 1:
      return Uint8Array.from([...copy.slice(0, at), ...copy.slice(at + length)]);
    case 2:
      return copy.fill(random.below(256), at, at + length);
    case 3:
      copy.copyWithin(random.below(copy.length), at, at + length);
      return copy;
    default:
      for (let i = 0; i <= random.below(8); i++) {
        copy[random.below(copy.length)] ^= 1 << random.below(8);
      }
      return copy;
  }
}

describe('a damaged core', () => {
  it(`never crashes a question, in ${MUTATIONS} seeded mutations`, () => {
    const random = new Random(20260);
    let slowestMs = 0;
    for (let i = 0; i < MUTATIONS; i++) {
      const sample = samples[i % samples.length];
      const mutated = i % 4 === 3 ? lie(sample, random) : mutate(sample, random);
      const startedMs = performance.now();
      const text = askEverything(mutated);
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      if (text !== printableLines(text)) throw new Error(`mutation ${i} got to the terminal`);
    }
    expect(slowestMs).toBeLessThan(MUTATION_MS_MAX);
  });

  it('says what happened when only its first kilobytes are left', () => {
    for (const bytes of samples) {
      const container = openContainer(bytes);
      const state = container.find('GRPH')[0];
      const text = askEverything(bytes.slice(0, state.offset));
      expect(text).toMatch(/^(deadlock|panic): /);
      expect(text).toMatch(/where +\w+ \(rumpus\/test\/corefiles\/core\/programs\//);
      expect(text).toContain('The file has no state');
    }
  });
});
