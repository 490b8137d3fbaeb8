import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { needs } from '../../skip.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rumpus-vsix-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
  readonly main: string;
  readonly contributes: {
    readonly commands: readonly { command: string; icon?: string | Record<string, string> }[];
    readonly menus: Readonly<Record<string, readonly { command: string }[]>>;
    readonly keybindings: readonly { command: string }[];
    readonly views: Readonly<Record<string, readonly { id: string; type?: string }[]>>;
    readonly customEditors: readonly { viewType: string }[];
    readonly debuggers: readonly { type: string; configurationAttributes: object }[];
  };
}

/** Packs the extension as `npm run vsix` does. */
function pack(name: string, env: NodeJS.ProcessEnv = {}): string {
  const file = join(folder, name);
  const script = join(root, 'scripts/vsix.mjs');
  execFileSync(process.execPath, [script, file], { env: { ...process.env, ...env } });
  return file;
}

const manifest = JSON.parse(
  readFileSync(join(root, 'debugger/vscode/manifest.json'), 'utf8'),
) as Manifest;
const { contributes } = manifest;

interface Registered {
  readonly commands: Map<string, (...args: unknown[]) => unknown>;
  readonly views: string[];
  readonly trees: string[];
  readonly editors: string[];
  readonly adapters: string[];
  readonly keys: string[];
}

/** Something on which everything can be called and constructed. */
function anything(): unknown {
  // A class can be called and constructed; what it is does not matter.
  class Target {}
  return new Proxy(Target, {
    get: (target, name) => {
      if (name === 'prototype') return target.prototype;
      if (name === Symbol.toPrimitive) return () => '';
      return name === 'then' ? undefined : anything();
    },
    set: () => true,
    apply: () => anything(),
    construct: () => anything() as object,
  });
}

/** A `vscode` that notes what is registered; all else does nothing. */
function standIn(registered: Registered, used: readonly string[]): object {
  const noting = (list: string[]) => (name: string) => {
    list.push(name);
    return { dispose: () => undefined };
  };
  const namespace = (known: object) =>
    new Proxy(known, { get: (own, name) => Reflect.get(own, name) ?? anything() });
  const known: Record<string, unknown> = {
    commands: namespace({
      registerCommand: (name: string, handler: () => unknown) => {
        registered.commands.set(name, handler);
        return { dispose: () => undefined };
      },
      executeCommand: async (command: string, key: string) => {
        if (command === 'setContext') registered.keys.push(key);
      },
    }),
    window: namespace({
      registerWebviewViewProvider: noting(registered.views),
      createTreeView: noting(registered.trees),
      registerCustomEditorProvider: noting(registered.editors),
    }),
    debug: namespace({ registerDebugAdapterDescriptorFactory: noting(registered.adapters) }),
    workspace: namespace({ findFiles: async () => [] }),
  };
  // A bundle copies what a module has before it uses it, so everything must be there by name.
  return Object.fromEntries(used.map((name) => [name, known[name] ?? anything()]));
}

/** Runs the packed extension's activate(). */
async function activate(vsix: string): Promise<Registered> {
  const registered: Registered = {
    ...{ commands: new Map(), views: [], trees: [], editors: [], adapters: [], keys: [] },
  };
  const code = execFileSync('unzip', ['-p', vsix, 'extension/extension.js'], { encoding: 'utf8' });
  const module = { exports: {} as { activate(context: unknown): void } };
  const { createRequire } = await import('node:module');
  const ownRequire = createRequire(import.meta.url);
  const used = [...code.matchAll(/\bvscode\d*\.(\w+)/g)].map(([, name]) => name);
  const own = standIn(registered, used);
  const load = (name: string) => (name === 'vscode' ? own : ownRequire(name));
  new Function('require', 'module', 'exports', code)(load, module, module.exports);
  const context = new Proxy(
    { subscriptions: [] },
    {
      get: (own, name) => Reflect.get(own, name) ?? anything(),
    },
  );
  module.exports.activate(context);
  await new Promise((resolve) => setImmediate(resolve));
  return registered;
}

const unzip = needs('unzip', 'apt-get install unzip');

unzip.test('the package opens in a foreign unzip, and has what its manifest names', () => {
  const vsix = pack('a.vsix');
  execFileSync('unzip', ['-tqq', vsix]);
  const names = execFileSync('unzip', ['-Z1', vsix], { encoding: 'utf8' }).trim().split('\n');
  expect(names.slice(0, 2)).toEqual(['[Content_Types].xml', 'extension.vsixmanifest']);
  const icons = contributes.commands.flatMap(({ icon }) => {
    return typeof icon === 'object' ? Object.values(icon) : [];
  });
  for (const file of [manifest.main.replace('./', ''), 'media/timeline.js', ...icons]) {
    expect(names).toContain(`extension/${file}`);
  }
  const packed = execFileSync('unzip', ['-p', vsix, 'extension/package.json'], {
    encoding: 'utf8',
  });
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(JSON.parse(packed)).toMatchObject({ version: own.version, publisher: 'rumpus' });
  const types = execFileSync('unzip', ['-p', vsix, '\\[Content_Types\\].xml'], {
    encoding: 'utf8',
  });
  for (const name of names) {
    const extension = basename(name).split('.').at(-1);
    if (name !== names[0]) expect(types, name).toContain(`Extension=".${extension}"`);
  }
});

test('the same sources give the same bytes, wherever they are packed', () => {
  const bytes = ['UTC', 'Asia/Tokyo'].map((TZ) =>
    readFileSync(pack(`${basename(TZ)}.vsix`, { TZ })),
  );
  expect(bytes[0].equals(bytes[1])).toBe(true);
});

unzip.test('what the manifest declares is registered, and nothing else is', async () => {
  const registered = await activate(pack('b.vsix'));
  const declared = contributes.commands.map(({ command }) => command).sort();
  expect([...registered.commands.keys()].sort()).toEqual(declared);
  const views = Object.values(contributes.views).flat();
  const ids = (list: typeof views) => list.map(({ id }) => id).sort();
  expect(registered.views.sort()).toEqual(ids(views.filter(({ type }) => type === 'webview')));
  expect(registered.trees.sort()).toEqual(ids(views.filter(({ type }) => type !== 'webview')));
  const editors = contributes.customEditors.map(({ viewType }) => viewType);
  expect(registered.editors).toEqual(editors);
  expect(registered.adapters).toEqual(contributes.debuggers.map(({ type }) => type));
});

unzip.test('menus and keys name commands that exist, and clauses keys that are set', async () => {
  const { keys } = await activate(pack('c.vsix'));
  const declared = contributes.commands.map(({ command }) => command);
  const items = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
  for (const { command } of items) {
    if (!command.startsWith('workbench.')) expect(declared).toContain(command);
  }
  const clauses = JSON.stringify(items).match(/(?<=[!"\s])rumpus\.(is|has)\w+/g) ?? [];
  expect(new Set(clauses)).toEqual(new Set(keys));
});
