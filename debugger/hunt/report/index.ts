/** What a hunt tells a person: the report of a finding, as data, as text and as a page. */

export * from './classes.ts';
export { type PageAssets, pageAssets, reportPage } from './page.ts';
export * from './report.ts';
export * from './statistics.ts';
export * from './text.ts';
export type * from './types.ts';
