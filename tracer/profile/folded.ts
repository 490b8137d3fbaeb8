/**
 * Folded stacks, the format of Brendan Gregg's stackcollapse scripts, one stack a line:
 *
 *   main#1;main;sys_open;namei;tmpfs_lookup 1042
 *
 * Speedscope, flamegraph.pl and inferno read it. A name that holds a semicolon or a line end would
 * be read as two, so those characters are replaced.
 */

import type { ProfileNode } from './tree.ts';

/** The whole tree, in the order of names, so that two equal profiles are equal texts. */
export function foldedText(root: ProfileNode): string {
  const lines: string[] = [];
  const walk = (node: ProfileNode, stack: string) => {
    if (node.self > 0) lines.push(`${stack} ${node.self}`);
    const names = [...node.children.keys()].sort();
    for (const name of names) {
      const own = safeName(name);
      walk(node.children.get(name)!, stack === '' ? own : `${stack};${own}`);
    }
  };
  walk(root, '');
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function safeName(name: string): string {
  return name.replace(/[;\r\n]/g, '_');
}
