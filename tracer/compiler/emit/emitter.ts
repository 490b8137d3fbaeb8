/**
 * What every visitor of the emission shares: the edits, the sites, the names of the hooks.
 *
 * Edits at one offset come out in the order: closings of what ended there (inner first), then
 * openings of what starts there (outer first). Visitors must therefore edit on the way down.
 */

import type MagicString from 'magic-string';
import type { AccessSite, SiteKind } from '../../../kernel/index.ts';
import type { Node, Source } from '../ast.ts';
import { type Captured, NOTHING_CAPTURED } from '../captured.ts';
import type { ErrnoUse } from '../errno.ts';
import type { FunctionInfo, Mode } from '../functions.ts';
import type { Reference } from '../scope.ts';

/** The function that the walk is in. */
export interface Context {
  readonly mode: Mode;
  readonly info: FunctionInfo | null;
  /** In the parameter list, where a generator cannot yield. */
  readonly inParams: boolean;
}

/** Module top level, field initialisers, static blocks: nothing is counted. */
export const OFF: Context = { mode: 'off', info: null, inParams: false };

export class Emitter {
  readonly source: Source;
  readonly text: MagicString;
  readonly functions: ReadonlyMap<Node, FunctionInfo>;
  readonly errnos: ReadonlyMap<Node, ErrnoUse>;
  readonly references: ReadonlyMap<Node, Reference>;
  readonly sites: string[] = [];
  readonly captured: Captured;
  /** Accesses are told (access.ts); their sites. */
  readonly tellsAccesses: boolean;
  readonly accesses: string[] = [];
  /** Temporaries that the objects of optional links are kept in, for links that come after. */
  readonly roots = new Map<Node, string>();
  /** Calls whose result `yield*` runs. */
  readonly delegates = new Set<Node>();

  constructor(
    source: Source,
    text: MagicString,
    functions: ReadonlyMap<Node, FunctionInfo>,
    errnos: ReadonlyMap<Node, ErrnoUse>,
    references: ReadonlyMap<Node, Reference>,
    captured: Captured | undefined,
  ) {
    this.source = source;
    this.text = text;
    this.functions = functions;
    this.errnos = errnos;
    this.references = references;
    this.tellsAccesses = captured !== undefined;
    this.captured = captured ?? NOTHING_CAPTURED;
  }

  /** A new site; gives the expression that names it. */
  site(offset: number, kind: SiteKind, info: FunctionInfo | null): string {
    const { lineBase1, columnBase0 } = this.source.lines.position(offset);
    this.sites.push(`${lineBase1}:${columnBase0}:${info?.index ?? 0}${kind}`);
    return `$m+${this.sites.length - 1}`;
  }

  /** A new access site; gives the expression that names it. */
  access(offset: number, kind: AccessSite, name: string, info: FunctionInfo | null): string {
    const { lineBase1, columnBase0 } = this.source.lines.position(offset);
    this.accesses.push(`${lineBase1}:${columnBase0}:${info?.index ?? 0}${kind} ${name}`);
    return `$a-${this.accesses.length - 1}`;
  }

  /** A new temporary of the function; undefined where there can be none. */
  temporary({ info, inParams }: Context): string | undefined {
    return info === null || inParams ? undefined : `$${++info.temporaries}`;
  }

  /** The count that goes before a statement. */
  count(offset: number, kind: SiteKind, context: Context): string {
    const site = this.site(offset, kind, context.info);
    return context.mode === 'generator'
      ? `if(++$h.icount===$h.stop&&$h.hitYield(${site}))yield;`
      : `if(++$h.icount===$h.stop)$h.hit(${site});`;
  }

  /** Before a node: outer nodes first. */
  open(offset: number, text: string): void {
    this.text.appendRight(offset, text);
  }

  /** After a node: inner nodes first. */
  close(offset: number, text: string): void {
    this.text.prependLeft(offset, text);
  }

  /** At the head of a block, just after what ends at `offset`. */
  head(offset: number, text: string): void {
    this.text.appendLeft(offset, text);
  }

  /** Replaces a range, keeping its newlines and what was opened and closed at its ends. */
  replace(start: number, end: number, text: string): void {
    const newlines = this.source.code.slice(start, end).replace(/[^\n]/g, '');
    this.text.update(start, end, text + newlines);
  }

  /** Puts `text` behind `node` in place of what is from `start` to it, whose place it has in maps. */
  moveHead(start: number, node: Node, text: string): void {
    const newlines = this.source.code.slice(start, node.start).replace(/[^\n]/g, '');
    this.head(start, newlines);
    this.text.update(start, node.start, text);
    this.text.move(start, node.start, node.end);
  }
}
