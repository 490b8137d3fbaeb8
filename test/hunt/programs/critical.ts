/** A critical section that notices when two are in it. */

/** Where at most one may be; its fields are guarded by whatever should guard it. */
export class Section {
  inside = '';
  visits = 0;
}

export function* visit(section: Section, who: string): Generator<void, void, void> {
  if (section.inside !== '') {
    throw new Error(`mutual exclusion: ${who} comes in while ${section.inside} is inside`);
  }
  section.inside = who;
  section.visits++;
  section.inside = '';
}
