/** Capturing: what it must not do, what it must survive, and how its values are marked. */

import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  captureState,
  coreBytes,
  openContainer,
  openCore,
  type SourceView,
} from '../../../corefiles/index.ts';
import {
  DEFAULT_SPEC,
  execute,
  executeWithCore,
  finalDigest,
  loadProgram,
  recordingOf,
  saveCore,
  sourcesOf,
} from '../../../debugger/index.ts';
import { curworld } from '../../../kernel/index.ts';
import { coreOf, savedBytes } from './harness.ts';

describe('a run that is captured', () => {
  it('ends in the same state as one that is not', async () => {
    const loaded = await loadProgram('test/corefiles/core/programs/abba.ts');
    const plain = execute(loaded, DEFAULT_SPEC, { ringRecords: 64 });
    const { run } = executeWithCore(loaded, DEFAULT_SPEC, { ringRecords: 64 });
    expect(finalDigest(run.world)).toBe(finalDigest(plain.world));
    expect(run.outcome).toEqual(plain.outcome);
  });

  it('leaves nothing behind on the global object', async () => {
    const before = Reflect.ownKeys(globalThis);
    await coreOf('kassert');
    expect(Reflect.ownKeys(globalThis)).toEqual(before);
  });
});

describe('a core', () => {
  it('has no path of this host in it', async () => {
    const { bytes } = await coreOf('trap');
    const container = openContainer(bytes);
    const texts = container.chunks.map((chunk) => container.read(chunk)?.toString('latin1') ?? '');
    const own = texts.filter((_, i) => container.chunks[i].type !== 'SRCS').join('\n');
    expect(own).not.toContain(process.cwd());
    expect(own).not.toContain(`${homedir()}/`);
    expect(own).not.toContain('file:///');
  });

  it('has the same bytes when it is made again', async () => {
    const { loaded, spec } = await coreOf('kassert');
    const again = () => {
      const { run, state } = executeWithCore(loaded, spec);
      return savedBytes((file) => saveCore(file, loaded, spec, run, state));
    };
    expect(again()).toEqual(again());
  });

  it('without state still says what happened, and can be replayed', async () => {
    const { loaded, spec, run, core } = await coreOf('kassert');
    const recording = recordingOf(loaded, spec, run);
    const poor = openCore(coreBytes({ recording, sources: sourcesOf(loaded), state: null }));
    expect([poor.verdict, poor.message]).toEqual([core.verdict, core.message]);
    expect(poor.lwps()).toEqual([]);
    expect(poor.warnings).toContain('The state was not captured.');
    expect(poor.recording.data.end).toEqual(core.recording.data.end);
  });

  it('of a short run has every value, although the engine had dropped some', async () => {
    const { core, state } = await coreOf('warm');
    const fill = core.lwps()[0].frames.find((frame) => frame.function === 'fill');
    const names = fill?.locals.map(({ name }) => name);
    expect(names).toEqual(['sys', 'table', 'turns', 'first', 'names', 'missing']);
    expect(fill?.locals.filter(({ optimizedAway }) => optimizedAway)).toEqual([]);
    expect(fill?.locals.find(({ name }) => name === 'turns')?.value).toBe(20_000);
    expect(state?.undecided).toBe(0);
  });

  it('marks what the engine may have dropped, and shows no other value than the true one', async () => {
    const { core } = await coreOf('hot');
    const frames = new Map(core.lwps()[0].frames.map((frame) => [frame.function, frame]));
    const truths: Record<string, Record<string, unknown>> = {
      step: { turn: 3_000_000, limit: 3_000_000 },
      run: { turn: 3_000_000, limit: 3_000_000 },
      main: { limit: 3_000_000 },
    };
    for (const [name, truth] of Object.entries(truths)) {
      for (const [local, value] of Object.entries(truth)) {
        const found = frames.get(name)?.locals.find((one) => one.name === local);
        expect(found, `${name} ${local}`).toBeDefined();
        if (found?.optimizedAway) expect(found.value).toBeUndefined();
        else expect(found?.value).toBe(value);
      }
    }
  });
});

describe('a core of 300 LWPs and 20,000 objects', () => {
  it('has every stack, and says of how many frames it has no variables', async () => {
    const { core, state, bytes } = await coreOf('many');
    const took = `${state?.elapsedMs.toFixed(0)} ms, ${bytes.length} bytes`;
    process.stdout.write(`captured ${core.graph?.count} objects in ${took}\n`);
    const sleepers = core.lwps().filter(({ wmesg }) => wmesg === 'inode');
    expect(sleepers).toHaveLength(300);
    let without = 0;
    for (const { frames } of sleepers) {
      const frame = frames.find((one) => one.function === 'waitForInode');
      expect(frame?.source).toMatch(/yield\* cv_wait\(shared\.changed, shared\.lock\)/);
      if (frame?.locals.length === 0) without++;
    }
    expect(without).toBeLessThan(300);
    const left = core.warnings.filter((warning) => warning.includes('frames of other LWPs'));
    expect(left).toHaveLength(without > 0 ? 1 : 0);
  });
});

/** Captures the KASSERT with a view that fails in some way; the core must open all the same. */
async function withView(broken: Partial<SourceView>, othersMs?: number) {
  const loaded = await loadProgram('test/corefiles/core/programs/kassert.ts');
  const view: SourceView = {
    mapPosition: (_url, lineBase1, columnBase0) => ({ path: 'x', lineBase1, columnBase0 }),
    text: () => '',
    ...broken,
  };
  let state: ReturnType<typeof captureState> | null = null;
  const run = execute(loaded, DEFAULT_SPEC, {
    observer: {
      failed: (outcome) => {
        state = captureState(curworld(), outcome, view, { othersMs });
      },
    },
  });
  const recording = recordingOf(loaded, DEFAULT_SPEC, run);
  return openCore(coreBytes({ recording, sources: [], state }));
}

describe('a failure inside the capture', () => {
  it('of a source map leaves a core with state and head, that says what is missing', async () => {
    const core = await withView({
      mapPosition: () => {
        throw new Error('the map is broken');
      },
    });
    expect(core.verdict).toBe('kassert');
    expect(core.kernels()).toHaveLength(1);
    expect(core.warnings).toContain('Not all frames are here: the map is broken');
  });

  it('of a source leaves one too', async () => {
    const core = await withView({
      text: () => {
        throw new Error('no such source');
      },
    });
    expect(core.verdict).toBe('kassert');
    expect(core.kernels()).toHaveLength(1);
  });

  it('never lets a path of the host in', async () => {
    const core = await withView({
      mapPosition: (_url, lineBase1, columnBase0) => ({
        path: '/home/somebody/secret.ts',
        lineBase1,
        columnBase0,
      }),
    });
    expect(core.lwps()[0]?.frames.some(({ path }) => path.startsWith('/'))).toBe(false);
  });
});
