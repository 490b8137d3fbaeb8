/**
 * A small scripted target: a run that is a list of moments, so that a test of the adapter says
 * exactly what its target does (fake-run.ts). Time travel is an index.
 */

import {
  type Breakpoint,
  type BreakpointRequest,
  type DataInfo,
  type ExceptionRequest,
  type FrameInfo,
  type LwpInfo,
  type ModuleInfo,
  type Motion,
  type MoveOptions,
  type SourceInfo,
  type SourcePlace,
  type Stop,
  type StopReason,
  type Target,
  type TargetCapabilities,
  TargetError,
  type TargetEvents,
  type TargetKind,
  type Variable,
} from '../../../debugger/target/index.ts';
import {
  frameOf,
  isAt,
  KERNEL,
  type Moment,
  placeOf,
  PROGRAM,
  RUN,
  TEXT,
  variable,
} from './fake-run.ts';

export interface FakeOptions {
  readonly kind?: TargetKind;
  /** How the run ends; `passed` by default. */
  readonly verdict?: string;
  readonly can?: Partial<TargetCapabilities>;
  /** The absolute file of the program; '' when it is gone. */
  readonly file?: string;
  /** A continue never ends by itself. */
  readonly endless?: boolean;
}

export class FakeTarget implements Target {
  readonly kind: TargetKind;
  readonly program = PROGRAM;
  stop: Stop | null = null;
  events: TargetEvents = {};
  closed = false;
  readonly options: FakeOptions;
  readonly moves: Motion[] = [];
  readonly saved: string[] = [];
  exceptions: ExceptionRequest = {};
  breakpoints: readonly BreakpointRequest[] = [];
  skip: readonly string[] = [];
  written: string | undefined;
  bytes = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
  #wake: (() => void) | null = null;
  #printed = 0;

  constructor(options: FakeOptions = {}) {
    this.options = options;
    this.kind = options.kind ?? 'live';
    if (this.kind === 'core') this.#stand(RUN.length, 'verdict');
  }

  get lastIcount(): number {
    return RUN.length;
  }

  capabilities(): TargetCapabilities {
    const all = { forwards: true, backwards: true, writes: true, evaluates: true };
    return { ...all, holdsOthers: true, dataBreakpoints: true, reason: '', ...this.options.can };
  }

  async move(motion: Motion, options: MoveOptions = {}): Promise<Stop> {
    this.moves.push(motion);
    const from = this.stop?.icount ?? 0;
    const before = this.stop;
    this.stop = null;
    try {
      return await this.#go(motion, from, options);
    } catch (error) {
      this.stop = before;
      throw error;
    }
  }

