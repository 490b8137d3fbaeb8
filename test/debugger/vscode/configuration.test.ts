import { expect, test } from 'vitest';
import { completed, type Situation } from '../../../debugger/vscode/configuration.ts';

const PROGRAM = "import { program } from 'rumpus';\nexport default program({}, main);\n";
const here: Situation = { file: '/ws/src/race.ts', text: PROGRAM, folder: '/ws', trusted: true };

test('F5 without a launch.json debugs the program in front of one, from its first statement', () => {
  expect(completed({}, here)).toEqual({
    type: 'rumpus',
    request: 'launch',
    name: 'race.ts',
    program: '/ws/src/race.ts',
    stopOnEntry: true,
    cwd: '/ws',
    trust: true,
  });
});

test.each([
  ['/ws/.rumpus/a.core', 'core'],
  ['/ws/.rumpus/a.rumpus', 'recording'],
])('F5 on %s opens it as a %s', (file, kind) => {
  expect(completed({}, { ...here, file, text: '' })).toMatchObject({ [kind]: file });
});

test.each([
  ['/ws/README.md', '', 'README.md is no program'],
  ['', '', 'No file is open'],
  ['/ws/a.test.ts', "import { test } from 'rumpus/vitest';", 'Debug above one of its tests'],
])('F5 on %j says what would be needed', (file, text, sentence) => {
  expect(completed({}, { ...here, file, text })).toContain(sentence);
});

test('what a configuration says is kept, whatever the default is', () => {
  const given = {
    type: 'rumpus',
    request: 'launch',
    name: 'x',
    program: 'a.ts',
    cwd: '/b',
    ncpu: 4,
  };
  expect(completed({ ...given, trust: false }, here)).toEqual({ ...given, trust: false });
});

test('in a workspace that is not trusted, no foreign source is run', () => {
  const config = { type: 'rumpus', request: 'launch', name: 'x', core: 'a.core' };
  expect(completed(config, { ...here, trusted: false })).toMatchObject({ trust: false });
});

test('running without debugging stops nowhere', () => {
  const given = { type: 'rumpus', request: 'launch', name: 'x', program: 'a.ts' };
  const config = { ...given, stopOnEntry: true, noDebug: true };
  expect(completed(config, here)).toMatchObject({ stopOnEntry: false });
});

test.each([
  [{ request: 'launch' }, 'names no program, recording or core'],
  [{ request: 'launch', program: '' }, 'names no program, recording or core'],
  [{ request: 'launch', core: 'a.core', recording: 'a.rumpus' }, 'both a recording and a core'],
  [{ request: 'attach' }, 'names the port'],
  [{ request: 'attach', port: 0 }, 'names the port'],
  [{ request: 'attach', port: '80' }, 'names the port'],
  [{ request: 'boot' }, 'launch or attach'],
])('%j is refused with a sentence', (config, sentence) => {
  expect(completed({ type: 'rumpus', name: 'x', ...config }, here)).toContain(sentence);
});
