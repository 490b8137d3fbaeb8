/** Sessions over the scripted target. */

import { type Connected, joined, type Message, type RawClient } from './client.ts';
import { type FakeOptions, FakeTarget } from './fake-target.ts';

export const RACE = { program: 'tests/race.ts' };

export interface Faked extends Connected {
  readonly target: FakeTarget;
}

export function fake(options: FakeOptions = {}): Faked {
  const target = new FakeTarget(options);
  return { target, ...joined(async () => target) };
}

/** A session that stands at the entry. */
export async function atEntry(
  options: FakeOptions = {},
  configure: (client: RawClient) => Promise<unknown> = async () => undefined,
): Promise<Faked & { readonly stopped: Message }> {
  const made = fake(options);
  await made.client.launch({ ...RACE, stopOnEntry: true }, () => configure(made.client));
  const stopped = await made.client.event('stopped');
  return { ...made, stopped };
}
