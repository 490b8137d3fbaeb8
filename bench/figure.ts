/**
 * Figures: what is measured, and what a measurement is.
 *
 * The machine is shared, so a figure is taken in many short windows. Its verdict is the best of
 * them (what the code can do), and its spread says how much to trust it.
 */

/** Paths of the images under test (build.mjs). */
export interface Images {
  readonly root: string;
  readonly bench: string;
  readonly plain: string;
}

export type Target = { readonly atMost: number } | { readonly atLeast: number };

export interface Measured {
  /** One value a window, in the figure's unit. */
  readonly windows: readonly number[];
  /** How many times the baseline this is; `against` names the baseline. */
  readonly ratio?: number;
  readonly against?: string;
  /** What the verdict is about, where that is not the best window. */
  readonly best?: number;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** undefined for a figure that is only shown. */
  readonly target?: Target;
  measure(images: Images): Measured | Promise<Measured>;
}

export interface Result {
  readonly name: string;
  readonly best: number;
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  readonly unit: string;
  readonly target: string | null;
  readonly ok: boolean;
  readonly ratio?: number;
  readonly against?: string;
}

/** The value below which a part `p` of sorted values lies. */
export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}

/** Smaller is better, unless the target says that larger is. */
export function bestOf(windows: readonly number[], target: Target | undefined): number {
  const larger = target !== undefined && 'atLeast' in target;
  return larger ? Math.max(...windows) : Math.min(...windows);
}

/** A measurement, judged. */
export function judge(figure: Figure, measured: Measured): Result {
  const { name, unit, target } = figure;
  const sorted = [...measured.windows].sort((a, b) => a - b);
  const best = measured.best ?? bestOf(sorted, target);
  const { ratio, against } = measured;
  return {
    name,
    best: round(best),
    median: round(percentile(sorted, 0.5)),
    p10: round(percentile(sorted, 0.1)),
    p90: round(percentile(sorted, 0.9)),
    unit,
    target: target === undefined ? null : targetText(target),
    ok: target === undefined || meets(best, target),
    ...(ratio === undefined ? {} : { ratio: round(ratio), against }),
  };
}

function meets(value: number, target: Target): boolean {
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}

function targetText(target: Target): string {
  return 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
}

/** Three significant digits. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
