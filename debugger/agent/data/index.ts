/** Data breakpoints in the target: see README.md. */

export { Data, type DataHost } from './data.ts';
export { type DataId, type DataNeeds, parseDataId } from './dataid.ts';
export { DataQuestions } from './questions.ts';
export { setAll } from './setting.ts';
export { readyTaps, watchedProgram } from './program.ts';
