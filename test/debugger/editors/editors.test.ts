/** Emacs (dap-mode) and Neovim (nvim-dap) debug with the adapter, by the recipes that we ship. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { hasCommand, needs } from '../../skip.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const RECIPES = here('../../../debugger/editors');
const BIN = here('../../../bin/rumpus.mjs');
const PROGRAM = here('programs/names.ts');
/** The line of make() that makes the directory. */
const LINE = 7;

/** The moves that both sessions make: to the entry, a breakpoint, into the call, and back. */
const MOVES = [
  'entry main:12',
  'continue make:7',
  expect.stringMatching(/^in sys_mkdir:\d+$/),
  'back make:7',
  'reverse main:12',
];

function linesOf(output: string): string[] {
  return output.split('\n').filter((line) => /^(entry|continue|in|back|reverse) /.test(line));
}

const dapMode = ['/usr/share/emacs/site-lisp/elpa', '/usr/share/emacs/site-lisp/elpa-src'];
const emacs = needs(
  'Emacs with dap-mode',
  'apt-get install emacs-nox elpa-dap-mode',
  hasCommand('emacs') && dapMode.some((folder) => existsSync(folder)),
);

emacs.test(
  'dap-mode steps into a system call and back, and continues in reverse',
  () => {
    const { stdout, stderr } = spawnSync(
      'emacs',
      ['--batch', '-l', here('session.el'), RECIPES, PROGRAM, String(LINE), 'node', BIN, 'dap'],
      { encoding: 'utf8', timeout: 100_000 },
    );
    expect(linesOf(stdout), stderr).toEqual(MOVES);
  },
  120_000,
);

const nvimDap = process.env['RUMPUS_NVIM_DAP'] ?? '';

// nvim-dap is in no package, so CI has none: only who names its folder is promised this.
if (nvimDap !== '') {
  const neovim = needs('nvim', 'apt-get install neovim');
  neovim.test(
    'nvim-dap steps into a system call and back, and continues in reverse',
    () => {
      const { stdout, stderr } = spawnSync(
        'nvim',
        ['--headless', '-u', 'NONE', '-c', `luafile ${here('session.lua')}`],
        {
          encoding: 'utf8',
          timeout: 100_000,
          env: {
            ...process.env,
            RUMPUS_LUA: RECIPES,
            RUMPUS_PROGRAM: PROGRAM,
            RUMPUS_LINE: String(LINE),
            RUMPUS_BIN: BIN,
          },
        },
      );
      expect(linesOf(stdout), stderr).toEqual(MOVES);
    },
    120_000,
  );
}
