/** Cores that were changed: a target answers every question, or refuses it in a sentence. */

import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import {
  containerBytes,
  CoreFileError,
  openContainer,
  openCore,
  printableLines,
} from '../../../corefiles/index.ts';
import { CoreTarget } from '../../../debugger/target/core/index.ts';
import { TargetError } from '../../../debugger/target/index.ts';
import { Random } from '../../../kernel/index.ts';
import { OVERDRAWN, temporaryFolder, writeCoreOf } from './programs.ts';

const MUTATIONS = 200;
/** Variables that are opened in each. */
const OPENED = 60;

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** The same core with a few bytes of one payload changed, and its checksums right. */
function lie(bytes: Uint8Array, random: Random): Uint8Array {
  const container = openContainer(bytes);
  const chunks = container.chunks.map((chunk) => ({
    type: chunk.type,
    version: chunk.version,
    raw: Uint8Array.from(container.read(chunk) ?? []),
  }));
  const told = chunks.filter(({ type }) =>
    /^(CORE|GRPH|GSEG|GBLB|EVNT|ESTR|CONF|IMAG)$/.test(type),
  );
  const { raw } = told[random.below(told.length)];
  for (let i = 0; i <= random.below(4); i++) raw[random.below(raw.length)] = random.below(256);
  return containerBytes(chunks);
}

/** What a client prints as it is; of paths and expressions it must have the exact text. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  const fields = Object.entries(value).filter(([key]) => key !== 'path' && key !== 'evaluateName');
  return fields.flatMap(([, inner]) => textsIn(inner));
}

/** Everything that a client asks at a stop; gives all that would be shown. */
async function askEverything(target: CoreTarget): Promise<string[]> {
  const shown = [target.stop?.description ?? ''];
  const ask = async (question: () => Promise<unknown>) => {
    try {
      shown.push(...textsIn(await question()));
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      shown.push(error.message);
    }
  };
  const handles: number[] = [];
  const lwps = await target.lwps();
  shown.push(...textsIn(lwps));
  for (const { id } of lwps) {
    for (const frame of await target.stack(id)) {
      const scopes = await target.scopes(frame.id);
      handles.push(...scopes.map(({ handle }) => handle));
      await ask(() => target.completions('account.', 8, frame.id));
      await ask(() =>
        target.evaluate('account.past[0]', { frame: frame.id, sideEffects: 'refused' }),
      );
    }
  }
  for (let i = 0; i < Math.min(handles.length, OPENED); i++) {
    await ask(async () => {
      const variables = await target.variables(handles[i], { count: 20 });
      handles.push(...variables.map(({ handle }) => handle).filter((handle) => handle !== 0));
      for (const { memory } of variables) {
        if (memory !== '') await ask(() => target.readMemory(memory, 0, 16));
      }
      return variables;
    });
  }
  await target.modules();
  await ask(() => target.trace(100));
  await ask(() => target.why());
  await ask(() => target.setBreakpoints([{ id: 1, at: { kind: 'function', name: 'withdraw' } }]));
  return shown;
}

it(`answers or refuses, in ${MUTATIONS} seeded lies`, { timeout: 120_000 }, async () => {
  const file = folder.file('overdrawn.core');
  await writeCoreOf(OVERDRAWN, file);
  const bytes = new Uint8Array(readFileSync(file));
  const random = new Random(305);
  let refused = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    try {
      const core = openCore(lie(bytes, random));
      const target = new CoreTarget({
        core,
        file,
        rerun: () => Promise.reject(new Error('asked')),
      });
      const shown = await askEverything(target);
      expect(shown.filter((text) => text !== printableLines(text))).toEqual([]);
    } catch (error) {
      if (!(error instanceof CoreFileError)) throw error;
      refused++;
    }
  }
  expect(refused).toBeLessThan(MUTATIONS / 2);
});
