/** `save`: a file of this moment, or of the run so far. */

import { TargetError } from '../target/index.ts';
import type { Call, CommandGroup, CommandResult } from './types.ts';

async function save({ target, words }: Call): Promise<CommandResult> {
  const [what, file, ...more] = words;
  if (file === undefined || more.length > 0 || (what !== 'core' && what !== 'recording')) {
    throw new TargetError('save what? save core FILE, or save recording FILE');
  }
  if (what === 'core') await target.saveCore(file);
  else await target.saveRecording(file);
  return { text: `${what === 'core' ? 'a core of this moment' : 'the recording'} is in ${file}` };
}

export const SAVING: CommandGroup = {
  title: 'Files',
  commands: [
    {
      name: 'save',
      when: 'stands',
      usage: 'save core|recording FILE',
      summary: 'a core of this moment, or the recording of the run so far',
      run: save,
    },
  ],
};