  async #go(motion: Motion, from: number, options: MoveOptions): Promise<Stop> {
    switch (motion.kind) {
      case 'start':
        return this.#stand(1, 'entry');
      case 'goto':
        if (motion.icount > RUN.length) {
          throw new TargetError(`The run ends at icount ${RUN.length}.`);
        }
        return this.#stand(motion.icount, 'goto');
      case 'continue':
        if (this.options.endless) return this.#endless(from, options);
        return this.#scan(from, 1);
      case 'reverse-continue':
        options.progress?.(0.25, 'going back');
        options.progress?.(0.75, 'going back');
        if (this.options.endless) return this.#endless(from, options);
        return this.#scan(from, -1);
      case 'step':
        return this.#step(motion, from);
      case 'restart-frame':
        return this.#stand(3, 'goto');
      case 'write':
        return this.#stand(motion.backwards ? 2 : 9, 'data breakpoint');
      default:
        return this.#stand(from + ('backwards' in motion && motion.backwards ? -1 : 1), 'step');
    }
  }

  #endless(from: number, { signal }: MoveOptions): Promise<Stop> {
    return new Promise((resolve) => {
      this.#wake = () => resolve(this.#stand(from, 'pause'));
      signal?.addEventListener('abort', this.#wake);
    });
  }

  #step(motion: Extract<Motion, { kind: 'step' }>, from: number): Stop {
    const back = motion.how.startsWith('back');
    const depth = RUN[from - 1].depth;
    const fits = (moment: Moment) => {
      if (moment.lwp !== motion.lwp) return false;
      if (motion.how === 'in' || motion.how === 'back-in') return true;
      if (motion.how === 'out' || motion.how === 'back-out') return moment.depth < depth;
      return moment.depth <= depth;
    };
    for (let icount = from + (back ? -1 : 1); RUN[icount - 1]; icount += back ? -1 : 1) {
      if (fits(RUN[icount - 1])) return this.#stand(icount, 'step');
    }
    return back ? this.#stand(1, 'start') : this.#end();
  }

  #scan(from: number, by: 1 | -1): Stop {
    for (let icount = from + by; RUN[icount - 1]; icount += by) {
      if (by > 0) this.#print(icount);
      const moment = RUN[icount - 1];
      const hit = this.breakpoints.filter((wish) => isAt(wish, moment));
      const logs = hit.filter(({ logMessage }) => logMessage !== undefined);
      for (const { logMessage = '' } of by > 0 ? logs : []) {
        const place = placeOf(moment);
        this.events.output?.({ kind: 'log', text: logMessage, icount, lwp: moment.lwp, place });
      }
      const stops = hit.filter((one) => one.logMessage === undefined);
      if (stops.length === 0) continue;
      const [{ at }] = stops;
      const reason = at.kind === 'source' ? 'breakpoint' : (`${at.kind} breakpoint` as const);
      return this.#stand(icount, reason, stops);
    }
    return by > 0 ? this.#end() : this.#stand(1, 'start');
  }

  #print(icount: number): void {
    const { prints, lwp } = RUN[icount - 1];
    if (prints === undefined || icount <= this.#printed) return;
    this.#printed = icount;
    const place = placeOf(RUN[icount - 1]);
    this.events.output?.({ kind: 'console', text: prints, icount, lwp, place });
  }

  #end(): Stop {
    const verdict = this.options.verdict ?? 'passed';
    const chosen = this.exceptions.verdicts?.includes(verdict) ?? verdict !== 'passed';
    return this.#stand(RUN.length, chosen && verdict !== 'passed' ? 'verdict' : 'end');
  }

  #stand(icount: number, reason: StopReason, hit: readonly BreakpointRequest[] = []): Stop {
    const moment = RUN[icount - 1];
    const over = reason === 'verdict' || reason === 'end';
    const verdict = this.options.verdict ?? (this.kind === 'core' ? 'panic' : 'passed');
    const message = verdict === 'passed' ? '' : 'it broke';
    this.stop = {
      reason,
      icount,
      virtualTimeNs: icount * 10,
      lwp: moment.lwp,
      place: placeOf(moment),
      description: reason === 'verdict' ? `${verdict}: ${message}` : '',
      inside: over,
      breakpoints: hit.map(({ id }) => id),
      change: null,
      outcome: over ? { verdict, message, icount } : null,
      diverted: this.written !== undefined,
    };
    return this.stop;
  }

  async interrupt(): Promise<void> {
    this.#wake?.();
  }

  async setBreakpoints(requests: readonly BreakpointRequest[]): Promise<readonly Breakpoint[]> {
    if (this.stop === null && this.moves.length > 0) throw new TargetError('It moves.');
    this.breakpoints = requests;
    return requests.map(({ id, at }) => {
      if (at.kind !== 'source') return { id, verified: true, place: null, message: '' };
      if (at.path !== PROGRAM && at.path !== KERNEL) {
        return { id, verified: false, place: null, message: 'This file is not in the image.' };
      }
      const place = { path: at.path, lineBase1: at.lineBase1, columnBase0: 2 };
      return { id, verified: true, place, message: '' };
    });
  }

  async setExceptions(request: ExceptionRequest): Promise<void> {
    this.exceptions = request;
  }

  async setSkip(patterns: readonly string[]): Promise<void> {
    this.skip = patterns;
  }

  async breakpointPlaces(path: string, from: number, to: number): Promise<SourcePlace[]> {
    const lines = Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
    return lines.map((lineBase1) => ({ path, lineBase1, columnBase0: 2 }));
  }

  async stepTargets(): Promise<readonly string[]> {
    return ['helper', 'other'];
  }

  async lwps(): Promise<readonly LwpInfo[]> {
    const own = { kernel: 'rump', pid: 1, procName: 'race.ts', cpu: 0, syscall: '' };
    const stat = (id: number) => (this.stop?.lwp === id ? 'running' : 'sleeping');
    const lwp = (id: number, name: string, wmesg: string): LwpInfo => ({
      ...own,
      id,
      lid: id,
      name,
      wmesg: stat(id) === 'running' ? '' : wmesg,
      stat: stat(id),
      current: this.stop?.lwp === id,
    });
    const started = (this.stop?.icount ?? 0) >= 3;
    return [lwp(1, 'main', 'pipe'), ...(started ? [lwp(2, 'worker', 'vnlock')] : [])];
  }

  async stack(lwp: number): Promise<readonly FrameInfo[]> {
    const icount = this.stop?.icount ?? 0;
    const last = RUN.slice(0, icount).filter((moment) => moment.lwp === lwp);
    const depth = last[last.length - 1]?.depth ?? 0;
    const frames = Array.from({ length: depth }, (_, index) => {
      const moment = last.filter((one) => one.depth === depth - index).pop();
      return frameOf(moment ?? RUN[0], lwp * 100 + index);
    });
    return frames;
  }

  async scopes(frame: number) {
    const base = { named: 1, indexed: 0, expensive: false };
    return [
      { ...base, name: 'Locals', hint: 'locals' as const, handle: frame * 10 + 1 },
      { ...base, name: 'LWP', hint: 'other' as const, handle: frame * 10 + 2, expensive: true },
    ];
  }

  async variables(handle: number, page: { start?: number; count?: number } = {}) {
    if (handle === 7) {
      const items = Array.from({ length: 100 }, (_, n) => variable(String(n), String(n * n)));
      return items.slice(page.start ?? 0, page.count && (page.start ?? 0) + page.count);
    }
    const x = this.written ?? String(RUN[(this.stop?.icount ?? 1) - 1].x);
    const list = { type: 'Array', handle: 7, indexed: 100, writable: false };
    return [
      variable('x', x),
      variable('list', 'Array(100)', list),
      variable('gone', 'undefined', { type: 'undefined', optimizedAway: true }),
      variable('data', 'Uint8Array(8)', { type: 'Uint8Array', memory: 'bytes-1' }),
    ];
  }

  async evaluate(expression: string, options: { sideEffects: 'refused' | 'allowed' }) {
    if (/=/.test(expression)) {
      if (options.sideEffects === 'refused') throw new TargetError('This would change something.');
      this.written = expression.split('=')[1].trim();
      return variable(expression, this.written);
    }
    if (expression !== 'x') throw new TargetError(`There is no ${expression} here.`);
    const [x] = await this.variables(1);
    return x;
  }

  async setVariable(_handle: number, name: string, expression: string): Promise<Variable> {
    this.written = expression;
    if (this.stop !== null) this.stop = { ...this.stop, diverted: true };
    return variable(name, expression);
  }

  async setExpression(expression: string, value: string): Promise<Variable> {
    return this.setVariable(0, expression, value);
  }

  async completions() {
    return [{ label: 'vp', type: 'variable' as const }];
  }

  async dataInfo(name: string): Promise<DataInfo> {
    if (name !== 'x') return { dataId: null, description: 'It is a constant.', accesses: [] };
    return { dataId: 'data-x', description: 'x', accesses: ['read', 'write', 'change'] };
  }

  async readMemory(memory: string, offset: number, count: number): Promise<Uint8Array> {
    if (memory !== 'bytes-1') throw new TargetError('There is no such memory.');
    return this.bytes.slice(offset, offset + count);
  }

  async writeMemory(_memory: string, offset: number, bytes: Uint8Array): Promise<number> {
    this.bytes.set(bytes, offset);
    return bytes.length;
  }

  async sources(): Promise<readonly SourceInfo[]> {
    return [
      { path: PROGRAM, file: this.options.file ?? '/fake/tests/race.ts' },
      { path: KERNEL, file: '' },
    ];
  }

  async sourceText(path: string): Promise<string> {
    if (path !== PROGRAM && path !== KERNEL) throw new TargetError(`There is no source ${path}.`);
    return TEXT;
  }

  async modules(): Promise<readonly ModuleInfo[]> {
    return [
      { name: 'race.ts', paths: [PROGRAM] },
      { name: 'kern', paths: [KERNEL] },
    ];
  }

  async state(): Promise<never> {
    throw new TargetError('A scripted run has no state.');
  }

  async trace() {
    const event = (icount: number, lwp: number, kind: string) => ({
      icount,
      virtualTimeNs: icount * 10,
      cpu: 0,
      lwp,
      kind,
      text: kind,
    });
    return [
      event(1, 1, 'syscall:enter'),
      event(4, 2, 'sched:switch'),
      event(5, 1, 'sched:switch'),
      event(6, 1, 'errno'),
    ];
  }

  async why(): Promise<string> {
    return 'EINVAL was made at race.ts:3';
  }

  async saveCore(file: string): Promise<void> {
    this.saved.push(file);
  }

  async saveRecording(file: string): Promise<void> {
    this.saved.push(file);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.#wake?.();
  }
}
