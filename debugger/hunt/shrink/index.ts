/** debugger/hunt/shrink: from a failing schedule to the few switches that matter. */

export { completeText, type ParsedSchedule, parseComplete, specOfSchedule } from './head.ts';
export { emitTest } from './emit.ts';
export { FollowStrategy, type Misfit } from './strategy.ts';
export { parseSchedule, scheduleText } from './text.ts';
export type { Certificate, Operation, Shrunk, Size, Swap } from './types.ts';
export { shrink, type ShrinkOptions } from './shrink.ts';
