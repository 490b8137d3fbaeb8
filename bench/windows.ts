/** Timing host code in windows. */

/** Windows a figure is taken in, unless it says otherwise. */
export const WINDOWS = 40;
/** How long one window takes. */
export const WINDOW_MS = 5;
/** Host time spent before anything counts, so that the engine has compiled what is hot. */
export const WARM_MS = 300;

/** Host time, ns. */
export function nowNs(): number {
  return performance.now() * 1e6;
}

/** CPU time of this process and all of its threads, ns: what others do on the machine is left out. */
export function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1e3;
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
  clock = nowNs,
): number[] {
  const values: number[] = [];
  for (let i = 0; i < windows; i++) {
    const start = clock();
    batch(perWindow);
    values.push((clock() - start) / perWindow);
  }
  return values;
}

/** Warms `batch` up, and gives the count that fills a window. */
export function calibrate(batch: (count: number) => void): number {
  let count = 1;
  for (let warmedNs = 0; warmedNs < WARM_MS * 1e6; ) {
    const start = nowNs();
    batch(count);
    const spentNs = Math.max(1, nowNs() - start);
    warmedNs += spentNs;
    const fitting = (count * WINDOW_MS * 1e6) / spentNs;
    count = Math.ceil(Math.min(Math.max(count, fitting), count * 4));
  }
  return count;
}
