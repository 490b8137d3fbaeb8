/** Sites as people read them, made once each. */

import { siteTable } from '../../sites.ts';

const texts = new Map<number, string>();
const keys = new Map<number, string>();

/** `file:line (function)`; the site's number where no loaded module has it. */
export function placeText(site: number): string {
  let text = texts.get(site);
  if (text === undefined) {
    const position = siteTable.position(site);
    if (position === undefined) return `site ${site}`;
    const where = position.function === '' ? '' : ` (${position.function})`;
    text = `${position.path}:${position.lineBase1}${where}`;
    texts.set(site, text);
  }
  return text;
}

/** `file:line`, the same in every image of the same sources: for signatures. */
export function placeKey(site: number): string {
  let key = keys.get(site);
  if (key === undefined) {
    const position = siteTable.position(site);
    if (position === undefined) return `site ${site}`;
    key = `${position.path}:${position.lineBase1}`;
    keys.set(site, key);
  }
  return key;
}
