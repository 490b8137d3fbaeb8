/**
 * Cores: captureState() and writeCore() make one, openCore() opens one, and each command of
 * `rumpus core` is a pair of functions: the data (for --json), and its text.
 */

export {
  type Analysis,
  analyze,
  type AnalyzeOptions,
  culpritOf,
  type Involved,
  waitsForLwps,
} from './analyze.ts';
export { type CaptureOptions, captureState, type SourceView } from './capture.ts';
export { entriesOf, Inspector, withoutOptimising } from './inspect.ts';
export { isHelper, SourceNames, type SourceText } from './names.ts';
export {
  type FrameReader,
  forgetModules,
  isAnnouncer,
  type MapPosition,
  type Placed,
  placeFrames,
  type Placing,
  positionIn,
  readVariables,
} from './native.ts';
export { type Precision, readScopes } from './scopes.ts';
export { CapturedFrame } from './state.ts';
export { listedFrames, type PendingFrame, readPending, sleepingFrames } from './suspended.ts';
export { constantName } from './query/constants.ts';
export { describe, describeField, type ValueSource } from './query/values.ts';
export { viewElements, viewLength } from './query/views.ts';
export { openCore } from './read.ts';
export type { CapturedState, CoreHead } from './state.ts';
export { analysisText } from './text/analysis.ts';
export { type Backtrace, btOf, btText } from './text/bt.ts';
export { dmesgOf, dmesgText, type Messages } from './text/dmesg.ts';
export { type CoreInfo, infoOf, infoText } from './text/info.ts';
export { type LockReport, locksReport, locksText } from './text/locks.ts';
export { type Printed, type PrintOptions, printOf, printText } from './text/print.ts';
export { grouped, table } from './text/lines.ts';
export { type ProcessList, type PsModifier, psOf, psText } from './text/ps.ts';
export type * from './types.ts';
export { type CoreContents, coreBytes, writeCore } from './write.ts';
