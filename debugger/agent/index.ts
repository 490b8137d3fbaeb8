/** agent: what of it other folders use: runs that a debugger may attach to. */

export { type InspectedOptions, type InspectedRun, runInspected } from './inspected.ts';
