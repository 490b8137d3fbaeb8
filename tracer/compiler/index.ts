/** The instrumenting compiler. */

export * from './access/index.ts';
export { CompileError, formatViolation, type Violation } from './errors.ts';
export { constantHooks } from './constants.ts';
export { defaultCacheDir } from './cache.ts';
export { callAt, type Fate, type SourceCall } from './fate.ts';
export { COMPILER_VERSION, imageIdentity } from './identity.ts';
export { type Instrumented, type InstrumentOptions, instrument } from './instrument.ts';
export {
  huntsInTests,
  type Included,
  kernelModule,
  programInclude,
  programModule,
  tellsAccesses,
} from './modules.ts';
export { type Package, Packages } from './packages.ts';
export { type RumpusPluginOptions, rumpusPlugin } from './plugin.ts';
export {
  type CompiledModule,
  type CompiledProgram,
  type CompileOptions,
  compileProgram,
  instantiate,
} from './program.ts';
export { inNames, wordsOf } from './rename.ts';
export type { RuleSet } from './rules.ts';
