/** Targets: a live run, a recording or a core, behind one interface (target.ts). */

export * from './target.ts';
