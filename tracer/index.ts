/** tracer: compile, trace, profile, draw. */

export * from './compiler/index.ts';
export * from './stack/index.ts';
export * from './profile/index.ts';
export * from './trace/index.ts';
export * from './timeline/index.ts';
