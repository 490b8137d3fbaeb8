/** tracer: compile, trace, profile. */

export * from './compiler/index.ts';
export * from './stack/index.ts';
