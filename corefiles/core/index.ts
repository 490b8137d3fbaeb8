/** Cores: capturing, writing, reading, asking. See README.md. */

export { type CaptureOptions, captureState, type SourceView } from './capture.ts';
export { Inspector } from './inspect.ts';
export type { CapturedState, CoreHead } from './state.ts';
export type * from './types.ts';
export { type CoreContents, coreBytes, writeCore } from './write.ts';
