/** Commands that show the whole kernel at this moment, from Target.state(): as a core's. */

import { btOf, btText, dmesgOf, dmesgText, psOf, psText } from '../../corefiles/index.ts';
import { wholeNumber } from '../run/spec.ts';
import type { Call, CommandGroup, CommandResult } from './types.ts';

const LWP_MAX = 0x7fffffff;

async function ps({ target }: Call): Promise<CommandResult> {
  return { text: psText(psOf(await target.state())) };
}

/** Of the LWPs that are named; else of the chosen one. */
async function bt({ target, context, stop, words }: Call): Promise<CommandResult> {
  const core = await target.state();
  if (words.includes('-a')) return { text: btText(btOf(core)) };
  const named = words.map((word) => wholeNumber('an LWP', word, 0, LWP_MAX));
  const lwps = named.length > 0 ? named : [context.lwp ?? stop.lwp];
  return { text: btText(btOf(core, lwps)) };
}

async function dmesg({ target }: Call): Promise<CommandResult> {
  return { text: dmesgText(dmesgOf(await target.state())) };
}

export const LOOKING: CommandGroup = {
  title: 'The kernel at this moment',
  commands: [
    { name: 'ps', usage: 'ps', summary: 'processes and LWPs', run: ps },
    {
      name: 'bt',
      aliases: ['backtrace', 'trace'],
      usage: 'bt [-a | LWP…]',
      summary: 'the stack of this LWP, of others, or of all, with variables',
      run: bt,
    },
    { name: 'dmesg', usage: 'dmesg', summary: 'the message buffer', run: dmesg },
  ],
};
