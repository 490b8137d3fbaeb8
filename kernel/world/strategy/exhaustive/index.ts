/** Exhaustive search: dpor.ts and bounded.ts behind one strategy. */

export { ExhaustiveStrategy, type ExhaustiveOptions } from './exhaustive.ts';
