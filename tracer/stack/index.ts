/** Stacks of LWPs, with positions in the source. */

export * from './sourcemaps.ts';
export * from './stack.ts';
