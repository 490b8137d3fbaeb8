/** The one timeline picture: who ran on which CPU, around a moment. */

export * from './svg.ts';
export * from './timeline.ts';
