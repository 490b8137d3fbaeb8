/**
 * Real VS Code in tests: code-server with the packed extension, driven in headless Chromium. What a
 * person does with mouse and keys is done with mouse and keys.
 *
 *   const editor = await startEditor(root);
 *   await editor.openFile('race.ts');
 *   await editor.press('F5');
 *   expect(await editor.stopped()).toContain('main');
 *   await editor.close();
 *
 * RUMPUS_CODE_SERVER is the folder that install.sh filled; by default one in the folder for
 * temporary files. RUMPUS_SCREENSHOTS names a folder for pictures.
 */

import { execFileSync, type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from './playwright.ts';

const installed = process.env['RUMPUS_CODE_SERVER'] ?? join(tmpdir(), 'rumpus-code-server');
const entry = join(installed, 'node_modules/code-server/out/node/entry.js');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Whether all of it is there. */
export function editorInstalled(): boolean {
  const driver = join(installed, 'node_modules/playwright-core');
  return existsSync(entry) && existsSync(driver) && CHROMIUM.some((file) => existsSync(file));
}

const SETTINGS = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'debug.toolBarLocation': 'floating',
  'debug.onTaskErrors': 'debugAnyway',
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'git.enabled': false,
  // What is on a canvas cannot be found.
  'terminal.integrated.gpuAcceleration': 'off',
  'files.watcherExclude': { '**/node_modules/**': true },
};

/** How long anything may take on a busy machine, ms. */
const PATIENCE = 60_000;
/** How long a test of several steps may take, ms. */
export const TEST_MS = 240_000;
const SCROLL_PX = 60;
/** Right of the label that stands before a link. */
const LINK_AT_PX = 200;
const TO_THE_TOP_PX = 10_000;
/** Turns of the wheel from the top of a list to its end. */
const SCROLLS = 30;

export class Editor {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: ChildProcess;
  readonly #folder: string;
  #pictures = 0;

