/** What a hunt prints: its finding, or that there is none; as text, or as one JSON object. */

import {
  type HuntResult,
  type Judgement,
  type LoadedProgram,
  reportText,
  type RunSpec,
  statisticsLines,
  statisticsOf,
} from '../../debugger/index.ts';
import { printEditorLink } from '../editor.ts';
import { stacksJson } from '../failure.ts';
import { grouped, plural, print, printJson, styled } from '../output.ts';
import { labelled, reportOf, verdictText } from '../report.ts';
import { countsOf } from './counts.ts';
import type { Finding } from './finding.ts';

/** Columns of a terminal that does not say how wide it is. */
const WIDTH = 80;

/** `entry` is the file of the corpus that it was found in, where it was. */
export function printFinding(
  finding: Finding,
  result: HuntResult,
  how: 'quiet' | 'full',
  entry?: string,
): void {
  const { bug, judged, recording, core, report } = finding;
  const schedule = `in schedule ${styled('bold', grouped(bug.found.index + 1))}`;
  print(`found ${entry === undefined ? schedule : `by the corpus: ${entry}`}`);
  if (how === 'quiet') {
    print(verdictText(report.verdict, report.message));
    if (judged.note !== '') print(`  ${judged.note}`);
    return;
  }
  if (judged.note !== '') print(`  ${judged.note}`);
  for (const line of reportText(report, styled, process.stdout.columns ?? WIDTH)) print(line);
  if (recording !== undefined && core !== undefined) {
    print(labelled('explain', `npx rumpus core analyze ${core}`));
    printEditorLink(core);
  }
  printHints(result);
  for (const other of result.bugs) {
    if (other === bug) continue;
    const { verdict, message } = other.found;
    print(labelled('also', `${verdictText(verdict, message)} (${plural(other.times, 'time')})`));
  }
}

export function printFindingJson(finding: Finding, result: HuntResult, huntSeed: number): void {
  const { bug, loaded, spec, run, judged, stacks, report, recording, core } = finding;
  const { strategy, grain } = report;
  printJson({
    ...reportOf(loaded, spec, run),
    ...{ strategy, grain },
    expected: run.options.expect === undefined ? undefined : judged.ok,
    preempt: report.preempt,
    schedules: result.schedules,
    schedulesToFailure: bug.found.index + 1,
    preemptions: report.preemptions,
    schedule: finding.shrunk?.schedule ?? report.schedule,
    huntSeed,
    replayed: true,
    bugs: result.bugs.map(({ found, times }) => ({
      ...{ verdict: found.verdict, message: found.message, times },
      ...{ schedulesToFailure: found.index + 1, signature: found.signature },
    })),
    possible: result.hints,
    ...{ recording, core },
    stacks: stacksJson(stacks),
    statements: result.statements,
    report,
    elapsedMs: result.elapsedMs,
  });
}

export function printNothing(
  loaded: LoadedProgram,
  spec: RunSpec,
  told: { result: HuntResult; judged: Judgement; json: boolean },
): void {
  const { result, judged, json } = told;
  const { schedules, interrupted, elapsedMs, certificate } = result;
  const options = { ...loaded.instance().options, ...spec.knobs };
  if (json) {
    printJson({
      program: loaded.name,
      verdict: 'passed',
      message: '',
      expected: options.expect === undefined || interrupted ? undefined : judged.ok,
      ...{ schedules, interrupted, certificate, possible: result.hints },
      ...{ seed: spec.seed, huntSeed: spec.seed, ncpu: options.ncpu ?? 2 },
      ...{ preempt: options.preempt, strategy: spec.strategy, grain: spec.grain },
      image: loaded.image.identity,
      statistics: statisticsOf(countsOf(result, spec)),
      statements: result.statements,
      elapsedMs,
    });
    return;
  }
  const rate = grouped(schedules / Math.max(0.001, elapsedMs / 1000));
  const ended = interrupted ? 'interrupted: ' : '';
  print(`${ended}no failure in ${plural(schedules, 'schedule')} (${rate} a second)`);
  if (certificate !== '') print(labelled('proof', `${certificate} (${grainText(spec)})`));
  if (!isComplete(certificate)) {
    for (const [label, text] of statisticsLines(statisticsOf(countsOf(result, spec)))) {
      if (label !== 'schedules') print(labelled(label, text));
    }
  }
  printHints(result);
  if (judged.note !== '' && !interrupted) print(`  ${judged.note}`);
}

/** Possible deadlocks: what one schedule did in one order and another may do in the other. */
function printHints({ hints }: HuntResult): void {
  for (const hint of hints) print(labelled('possible', hint));
}

/** Where others could come, which is what a proof is about. */
function grainText({ grain, accesses }: RunSpec): string {
  return grain === 'access' ? `grain access, of the ${accesses}` : `grain ${grain}`;
}

/** Of what was seen to its end nothing is left to estimate. */
function isComplete(certificate: string): boolean {
  return certificate !== '' && !certificate.startsWith('not exhaustive');
}
