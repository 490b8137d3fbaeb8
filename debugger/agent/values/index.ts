/** Live values of the target as variables, and the way back to them. See README.md. */

export { assign } from './assign.ts';
export { type CompletionContext, completions } from './completions.ts';
export { generatorNames } from './generators.ts';
export { Handles, type HandlesOptions, type Held, type How, type ScopeEntry } from './handles.ts';
export { describeLive, typeOf } from './live.ts';
export type { MemberKey } from './members.ts';
export { readMemory, writeMemory } from './memory.ts';
export { entryAt as mapEntryAt, fieldOf as storedField, mapGet as mapValue } from './read.ts';
export { beforeCursor, type SplitExpression, splitExpression } from './path.ts';
export { type Place, placeOf } from './place.ts';
export { recordScopes } from './scopes.ts';
export {
  extended,
  follow,
  keyOf,
  plainKey,
  type PlainKey,
  type Trail,
  type TrailRoot,
  type TrailStep,
} from './trail.ts';
export { type Counts, countsOf, variableOf, variables } from './variables.ts';