  constructor(parts: { page: Page; browser: Browser; server: ChildProcess; folder: string }) {
    this.page = parts.page;
    this.#browser = parts.browser;
    this.#server = parts.server;
    this.#folder = parts.folder;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    stop(this.#server);
    // The server's children may still write as they go.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** Keeps a picture, when they are wanted. */
  async picture(name: string): Promise<void> {
    const folder = process.env['RUMPUS_SCREENSHOTS'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    const number = String(++this.#pictures).padStart(2, '0');
    await this.page.screenshot({ path: join(folder, `${number}-${name}.png`) });
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Waits for something on the page. */
  async wait(selector: string, hasText?: string | RegExp): Promise<Locator> {
    const found = this.page.locator(selector, { hasText }).first();
    await found.waitFor({ timeout: PATIENCE });
    return found;
  }

  /** Opens a file by its path in the workspace. */
  async openFile(file: string): Promise<void> {
    await this.press('Control+P');
    await this.wait('.quick-input-widget input.input');
    const name = file.split('/').at(-1) ?? file;
    await this.page.keyboard.type(file);
    await this.wait('.quick-input-list .monaco-list-row', name);
    await this.page.waitForTimeout(400);
    await this.press('Enter');
    await this.wait('.tab.active', name);
  }

  /** Waits until the extension has told the editor that it shows a program: F5 is its own then. */
  async knowsProgram(): Promise<void> {
    await this.wait('.editor-actions .action-label[aria-label*="Debug This Program"]');
  }

  /** Runs a command of the palette. */
  async command(title: string): Promise<void> {
    await this.press('F1');
    await this.wait('.quick-input-widget input.input');
    await this.page.keyboard.type(title);
    await this.wait('.quick-input-list .monaco-list-row', title);
    await this.page.waitForTimeout(300);
    await this.press('Enter');
  }

  /** Toggles a breakpoint at a line of the active file. */
  async breakpoint(lineBase1: number): Promise<void> {
    await this.press('Control+G');
    await this.wait('.quick-input-widget input.input');
    await this.page.keyboard.type(String(lineBase1));
    await this.page.waitForTimeout(300);
    await this.press('Enter');
    await this.wait('.statusbar-item', `Ln ${lineBase1},`);
    await this.press('F9');
    await this.wait('.codicon-debug-breakpoint, .codicon-debug-stackframe-dot');
  }

  /** Clicks a button of the debug toolbar. */
  async toolbar(label: string): Promise<void> {
    // Perhaps with its key behind it: other labels begin alike.
    const labels = [`="${label}"`, `^="${label} ("`];
    const buttons = labels.map((like) => `.debug-toolbar .action-label[aria-label${like}]`);
    await (await this.wait(buttons.join(', '))).click();
  }

  /** The status bar item of the extension, once it is like this. */
  async status(like: RegExp): Promise<string> {
    return (await (await this.wait('.statusbar-item', like)).textContent()) ?? '';
  }

  /** The icount in the status bar once it is another than this. */
  async icountAfter(before: number): Promise<number> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const icount = await this.icount();
      if (icount !== before && (await this.standing())) return icount;
      if (performance.now() > deadline) throw new Error(`still at icount ${icount}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** The icount in the status bar. */
  async icount(): Promise<number> {
    const text = await this.status(/icount [\d,]+/);
    return Number(/icount ([\d,]+)/.exec(text)?.[1].replaceAll(',', ''));
  }

  async standing(): Promise<boolean> {
    return (await this.page.locator('.debug-toolbar .codicon-debug-continue').count()) > 0;
  }

  /** Function and place of a frame of the call stack: `tmpfs_write tmpfs_vnops.ts 120:3`. */
  async frame(like: string | RegExp): Promise<string> {
    const row = await this.#rowIn('.debug-call-stack', like);
    return (await row.textContent()) ?? '';
  }

  /** A row of a list that shows no more than fits: it is looked for from the top. */
  async #rowIn(list: string, like: string | RegExp): Promise<Locator> {
    const row = this.page.locator(`${list} .monaco-list-row`, { hasText: like }).first();
    const deadline = performance.now() + PATIENCE;
    for (let turn = 0; performance.now() < deadline; turn++) {
      if ((await row.count()) > 0) return row;
      await this.page.locator(list).first().hover();
      await this.page.mouse.wheel(0, turn % SCROLLS === 0 ? -TO_THE_TOP_PX : SCROLL_PX);
      await this.page.waitForTimeout(100);
    }
    await this.picture('missing');
    throw new Error(`no ${String(like)} in ${list}`);
  }

  /** Waits until there is a breakpoint of that name. */
  async hasBreakpoint(name: string): Promise<void> {
    await this.pane('Breakpoints', 'open');
    await this.#rowIn('.debug-breakpoints', name);
    await this.pane('Breakpoints', 'closed');
  }

  /** Waits until the cursor, and so the statement that comes next, is at a line. */
  async atLine(lineBase1: number): Promise<void> {
    await this.wait('.statusbar-item', `Ln ${lineBase1},`);
    await this.wait('.debug-top-stack-frame-line');
  }

  /** Closes or opens a pane of the side bar. */
  async pane(title: string, state: 'open' | 'closed'): Promise<void> {
    const header = await this.wait('.pane-header', title);
    const expanded = (await header.getAttribute('aria-expanded')) === 'true';
    if (expanded !== (state === 'open')) await header.click();
  }

  async texts(selector: string): Promise<string[]> {
    return this.page.locator(selector).allInnerTexts();
  }

  /** A variable's row, opened on the way: `node`, `size`. */
  async variable(...path: readonly string[]): Promise<Locator> {
    const row = (name: string) =>
      this.#rowIn('.debug-variables', new RegExp(`^\\s*${name}(\\s|:|=|$)`));
    for (const name of path.slice(0, -1)) {
      const found = await row(name);
      if ((await found.getAttribute('aria-expanded')) !== 'true') await found.click();
    }
    return row(path.at(-1) ?? '');
  }

  /** Chooses from the context menu of something. */
  async menu(of: Locator, item: string | RegExp): Promise<void> {
    await of.click({ button: 'right' });
    const found = this.page.locator('.monaco-menu .action-item', { hasText: item }).first();
    await found.waitFor({ timeout: PATIENCE });
    await this.page.waitForTimeout(200);
    await found.click();
  }

  /** Something in one of the pages that the extension shows. */
  async inPage(selector: string, hasText?: string): Promise<Locator> {
    const deadline = performance.now() + PATIENCE;
    const pages = this.page.locator('iframe.webview');
    while (performance.now() < deadline) {
      for (let i = (await pages.count()) - 1; i >= 0; i--) {
        const page = this.page.frameLocator(`iframe.webview >> nth=${i}`);
        const found = page.frameLocator('#active-frame').locator(selector, { hasText }).first();
        if ((await found.count()) > 0) return found;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`no ${selector} in any page`);
  }

  /** Clicks a link in the terminal, with the key that makes a click follow it. */
  async followLink(text: string): Promise<void> {
    const line = await this.wait('.xterm-rows > div', text);
    const box = await line.boundingBox();
    if (box === null) throw new Error(`the line with ${text} is not seen`);
    const { mouse, keyboard } = this.page;
    await keyboard.down('Control');
    await mouse.move(box.x + LINK_AT_PX, box.y + box.height / 2);
    await this.page.waitForTimeout(500);
    await mouse.click(box.x + LINK_AT_PX, box.y + box.height / 2);
    await keyboard.up('Control');
  }

  /** Ends the debug session. */
  async endSession(): Promise<void> {
    await this.press('Shift+F5');
    await this.page.locator('.debug-toolbar').waitFor({ state: 'hidden', timeout: PATIENCE });
  }
}

/** Starts the server with the extension, and opens a folder. */
export async function startEditor(workspace: string, vsix: string): Promise<Editor> {
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-editor-'));
  const server = await startServer(folder, vsix);
  try {
    const { chromium } = createRequire(join(installed, 'package.json'))('playwright-core') as {
      chromium: { launchPersistentContext(dir: string, options: object): Promise<Browser> };
    };
    const browser = await chromium.launchPersistentContext(join(folder, 'chromium'), {
      executablePath: CHROMIUM.find((file) => existsSync(file)),
      headless: true,
      viewport: { width: 1500, height: 1250 },
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    });
    const page = browser.pages()[0] ?? (await browser.newPage());
    const editor = new Editor({ page, browser, server: server.process, folder });
    await page.goto(`http://127.0.0.1:${server.port}/?folder=${encodeURIComponent(workspace)}`);
    await editor.wait('.explorer-folders-view .monaco-list-row');
    return editor;
  } catch (error) {
    stop(server.process);
    throw error;
  }
}

async function startServer(
  folder: string,
  vsix: string,
): Promise<{ process: ChildProcess; port: number }> {
  const user = join(folder, 'user');
  mkdirSync(join(user, 'User'), { recursive: true });
  writeFileSync(join(user, 'User/settings.json'), JSON.stringify(SETTINGS));
  writeFileSync(join(folder, 'config.yaml'), 'auth: none\n');
  const foreign = Object.entries(process.env).filter(([name]) =>
    /^(VITEST|VSCODE|NODE_)/.test(name),
  );
  const env = { ...process.env, ...Object.fromEntries(foreign.map(([name]) => [name, undefined])) };
  Object.assign(env, {
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CONFIG_HOME: folder,
  });
  const common = ['--config', join(folder, 'config.yaml'), '--user-data-dir', user];
  common.push('--extensions-dir', join(folder, 'extensions'));
  const install = [entry, ...common, '--install-extension', vsix, '--force'];
  execFileSync(process.execPath, install, { env, stdio: 'pipe' });
  const port = await freePort();
  const log = openSync(join(folder, 'server.log'), 'w');
  const flags = ['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--disable-telemetry'];
  flags.push('--disable-update-check', '--disable-workspace-trust');
  const stdio = ['ignore', log, log] as const;
  const child = spawn(process.execPath, [entry, ...common, ...flags], {
    ...{ env, stdio: [...stdio] },
    detached: true,
  });
  await answering(port);
  return { process: child, port };
}

function stop(server: ChildProcess): void {
  if (server.pid === undefined) return;
  try {
    process.kill(-server.pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

async function answering(port: number): Promise<void> {
  for (const deadline = performance.now() + PATIENCE; ; ) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok === true) return;
    if (performance.now() > deadline) throw new Error('code-server does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
