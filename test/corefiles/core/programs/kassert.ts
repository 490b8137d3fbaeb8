/** A KASSERT in a plain function below generators. */

import { KASSERT, program } from 'rumpus';

class Slot {
  refs = 0;
  readonly label: string;

  constructor(label: string) {
    this.label = label;
  }
}

function release(slot: Slot): void {
  slot.refs--;
  KASSERT(slot.refs >= 0, 'a slot is released more often than it was held');
}

function* use(slots: Map<string, Slot>, label: string): Generator<void, void, void> {
  const slot = slots.get(label);
  if (slot === undefined) return;
  release(slot);
}

export default program({ components: [], ncpu: 1 }, function* main() {
  const slots = new Map([['a', new Slot('a')]]);
  yield* use(slots, 'b');
  yield* use(slots, 'a');
});
