/** The sources that are held to the rules, read once, with what every rule needs of them. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const FOLDERS = ['kernel', 'corefiles', 'tracer', 'debugger', 'tui', 'test', 'bench'];
const SKIPPED = /^(node_modules|dist.*|fixtures|\.rumpus)$/;

export interface Source {
  /** Relative to the repository, with '/'. */
  readonly path: string;
  readonly text: string;
  readonly ast: ts.SourceFile;
}

/** A broken rule. */
export interface Finding {
  readonly path: string;
  readonly lineBase1: number;
  readonly message: string;
}

/** A rule looks at one source. */
export type Rule = (source: Source) => Finding[];

/** Makes a source of a text; the path decides which rules hold. */
export function sourceOf(path: string, text: string): Source {
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  return { path, text, ast };
}

/** All TypeScript sources of the repository. */
export function allSources(): Source[] {
  return FOLDERS.flatMap((folder) => filesBelow(folder)).map((path) =>
    sourceOf(path, readFileSync(join(ROOT, path), 'utf8')),
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.test(entry.name) ? [] : filesBelow(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/** A finding at a node, or at an offset. */
export function at(source: Source, where: ts.Node | number, message: string): Finding {
  const offset = typeof where === 'number' ? where : where.getStart(source.ast);
  const { line } = source.ast.getLineAndCharacterOfPosition(offset);
  return { path: source.path, lineBase1: line + 1, message };
}

/** Every node, in source order. */
export function* nodesOf(source: Source): Generator<ts.Node> {
  const stack: ts.Node[] = [source.ast];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => void children.push(child));
    stack.push(...children.reverse());
  }
}

/** Product code: not tests, not the bench. */
export function isProduct({ path }: Source): boolean {
  return !/^(test|bench)\//.test(path);
}

/** Programs are what the default export is for; so are configurations. */
export function isProgram({ path }: Source): boolean {
  return /^test\/gallery\/|\/programs\/|^bench\//.test(path);
}

/** Kernel code: all of kernel/ but its one door to the host. */
export function isKernel({ path }: Source): boolean {
  return path.startsWith('kernel/') && !path.startsWith('kernel/rumpuser/node/');
}

/** Findings as lines that an editor can follow. */
export function text(findings: readonly Finding[]): string[] {
  return findings.map(({ path, lineBase1, message }) => `${path}:${lineBase1}: ${message}`);
}
