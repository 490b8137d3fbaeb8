/**
 * The instrumenting compiler: puts counts, frames, errno origins and scheduling points into a
 * module, and says where they are.
 *
 *   function add(a: number, b: number) {        function add(a: number, b: number) {++$h.pd;
 *     return a + b;                       →     if(++$h.icount===$h.stop)$h.hit($m+0);
 *   }                                             if(…)$h.hit($m+1);return $h.r(a + b);}
 *
 * The output is TypeScript still (types are stripped by what comes next), has the same lines as
 * the input, and means the same. What the inserted code calls is described in kernel/hooks.ts.
 *
 * Limits   A module's top level is not counted; a call through an import cycle into a module
 *          whose top level has not run yet fails. Names that begin with $ and are used by the
 *          inserted code cannot be used by the source (rules.ts).
 */

import type { SourceMap } from 'magic-string';
import type { AccessTable, ModuleTable } from '../../kernel/index.ts';
import { type Node, parse, type Source } from './ast.ts';
import { findCaptured } from './captured.ts';
import { Emitter, OFF } from './emit/emitter.ts';
import { scopeOf } from './emit/functions.ts';
import { visit } from './emit/visit.ts';
import { findErrnos, isErrnoModule } from './errno.ts';
import { CompileError } from './errors.ts';
import { type FunctionInfo, listFunctions } from './functions.ts';
import { identify } from './identity.ts';
import { loadMagicString } from './lazy.ts';
import { checkRules, type RuleSet } from './rules.ts';
import { findReferences } from './scope.ts';

export interface InstrumentOptions {
  /** Portable path: package name, then the path in the package, with forward slashes. */
  readonly path: string;
  /** What the inserted import is from. Default `rumpus/hooks`. */
  readonly hooks?: string;
  /** Which rules the source is held to. Default `off`. */
  readonly rules?: RuleSet;
  /** Host code (a test file) whose generators are programs: nothing else is touched. */
  readonly onlyGenerators?: boolean;
  /** The modules that errno constants are imported from. */
  readonly errnoModules?: (specifier: string) => boolean;
  /** For the access image: accesses are told, and may be scheduling points. */
  readonly access?: boolean;
  /** The name of the file in the source map. Default: the portable path. */
  readonly mapSource?: string;
}

export interface Instrumented {
  readonly code: string;
  readonly map: SourceMap;
  readonly table: ModuleTable;
}

export const DEFAULT_HOOKS = 'rumpus/hooks';

/** Instruments one module. Throws CompileError for syntax errors and broken rules. */
export function instrument(code: string, options: InstrumentOptions): Instrumented {
  const onlyGenerators = options.onlyGenerators ?? false;
  const source = parse(code, options.path);
  const references = findReferences(source.program);
  const functions = listFunctions(source.program, { onlyGenerators });
  const ruleSet = options.rules ?? 'off';
  const violations = checkRules(source, references, functions, { ruleSet, onlyGenerators });
  if (violations.length > 0) throw new CompileError(violations, code);
  const errnos = findErrnos(source.program, references, options.errnoModules ?? isErrnoModule);
  const text = new (loadMagicString())(code);
  const captured = options.access ? findCaptured(source.program) : undefined;
  const emitter = new Emitter(source, text, functions, errnos, references, captured);
  visit(emitter, source.program, OFF);
  const table = tableOf(source, functions, emitter, { onlyGenerators });
  const scope = captured === undefined ? '' : scopeOf(emitter, source.program);
  const head = prologue(table, emitter, options.hooks ?? DEFAULT_HOOKS);
  emitter.head(prologueAt(source), head + scope);
  const map = text.generateMap({
    hires: 'boundary',
    source: options.mapSource ?? options.path,
    includeContent: true,
  });
  return { code: text.toString(), map, table };
}

function tableOf(
  source: Source,
  functions: ReadonlyMap<Node, FunctionInfo>,
  emitter: Emitter,
  options: { onlyGenerators: boolean },
): ModuleTable {
  const counted = [...functions.values()].filter((info) => info.index >= 0);
  const { hash, functionHashes } = identify(source, functions, options);
  return {
    path: source.path,
    hash,
    functions: counted.map((info) => info.name),
    functionHashes,
    sites: emitter.sites.join(';'),
  };
}

/** After a hashbang and directives, on the line where they end. */
function prologueAt(source: Source): number {
  const { program, code } = source;
  let at = code.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (program.hashbang) at = Math.min(program.hashbang.end + 1, code.length);
  for (const node of program.body) {
    if (node.type !== 'ExpressionStatement' || !node.directive) break;
    at = node.end;
  }
  return at;
}

function prologue(table: ModuleTable, emitter: Emitter, hooks: string): string {
  const parts = [
    `import{hooks as $h0}from${JSON.stringify(hooks)}`,
    `const $h=$h0,$D=$h.DONE,$m=$h.module(${JSON.stringify(table)})`,
  ];
  if (emitter.tellsAccesses) {
    const { path, hash, functions } = table;
    const accesses: AccessTable = { path, hash, functions, accesses: emitter.accesses.join(';') };
    parts.push(`const $x=$h.accesses,$a=$x.module(${JSON.stringify(accesses)})`);
  }
  return `;${parts.join(';')};`;
}
