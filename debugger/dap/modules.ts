/** Modules are the components of the running image: `tmpfs`, `kern`, the program. */

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { ModuleInfo } from '../target/index.ts';
import { type Arguments, maybeNumber } from './args.ts';
import type { Requests, Session } from './session.ts';

/** The kernel's own sources; everything else is the user's. */
const OWN = /^rumpus\/kernel\//;

export class Modules {
  readonly #told = new Map<string, string>();

  /** Tells the client which modules are new, changed or gone since it was last told. */
  async update(session: Session): Promise<void> {
    const modules = (await session.target.modules()).map((info) => moduleOf(session, info));
    const names = new Set(modules.map(({ name }) => name));
    for (const id of [...this.#told.keys()].filter((name) => !names.has(name))) {
      this.#told.delete(id);
      session.tell('module', { reason: 'removed', module: { id, name: id } });
    }
    for (const module of modules) {
      const text = JSON.stringify(module);
      const before = this.#told.get(module.name);
      if (before === text) continue;
      this.#told.set(module.name, text);
      session.tell('module', { reason: before === undefined ? 'new' : 'changed', module });
    }
  }
}

function moduleOf(session: Session, { name, paths }: ModuleInfo): DebugProtocol.Module {
  const [first] = paths;
  const sources = `${paths.length} source${paths.length === 1 ? '' : 's'}`;
  const module = {
    id: name,
    name,
    path: first === undefined ? undefined : session.sources.source(first).path,
    isUserCode: !paths.every((path) => OWN.test(path)),
    symbolStatus: `${sources}, with every statement`,
    sources: paths.length,
  };
  return module;
}

async function modules(session: Session, args: Arguments): Promise<object> {
  const all = await session.target.modules();
  const start = maybeNumber(args, 'startModule') ?? 0;
  const count = maybeNumber(args, 'moduleCount') ?? 0;
  const page = all.slice(start, count === 0 ? undefined : start + count);
  return { modules: page.map((info) => moduleOf(session, info)), totalModules: all.length };
}

export const moduleRequests: Requests = { modules: { when: 'open', handle: modules } };
