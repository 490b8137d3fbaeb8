/** Events: the ring and the trace points. */

export * from './ring.ts';
export * from './trace.ts';
