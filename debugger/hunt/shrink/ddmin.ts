/**
 * Delta debugging: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE
 * TSE 28(2), 2002; the algorithm ddmin.
 *
 * Differs  A test that fails gives back the list to go on with, which may be shorter than what it
 *          was given: directives that did not fit are gone from it.
 */

/** Gives the list to go on with when what it is given fails too; null when it does not. */
export type Test<T> = (items: readonly T[]) => Promise<readonly T[] | null>;

/** A list from which no single item can be taken away, unless the test gave up before that. */
export async function ddmin<T>(failing: readonly T[], test: Test<T>): Promise<readonly T[]> {
  let items = failing;
  for (let parts = 2; items.length > 0; ) {
    const chunks = split(items, Math.min(parts, items.length));
    const reduced = await reduce(items, chunks, test);
    if (reduced !== null) {
      items = reduced.items;
      parts = reduced.parts;
    } else if (parts >= items.length) break;
    else parts = Math.min(parts * 2, items.length);
  }
  return items;
}

interface Reduced<T> {
  readonly items: readonly T[];
  readonly parts: number;
}

/** One chunk alone, else all without one chunk. Later ones first: what fails is near the end. */
async function reduce<T>(
  items: readonly T[],
  chunks: readonly (readonly T[])[],
  test: Test<T>,
): Promise<Reduced<T> | null> {
  if (chunks.length > 1) {
    for (const chunk of chunks.toReversed()) {
      const left = await test(chunk);
      if (left !== null && left.length < items.length) return { items: left, parts: 2 };
    }
    if (chunks.length === 2) return null;
  }
  for (const chunk of chunks) {
    const left = await test(items.filter((item) => !chunk.includes(item)));
    if (left !== null && left.length < items.length) {
      return { items: left, parts: Math.max(2, chunks.length - 1) };
    }
  }
  return null;
}

/** `parts` pieces of about the same length. */
function split<T>(items: readonly T[], parts: number): (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let i = 0; i < parts; i++) {
    const from = Math.floor((i * items.length) / parts);
    chunks.push(items.slice(from, Math.floor(((i + 1) * items.length) / parts)));
  }
  return chunks;
}
