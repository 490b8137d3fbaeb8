import { Script } from 'node:vm';
import { afterAll, describe, expect, test } from 'vitest';
import { type ScopeReader, scopeReader } from '../../../corefiles/core/innermost.ts';
import { entriesOf, Inspector, type LiveScope } from '../../../corefiles/core/inspect.ts';
import { kindOfScope } from '../../../corefiles/core/scopes.ts';

/** Generators that stand in scopes of every kind. */
const SOURCE = `(function () {
  const $h = {}, top = 1;
  function* plain(a) { const b = a + top; $h.n++; yield b; const later = b; return later; }
  function* blocks(list) {
    for (const x of list) {
      let own = [x];
      const closure = () => own;
      try { throw new Error('e'); } catch (caught) { yield closure; }
    }
  }
  function around(captured) {
    return function* inner() { let mine = captured * 2; yield mine; };
  }
  class Queue { *take(n) { yield n + top; } }
  return [plain(1), blocks([2, 3]), around(4)(), new Queue().take(5)];
})()`;

const inspector = new Inspector();
afterAll(() => inspector.close());

function suspended(): Generator[] {
  const generators = new Script(SOURCE).runInThisContext() as Generator[];
  for (const generator of generators) generator.next();
  return generators;
}

/** The scopes up to that of the module; the inspector leaves out empty blocks. */
function inside(reader: ScopeReader, generator: object): LiveScope[] {
  const scopes: LiveScope[] = [];
  for (let i = 0; i < reader.count(generator); i++) {
    const scope = reader.scope(generator, i);
    if (scope.description !== 'Block' || Object.keys(scope.object).length > 0) scopes.push(scope);
    if ('$h' in scope.object) break;
  }
  return scopes;
}

describe('scopes of a suspended generator, one by one', () => {
  test('they are those that the inspector gives, whatever the kind', () => {
    const reader = scopeReader();
    if (reader === null) throw new Error('this engine does not offer it');
    const generators = suspended();
    const all = inspector.generators(generators, () => true);
    for (const [i, generator] of generators.entries()) {
      const ours = inside(reader, generator).map(({ description, object }) => ({
        kind: kindOfScope(description),
        entries: entriesOf(object),
      }));
      const theirs = all[i].scopes.map(({ description, object }) => ({
        kind: kindOfScope(description),
        entries: entriesOf(object),
      }));
      expect(ours.length).toBeGreaterThan(1);
      expect(ours).toEqual(theirs.slice(0, ours.length));
    }
  });

  test('those from the module on are as many for all functions of a source', () => {
    const reader = scopeReader();
    if (reader === null) throw new Error('this engine does not offer it');
    const generators = suspended();
    const around = generators.map((generator) => {
      const count = reader.count(generator);
      const all = Array.from({ length: count }, (_, i) => reader.scope(generator, i).object);
      return count - all.findIndex((object) => '$h' in object);
    });
    expect(around).toEqual(generators.map(() => around[0]));
  });

  test('the engine compiles nothing of the kind once the reader is made', () => {
    scopeReader();
    expect(() => new Function('return %GetGeneratorScopeCount({})')).toThrow(SyntaxError);
  });
});
