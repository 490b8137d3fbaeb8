/** Events: from ring words to text. */

export * from './decode.ts';
export * from './filter.ts';
export * from './format.ts';
export * from './kernelstack.ts';
export * from './positions.ts';
