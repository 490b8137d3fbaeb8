/** Loading the program that the user named, with everything that can be wrong as one sentence. */

import { CoreFileError } from '../corefiles/index.ts';
import {
  InputError,
  loadProgram,
  type LoadedProgram,
  type LoadOptions,
} from '../debugger/index.ts';
import { CompileError } from '../tracer/index.ts';

/** Loads a program. Whatever its own top level throws is the user's to know in a sentence. */
export async function load(file: string, how: LoadOptions = {}): Promise<LoadedProgram> {
  try {
    return await loadProgram(file, how);
  } catch (error) {
    if (error instanceof InputError || error instanceof CompileError) throw error;
    if (error instanceof CoreFileError || !(error instanceof Error)) throw error;
    throw new InputError(`${file} cannot be loaded: ${error.name}: ${error.message}`);
  }
}
