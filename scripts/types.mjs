/**
 * Writes types/, the declarations that package.json's exports name, when the package is packed.
 *
 * tsc leaves the sources' `.ts` in import specifiers of declarations; a consumer's compiler looks
 * for `.js` beside `.d.ts`, so they are rewritten. Only what the public entries reach is kept.
 */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const types = resolve(root, 'types');
const RELATIVE = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"]*)\.ts\2/g;

function compile() {
  const tsc = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin/tsc',
  );
  const args = [tsc, '-p', resolve(root, 'tsconfig.build.json')];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

rmSync(types, { recursive: true, force: true });
compile();
for (const name of readdirSync(types, { recursive: true })) {
  const file = join(types, name);
  if (!name.endsWith('.d.ts')) continue;
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(RELATIVE, '$1$2$3.js$2'));
}
