/**
 * The spec that stands in a file: what is in a file is anybody's, so the same limits hold for it as
 * on the command line.
 */

import type { RecordingData } from '../../corefiles/index.ts';
import { DETECTORS, type Grain } from '../../kernel/index.ts';
import { InputError } from '../errors.ts';
import { specOf } from './record.ts';
import { ACCESSES, checkKnobs, type RunSpec, SEED_MAX, STRATEGIES, wholeNumber } from './spec.ts';

export const GRAINS: readonly Grain[] = ['sync', 'access', 'statement'];

/** The spec of a recording. Throws InputError with one sentence that begins with the file. */
export function checkedSpecOf(file: string, data: RecordingData): RunSpec {
  const spec = specOf(data);
  const { seed, budget, depth, expectedSteps, strategy, grain, accesses } = spec;
  const { detectors, ending, args } = spec;
  try {
    const fields = { seed, budget, depth, expectedSteps };
    for (const [name, value] of Object.entries(fields)) {
      wholeNumber(name, String(value), 0, SEED_MAX);
    }
    checkWord('strategy', strategy, STRATEGIES);
    checkWord('grain', grain, GRAINS);
    checkWord('accesses', accesses, ACCESSES);
    checkTexts('args', args);
    checkTexts('detectors', detectors);
    for (const name of detectors) checkWord('detectors', name, DETECTORS);
    if (typeof ending !== 'string') throw new InputError('ending must be a text');
    if (spec.schedule !== undefined) checkTexts('schedule', [spec.schedule]);
    const { knobs } = spec;
    if (typeof knobs !== 'object' || knobs === null) throw new InputError('knobs are missing');
    checkKnobs(knobs);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${file} cannot be replayed: in its configuration, ${error.message}`);
  }
  return spec;
}

function checkWord(name: string, word: unknown, words: readonly string[]): void {
  if (words.includes(word as string)) return;
  throw new InputError(`${name} must be ${words.join(' or ')}, not '${String(word)}'`);
}

function checkTexts(name: string, list: unknown): void {
  if (Array.isArray(list) && list.every((one) => typeof one === 'string')) return;
  throw new InputError(`${name} must be strings`);
}
