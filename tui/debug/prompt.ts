/**
 * The prompt: lines of a person, with history, completion, and Ctrl-C.
 *
 *   Ctrl-C  while the target moves: interrupts it, and the second one leaves
 *           at the prompt: gives up the line; twice on an empty one leaves
 *   Enter   on an empty line repeats the last command that moved the target
 */

import { createInterface, type Interface } from 'node:readline';
import { tell } from '../errors.ts';
import { EXIT_FINE, EXIT_INTERRUPTED } from '../exit.ts';
import { note } from '../output.ts';
import { HISTORY_SIZE, readHistory, writeHistory } from './history.ts';
import type { DebugSession } from './session.ts';

/** Talks until the user leaves; gives the exit status. */
export async function runPrompt(session: DebugSession): Promise<number> {
  await session.begin();
  return new Promise((resolve) => {
    const prompt = new Prompt(session, (status) => resolve(status));
    prompt.ask();
  });
}

class Prompt {
  readonly #session: DebugSession;
  readonly #readline: Interface;
  readonly #left: (status: number) => void;
  #history: string[] = readHistory();
  /** Lines typed while another was carried out. */
  readonly #typed: string[] = [];
  #isBusy = false;
  #hasLeft = false;
  #interrupts = 0;
  /** What an empty line repeats. */
  #again = '';

  constructor(session: DebugSession, left: (status: number) => void) {
    this.#session = session;
    this.#left = left;
    this.#readline = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: true,
      history: [...this.#history],
      historySize: HISTORY_SIZE,
      removeHistoryDuplicates: true,
      completer: (line: string, done: Completer) => void this.#complete(line, done),
    });
    this.#readline.on('line', (line) => {
      this.#typed.push(line);
      if (!this.#isBusy) void this.#carryOut();
    });
    this.#readline.on('history', (history) => {
      this.#history = history;
    });
    this.#readline.on('SIGINT', () => this.#interrupt());
    // Ctrl-D leaves the cursor behind the prompt.
    this.#readline.on('close', () => {
      process.stdout.write('\n');
      this.#leave(EXIT_FINE);
    });
  }

  ask(): void {
    this.#readline.setPrompt(this.#session.prompt);
    this.#readline.prompt();
  }

  async #carryOut(): Promise<void> {
    this.#isBusy = true;
    for (let line = this.#typed.shift(); line !== undefined; line = this.#typed.shift()) {
      this.#interrupts = 0;
      const done = await this.#one(line.trim() || this.#again);
      if (done === 'quit') this.#leave(EXIT_FINE);
      if (this.#hasLeft) return;
    }
    this.#isBusy = false;
    this.#interrupts = 0;
    this.ask();
  }

  async #one(line: string): Promise<'quit' | 'go on'> {
    if (line === '') return 'go on';
    try {
      const done = await this.#session.line(line);
      if (done === 'quit') return 'quit';
      this.#again = done === 'moved' ? line : '';
    } catch (error) {
      this.#again = '';
      if (!this.#hasLeft) note(tell(error).text.replace(/^rumpus: /, ''));
    }
    return 'go on';
  }

  async #complete(line: string, done: Completer): Promise<void> {
    try {
      const { words, word } = await this.#session.complete(line);
      done(null, [[...words], word]);
    } catch {
      // Whatever is wrong with the line is said when it is entered.
      done(null, [[], '']);
    }
  }

  #interrupt(): void {
    this.#interrupts++;
    const again = this.#interrupts > 1;
    if (this.#isBusy) {
      process.stdout.write('^C\n');
      if (again) this.#leave(EXIT_INTERRUPTED);
      else void this.#session.interrupt();
    } else if (this.#readline.line !== '') {
      this.#interrupts = 0;
      this.#askAnew('^C');
    } else if (again) this.#leave(EXIT_INTERRUPTED);
    else this.#askAnew('^C (once more leaves)');
  }

  /** Takes the text that was typed away, as shells do. */
  #askAnew(why: string): void {
    process.stdout.write(`${why}\n`);
    this.#readline.write(null, { ctrl: true, name: 'e' });
    this.#readline.write(null, { ctrl: true, name: 'u' });
    this.ask();
  }

  #leave(status: number): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    writeHistory(this.#history);
    this.#readline.removeAllListeners('close');
    this.#readline.close();
    this.#left(status);
  }
}

type Completer = (error: Error | null, result: [string[], string]) => void;
