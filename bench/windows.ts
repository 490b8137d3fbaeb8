/** Timing host code in windows. */

/** Windows a figure is taken in, unless it says otherwise. */
export const WINDOWS = 25;
/** How long one window takes. */
export const WINDOW_MS = 8;
/** Host time spent before anything counts, so that the engine has compiled what is hot. */
export const WARM_MS = 60;

/** Host time, ns. */
export function nowNs(): number {
  return performance.now() * 1e6;
}

/** ns that each of `count` calls of `body` takes, a value a window. */
export function timeCalls(body: () => void, windows = WINDOWS): number[] {
  const perWindow = calibrate((count) => {
    for (let i = 0; i < count; i++) body();
  });
  return timeBatches((count) => repeat(body, count), perWindow, windows);
}

function repeat(body: () => void, count: number): void {
  for (let i = 0; i < count; i++) body();
}

/** Like timeCalls, for a body that repeats itself `count` times. */
export function timeBatches(
  batch: (count: number) => void,
  perWindow = calibrate(batch),
  windows = WINDOWS,
): number[] {
  const values: number[] = [];
  for (let i = 0; i < windows; i++) {
    const start = nowNs();
    batch(perWindow);
    values.push((nowNs() - start) / perWindow);
  }
  return values;
}

/** Warms `batch` up, and gives the count that fills a window. */
export function calibrate(batch: (count: number) => void): number {
  let count = 1;
  let spentNs = 0;
  for (let warmed = 0; warmed < WARM_MS * 1e6; warmed += spentNs) {
    const start = nowNs();
    batch(count);
    spentNs = Math.max(1, nowNs() - start);
    if (spentNs < WINDOW_MS * 1e6) count = Math.min(count * 2, 1 << 24);
  }
  return Math.max(1, Math.round((count * WINDOW_MS * 1e6) / spentNs));
}
