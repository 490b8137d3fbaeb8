/** rumpus debug: scripts on stdin and by --command, and a person at a terminal (tmux). */

import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { needs } from '../skip.ts';
import { environment, rumpus, stranger, workFolder } from './cli.ts';
import { Terminal } from './terminal.ts';

const cwd = workFolder();
rumpus(cwd, ['run', 'kassert.ts']);
const core = '.rumpus/kassert-kassert-1.core';

function script(file: string, lines: readonly string[], more: readonly string[] = []) {
  return rumpus(cwd, ['debug', file, ...more], {}, `${lines.join('\n')}\n`);
}

test('a script on stdin is carried out without a prompt', () => {
  const lines = ['# a comment', '', 'break check', 'continue', 'print count', 'bt', 'quit', 'ps'];
  const { status, stdout, stderr } = script('kassert.ts', lines);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const said = stdout.split('\n');
  expect(said[0]).toMatch(/^icount [\d,]+, LWP 1 \(main\), main \(work\/kassert\.ts:8:3\)$/);
  expect(said[1]).toBe("     8    printf('about to fail\\n');");
  expect(said[2]).toMatch(/^breakpoint 1: check \(work\/kassert\.ts:4:3\)$/);
  expect(said[3]).toBe('about to fail');
  expect(said[4]).toBe('breakpoint 1');
  expect(stdout).toContain('\ncount = 3\nLWP 1 (main) of process 1 (init), running\n#0  check ');
  expect(stdout).not.toContain('(rumpus ');
  expect(stdout).not.toContain('PID');
});

test('--command does the same, and stdin is left alone', () => {
  const args = ['debug', 'kassert.ts', '--command', 'break check', '--command', 'c'];
  const { status, stdout } = rumpus(cwd, args, {}, 'ps\n');
  expect(status).toBe(0);
  expect(stdout).toMatch(/\nbreakpoint 1\nicount .* check /);
  expect(stdout).not.toContain('PID');
});

test('running a program into a failure gives 1, unless it is expected; a recorded one gives 0', () => {
  expect(script('kassert.ts', ['c']).status).toBe(1);
  expect(script('expects-panic.ts', ['c']).status).toBe(0);
  expect(script('hello.ts', ['c']).status).toBe(0);
  expect(script(core, ['ps', 'back', 'c']).status).toBe(0);
});

test('the first line that fails ends a script with 2, in a sentence', () => {
  const { status, stdout, stderr } = script('hello.ts', ['print 1 + 1', 'print nobody', 'ps']);
  expect(status).toBe(2);
  expect(stdout).toMatch(/\n1 \+ 1 = 2\n$/);
  expect(stderr).toMatch(/^rumpus: .*nobody.*\n$/);
  expect(script('hello.ts', ['frobnicate 3']).stderr).toBe(
    "rumpus: there is no command 'frobnicate': try help, or print frobnicate 3\n",
  );
});

test('what cannot be debugged is said in a sentence, and gives 2', () => {
  writeFileSync(join(cwd, 'noise.rumpus'), 'noise');
  for (const file of ['nothing.ts', 'not-a-program.ts', 'syntax.ts', 'noise.rumpus', 'none.core']) {
    const { status, stdout, stderr } = script(file, ['ps']);
    expect(status, file).toBe(2);
    expect(stdout, file).toBe('');
    expect(stderr, file).not.toMatch(/\n\s+at /);
  }
  expect(script('hello.ts', [], ['--icount', 'x']).stderr).toContain('--icount');
});

test('a run has the options of rumpus run, and the arguments of the program', () => {
  const { stdout } = script('hello.ts', ['c'], ['you', '--ncpu', '1']);
  expect(stdout).toContain('hello you\n');
});

test('a recording is stepped back in, from any icount', () => {
  rumpus(cwd, ['run', 'hello.ts', '--record', 'hello.rumpus']);
  const { status, stdout } = script('hello.rumpus', ['back', 'goto +5'], ['--icount', '40']);
  expect(status).toBe(0);
  const icounts = [...stdout.matchAll(/^icount (\d+),/gm)].map((match) => Number(match[1]));
  expect(icounts).toHaveLength(3);
  expect(icounts[0]).toBe(40);
  expect(icounts[1]).toBeLessThan(40);
  expect(icounts[2]).toBe(icounts[1] + 5);
});

