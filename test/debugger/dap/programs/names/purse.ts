/** Names that the program beside it has too. */

export const names = ['purse'];
let counter = 100;

export function pay(amount: number): number {
  const item = amount * 2;
  counter += item;
  return counter;
}
