/** debugger: run, replay, hunt, why. */

export { InputError } from './errors.ts';
export { makeFolder } from './folder.ts';
export * from './hunt/hunt.ts';
export type { Begun, Pooled } from './hunt/pool.ts';
export { Bugs } from './hunt/bugs.ts';
export { type Shard, shardOf } from './hunt/shard.ts';
export * from './hunt/report/index.ts';
export * from './hunt/shrink/index.ts';
export * from './hunt/again.ts';
export type * from './hunt/found.ts';
export { scheduleSeed } from './hunt/lane.ts';
export { runRange } from './hunt/schedules.ts';
export * from './run/changes.ts';
export { checkedSpecOf } from './run/checkspec.ts';
export * from './run/core.ts';
export * from './run/execute.ts';
export * from './run/expected.ts';
export * from './run/load.ts';
export * from './run/record.ts';
export * from './run/replay.ts';
export * from './run/spec.ts';
export { explanationText } from './why/text.ts';
export { SourceLines, type SourceFrame } from './why/why.ts';
export {
  type Explanation,
  type Origin,
  type WhyResult,
  whyProgram,
  whyRecording,
} from './why/why.ts';
export * from './print/print.ts';
export * from './console/index.ts';
export * from './target/index.ts';
export { openLink, parseLink } from './vscode/link.ts';
export {
  isTestRecording,
  type RecordedTest,
  recordedTest,
  replayTest,
  type TestReplay,
} from './vitest/rerun.ts';