test("a stranger's core is looked at without running it, and run again only with --trust", () => {
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-strange-'));
  const file = join(folder, 'strange.core');
  writeFileSync(file, readFileSync(join(cwd, core)));
  const ask = (lines: string, ...more: string[]) =>
    rumpus(folder, ['debug', file, ...more], stranger(), lines);
  expect(ask('ps\n')).toMatchObject({ status: 0, stderr: '' });
  const refused = ask('back\n');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('--trust');
  const trusted = ask('back\nprint 1\n', '--trust');
  expect(trusted.status).toBe(0);
  expect(trusted.stdout).toContain('\n1 = 1\n');
});

test('rumpus core ddb answers as rumpus core does, and runs nothing', () => {
  const ddb = (...words: string[]) => rumpus(cwd, ['core', 'ddb', core, ...words]);
  const same = (question: string, ...words: string[]) =>
    expect(ddb(...words).stdout).toBe(rumpus(cwd, ['core', question, core]).stdout);
  same('ps', 'ps');
  same('locks', 'show all locks');
  same('locks', 'show', 'all', 'locks');
  same('bt', 'bt', '-a');
  same('dmesg', 'dmesg');
  const back = ddb('back');
  expect(back.status).toBe(2);
  expect(back.stderr).toBe(`rumpus: rumpus core runs nothing: rumpus debug ${core} goes back\n`);
  expect(rumpus(cwd, ['core', 'ddb', core], {}, 'ps\nshow mount\n').status).toBe(0);
});

/** Programs that processes of the debugger have open, below our folder. */
function targetsLeft(): string[] {
  const left: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/environ`, 'utf8');
      if (text.includes('RUMPUS_TARGET=') && text.includes(cwd)) left.push(pid);
    } catch {
      // It has ended, or is somebody else's.
    }
  }
  return left;
}

const linux = needs('/proc, to list processes', 'run the tests on Linux', existsSync('/proc/self'));

linux.test('however a session ends, no process is left', async () => {
  script('kassert.ts', ['c']);
  script('kassert.ts', ['print nobody']);
  script('kassert.ts', []);
  await expect.poll(targetsLeft, { timeout: 10_000 }).toEqual([]);
});

const tmux = needs('tmux', 'apt-get install tmux');
const terminals: Terminal[] = [];
afterAll(() => {
  for (const terminal of terminals) terminal.close();
});

function sit(...args: readonly string[]): Terminal {
  const terminal = new Terminal(cwd, ['debug', ...args], environment());
  terminals.push(terminal);
  return terminal;
}

tmux.test('at a terminal there is a prompt, completion, history, and Enter repeats', async () => {
  const terminal = sit('kassert.ts');
  await terminal.shows(/\(rumpus [\d,]+ LWP 1\) $/);
  terminal.type('break kasse\t', 'Enter');
  await terminal.shows(/LWP 1\) break kassert\.ts:/);
  terminal.type('b check', 'Enter');
  await terminal.shows(/breakpoint \d: check/);
  terminal.type('cont\t', 'Enter');
  await terminal.shows(/\(rumpus [\d,]+ LWP 1\) continue \n/);
  await terminal.shows(/\n *4 +KASSERT/);
  terminal.type('back', 'Enter');
  await terminal.shows(/\n *9 +check\(3\);\n\(rumpus/);
  terminal.type('', 'Enter');
  await terminal.shows(/\n *8 +printf\('about to fail\\n'\);\n\(rumpus [\d,]+ LWP 1\) $/);
  terminal.type('quit', 'Enter');
  await terminal.shows(/ended with 0/);
  const again = sit('kassert.ts');
  await again.shows(/LWP 1\) $/);
  again.type('', 'Up', 'Up');
  await again.shows(/LWP 1\) back$/);
  again.type('', 'C-c', 'C-d');
  await again.shows(/ended with 0/);
});

tmux.test('Ctrl-C interrupts what runs; the prompt is left by two of them', async () => {
  const terminal = sit('spins.ts');
  await terminal.shows(/LWP 1\) $/);
  terminal.type('c', 'Enter');
  await terminal.shows(/LWP 1\) c$/);
  terminal.type('', 'C-c');
  await terminal.shows(/\ninterrupted\nicount [\d,]+, LWP 1 \(main\), main \(work\/spins\.ts/);
  terminal.type('print turns >= 0', 'Enter');
  await terminal.shows(/\nturns >= 0 = true\n/);
  terminal.type('', 'C-c');
  await terminal.shows(/once more leaves/);
  terminal.type('', 'C-c');
  await terminal.shows(/ended with 130/);
  await expect.poll(targetsLeft, { timeout: 10_000 }).toEqual([]);
});
