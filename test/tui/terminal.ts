/** A terminal with the command in it, for tests: tmux keeps the screen, with a server of its own. */

import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { command } from './cli.ts';

/** Names of servers in this process. */
let opened = 0;

export class Terminal {
  readonly #server: string;

  /** Runs the command; when it has ended, the screen says `ended with` its status. */
  constructor(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#server = `rumpus-test-${process.pid}-${opened++}`;
    const words = [...command, ...args].map((word) => `'${word}'`).join(' ');
    const line = `${words}; echo ended with $?; sleep 600`;
    const size = ['-x', '120', '-y', '45'];
    const started = ['-f', '/dev/null', 'new-session', '-d', '-s', 'one', ...size, '-c', cwd, line];
    execFileSync('tmux', ['-L', this.#server, ...started], { env: { ...env, TERM: 'screen' } });
  }

  /** Types text, then keys by their names in tmux(1). */
  type(text: string, ...keys: readonly string[]): void {
    if (text !== '') this.#tmux('send-keys', '-l', '--', text);
    if (keys.length > 0) this.#tmux('send-keys', ...keys);
  }

  /** Waits until the screen, without blank lines below, matches. */
  async shows(pattern: RegExp): Promise<void> {
    const screen = () => this.#tmux('capture-pane', '-p', '-J').trimEnd();
    // Blanks at the ends of lines are not kept, and the prompt ends in one.
    const wanted = new RegExp(pattern.source.replace(/ (?=\$$|\\n)/, ' ?'), pattern.flags);
    await expect.poll(screen, { timeout: 20_000, interval: 50 }).toMatch(wanted);
  }

  close(): void {
    try {
      this.#tmux('kill-server');
    } catch {
      // It has ended by itself.
    }
  }

  #tmux(...words: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#server, ...words], { encoding: 'utf8' });
  }
}
