/** Who may import whom (DESIGN.md), that folders are seen through index.ts, and cycles. */

import { posix } from 'node:path';
import ts from 'typescript';
import { at, type Finding, type Source } from './sources.ts';

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  corefiles: ['kernel'],
  tracer: ['kernel', 'corefiles'],
  debugger: ['kernel', 'corefiles', 'tracer'],
  tui: ['kernel', 'corefiles', 'tracer', 'debugger'],
};

interface Import {
  readonly node: ts.Node;
  /** Of the imported file, relative to the repository. */
  readonly path: string;
  readonly typeOnly: boolean;
}

/** The relative imports and re-exports of a source. */
export function importsOf(source: Source): Import[] {
  const imports: Import[] = [];
  for (const node of source.ast.statements) {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) continue;
    const { moduleSpecifier } = node;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) continue;
    if (!moduleSpecifier.text.startsWith('.')) continue;
    const path = posix.join(posix.dirname(source.path), moduleSpecifier.text);
    imports.push({ node, path, typeOnly: isTypeOnly(node) });
  }
  return imports;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    const { exportClause } = node;
    if (node.isTypeOnly) return true;
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) return false;
    return exportClause.elements.every((element) => element.isTypeOnly);
  }
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) {
    return false;
  }
  return bindings.elements.every((element) => element.isTypeOnly);
}

const folderOf = (path: string): string => path.slice(0, path.indexOf('/'));

/** Imports of a folder that the table does not allow, or not through an index.ts. */
export function importFindings(source: Source): Finding[] {
  const folder = folderOf(source.path);
  const allowed = MAY_IMPORT[folder];
  if (allowed === undefined) return [];
  return importsOf(source).flatMap(({ node, path }) => {
    const other = folderOf(path);
    if (other === folder) return [];
    if (!allowed.includes(other)) return [at(source, node, `${folder} imports ${other}`)];
    if (posix.basename(path) === 'index.ts') return [];
    return [at(source, node, `${path} is imported past its folder's index.ts`)];
  });
}

/** Groups of files that import each other when they are loaded; types do not count. */
export function cyclesOf(sources: readonly Source[]): string[][] {
  const graph = new Map<string, string[]>();
  for (const source of sources) {
    const runtime = importsOf(source).filter(({ typeOnly }) => !typeOnly);
    graph.set(
      source.path,
      runtime.map(({ path }) => path),
    );
  }
  return new Components(graph).cycles;
}

/** Tarjan's strongly connected components. */
class Components {
  readonly cycles: string[][] = [];
  readonly #graph: ReadonlyMap<string, readonly string[]>;
  readonly #index = new Map<string, number>();
  readonly #low = new Map<string, number>();
  readonly #stack: string[] = [];

  constructor(graph: ReadonlyMap<string, readonly string[]>) {
    this.#graph = graph;
    for (const path of graph.keys()) if (!this.#index.has(path)) this.#visit(path);
  }

  #visit(path: string): void {
    const index = this.#index.size;
    this.#index.set(path, index);
    this.#low.set(path, index);
    this.#stack.push(path);
    for (const next of this.#graph.get(path) ?? []) {
      if (!this.#graph.has(next)) continue;
      if (!this.#index.has(next)) this.#visit(next);
      else if (!this.#stack.includes(next)) continue;
      this.#low.set(path, Math.min(this.#low.get(path) ?? 0, this.#low.get(next) ?? 0));
    }
    if (this.#low.get(path) !== index) return;
    const group = this.#stack.splice(this.#stack.indexOf(path));
    const selfImport = group.length === 1 && (this.#graph.get(path) ?? []).includes(path);
    if (group.length > 1 || selfImport) this.cycles.push(group.sort());
  }
}
