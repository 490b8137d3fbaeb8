/**
 * What a hunt has shown so far, in numbers that say how far to trust it.
 *
 * Unseen   The probability that the next schedule shows a class that none has shown: Good and Turing's
 *          estimate, classes seen once by schedules run (Good, "The population frequencies of
 *          species", Biometrika 1953).
 * Bound    With n schedules and no failure, a bug that a schedule shows with probability p would have
 *          been found with 95 % if p >= 1 - 0.05^(1/n), about 3/n: the rule of three. It holds for
 *          schedules that are drawn independently; strategies that learn are not worse in practice.
 * PCT      A bug of depth d is shown by a schedule with p >= 1 / (n k^(d-1)), with n LWPs and k steps
 *          (Burckhardt and others, ASPLOS 2010), so n schedules miss it with at most (1 - p)^n.
 */

/** What a hunt counted. Whatever is not known is left out. */
export interface HuntCounts {
  readonly schedules: number;
  readonly failures: number;
  /** Distinct findings. */
  readonly bugs?: number;
  readonly statements?: number;
  readonly elapsedMs?: number;
  readonly workers?: number;
  /** Happens-before classes: different ones, and those that one schedule alone has shown. */
  readonly classes?: { readonly seen: number; readonly once: number };
  /** Pairs of a write and a read of it, by their sites. */
  readonly readsFrom?: { readonly seen: number; readonly once: number };
  /** Faults that were injected, by kind. */
  readonly faults?: Readonly<Record<string, number>>;
  /** Every class was explored; there are so many. */
  readonly exhausted?: { readonly classes: number };
  readonly pct?: { readonly depth: number; readonly lwps: number; readonly steps: number };
}

export interface StatisticsReport extends HuntCounts {
  /** Good and Turing's estimate that the next schedule shows something new; null without classes. */
  readonly unseen: number | null;
  /** Of a hunt that found nothing: 95 % of bugs this likely in a schedule would have been found. */
  readonly bound: number | null;
  /** Of PCT: the probability that a bug of its depth would have been found. */
  readonly pctFound: number | null;
}

const MISSED = 0.05;
/** Schedules below which an estimate of what is new says nothing. */
const ESTIMATED_FROM = 20;

/** Adds what follows from the counts. */
export function statisticsOf(counts: HuntCounts): StatisticsReport {
  const { schedules, failures, classes, readsFrom, pct } = counts;
  const once = (classes ?? readsFrom)?.once;
  return {
    ...counts,
    unseen: once === undefined || schedules < ESTIMATED_FROM ? null : once / schedules,
    bound: failures > 0 || schedules === 0 ? null : 1 - MISSED ** (1 / schedules),
    pctFound: pct === undefined || failures > 0 ? null : pctProbability(pct, schedules),
  };
}

function pctProbability(pct: NonNullable<HuntCounts['pct']>, schedules: number): number {
  const p = 1 / (Math.max(1, pct.lwps) * Math.max(1, pct.steps) ** (pct.depth - 1));
  return -Math.expm1(schedules * Math.log1p(-Math.min(p, 1 - Number.EPSILON)));
}

/** The statistics as label and text. */
export function statisticsLines(s: StatisticsReport): [string, string][] {
  const lines: [string, string][] = [['schedules', schedulesText(s)]];
  if (s.exhausted !== undefined) {
    lines.push(['exhausted', `all ${count(s.exhausted.classes)} classes explored`]);
  }
  if (s.classes !== undefined) lines.push(['classes', seenText(s.classes)]);
  if (s.readsFrom !== undefined) lines.push(['reads-from', seenText(s.readsFrom)]);
  if (s.unseen !== null && s.exhausted === undefined) {
    lines.push(['new', `${percent(s.unseen)} of schedules still show something new (Good–Turing)`]);
  }
  const faults = Object.entries(s.faults ?? {}).filter(([, times]) => times > 0);
  if (faults.length > 0) {
    lines.push(['faults', faults.map(([kind, times]) => `${count(times)} ${kind}`).join(', ')]);
  }
  if (s.exhausted !== undefined) return lines;
  if (s.bound !== null) {
    const p = `1 schedule in ${count(Math.max(1, Math.floor(1 / s.bound)))}`;
    lines.push(['bound', `a bug that ${p} shows would have been found with 95 %`]);
  }
  if (s.pctFound !== null && s.pct !== undefined) {
    const found = `would have been found with at least ${percent(s.pctFound)}`;
    lines.push(['pct', `a bug of depth ${s.pct.depth} ${found}`]);
  }
  return lines;
}

function schedulesText(s: StatisticsReport): string {
  const parts = [count(s.schedules)];
  if (s.failures > 0) parts.push(`${count(s.failures)} failing`);
  if (s.bugs !== undefined && s.bugs > 1) parts.push(`${count(s.bugs)} different findings`);
  if (s.elapsedMs !== undefined && s.elapsedMs > 0) {
    parts.push(`${count((s.schedules * 1000) / s.elapsedMs)} a second`);
  }
  if (s.workers !== undefined && s.workers > 1) parts.push(`${s.workers} threads`);
  return parts.join(', ');
}

function seenText({ seen, once }: { readonly seen: number; readonly once: number }): string {
  return `${count(seen)} different, ${count(once)} of them seen once`;
}

function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

function percent(part: number): string {
  const value = part * 100;
  if (value > 0 && value < 0.01) return 'less than 0.01 %';
  if (value > 99.99 && value < 100) return 'more than 99.99 %';
  return `${Number(value.toPrecision(3))} %`;
}
