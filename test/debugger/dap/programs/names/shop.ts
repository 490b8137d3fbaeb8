/** Variables that hide others of their name, in this file and in the one beside it. */

import { preempt, program, type Sys } from 'rumpus';
import { names as purses, pay } from './purse.ts';

let counter = 1;
const item = 'top';

class Shelf {
  static made = 0;
  goods = ['a', 'b'];

  constructor() {
    Shelf.made++;
  }

  *wait(lid: number, sys: Sys): Generator<void, void, void> {
    yield* sys._lwp_wait(lid);
  }

  *count(): Generator<void, number, void> {
    const names = ['local'];
    yield* preempt();
    counter += names.length;
    return this.goods.length;
  }
}

function* supply(shelf: Shelf): Generator<void, void, void> {
  yield* preempt();
  shelf.goods.push('c');
}

export default program({ ncpu: 1 }, function* main(sys) {
  const names = new Map([['k', 1]]);
  const shelf = new Shelf();
  yield* shelf.wait(yield* sys._lwp_create(supply, shelf), sys);
  const goods = yield* shelf.count();
  const paid = pay(3);
  const measure = (item: string): number => {
    const counter = item.length;
    return counter + goods;
  };
  return [names, purses, item, counter, paid, measure('xyz')];
});
