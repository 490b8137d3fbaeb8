/**
 * What kernel and program code may not use, and what to use instead.
 *
 * Everything here would make a run depend on the host, or hide a wait from the scheduler.
 */

export interface Rule {
  readonly rule: string;
  readonly message: string;
  readonly hint: string;
}

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];
const LOCALE_METHODS = ['localeCompare', 'toLocaleString', 'toLocaleDateString'];
const MORE_LOCALE_METHODS = ['toLocaleTimeString', 'toLocaleUpperCase', 'toLocaleLowerCase'];

/** Functions of Math whose last bits differ between hosts. */
const TRANSCENDENTAL =
  'sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp expm1 log log2 log10 ' +
  'log1p cbrt hypot pow';

function rule(name: string, message: string, hint: string): Rule {
  return { rule: name, message, hint };
}

const HERE = 'is not available in kernel and program code';

export const AWAIT = rule('await', `await ${HERE}`, 'call functions that may sleep with yield*');
export const ASYNC = rule(
  'async',
  `async functions are not available in kernel and program code`,
  'write function* and call it with yield*',
);
export const DYNAMIC_IMPORT = rule(
  'import',
  `import() ${HERE}`,
  'import the module at the top of the file',
);
export const ARGUMENTS = rule(
  'arguments',
  'arguments cannot be used in a generator, which has a hidden parameter',
  'name the parameters or use ...rest',
);
export const DPRINTF_EXPRESSION = rule(
  'dprintf',
  'rumpuser_dprintf leaves no trace in a recording only as a statement of its own',
  'write rumpuser_dprintf(…); on its own, not inside an expression',
);
export const DPRINTF_YIELD = rule(
  'dprintf',
  'the arguments of rumpuser_dprintf cannot sleep',
  'call the function before, and print its result',
);

export function nodeModule(specifier: string): Rule {
  const hint = 'the only door to the host is rumpuser(3): use its hypercalls';
  return rule('host-module', `the Node module ${specifier} ${HERE}`, hint);
}

export function reservedName(name: string): Rule {
  return rule('reserved', `the name ${name} is used by the instrumentation`, 'choose another name');
}

const clock = (name: string): Rule =>
  rule('clock', `${name} ${HERE}`, "the world's clock is sys.clock_gettime() or getnanotime()");

const host = (name: string, hint: string): Rule => rule('host', `${name} ${HERE}`, hint);

function globals(): Map<string, Rule> {
  const rules = new Map<string, Rule>();
  for (const name of TIMERS) {
    rules.set(name, rule('timer', `${name} ${HERE}`, 'use sys.nanosleep() or kpause()'));
  }
  for (const name of ['Date', 'performance']) rules.set(name, clock(name));
  rules.set('Promise', rule('promise', `Promise ${HERE}`, 'use condvar(9) or sys._lwp_park()'));
  rules.set('crypto', rule('random', `crypto ${HERE}`, 'use cprng_fast32() or cprng_strong()'));
  rules.set('eval', rule('eval', `eval ${HERE}`, 'the compiler must see all code'));
  rules.set('Function', rule('eval', `Function ${HERE}`, 'the compiler must see all code'));
  rules.set('Intl', rule('locale', `Intl ${HERE}`, 'format by hand: locales differ between hosts'));
  rules.set('process', host('process', 'use the system calls, or rumpuser_getparam()'));
  rules.set('require', host('require', 'import the module at the top of the file'));
  rules.set('fetch', host('fetch', 'use sockets: sys.socket() and sys.connect()'));
  for (const name of ['WeakRef', 'FinalizationRegistry']) {
    rules.set(name, host(name, 'collection is not repeatable: count references'));
  }
  for (const name of ['Atomics', 'SharedArrayBuffer']) {
    rules.set(name, host(name, 'use atomic_ops(3): a world runs on one host thread'));
  }
  return rules;
}

/** Free names that are rejected. */
export const GLOBALS: ReadonlyMap<string, Rule> = globals();

export const CONSOLE_KERNEL = rule(
  'console',
  `console ${HERE}`,
  'use printf() or rumpuser_dprintf()',
);
export const CONSOLE_PROGRAM = rule(
  'console',
  `console ${HERE}`,
  'use rumpuser_dprintf(), or sys.write() to descriptor 1',
);

function mathRules(): Map<string, Rule> {
  const rules = new Map<string, Rule>();
  for (const name of TRANSCENDENTAL.split(' ')) {
    const hint = 'its last bits differ between hosts: use integers or a table';
    rules.set(name, rule('math', `Math.${name} ${HERE}`, hint));
  }
  const hint = "use the kernel's cprng: cprng_fast32()";
  return rules.set('random', rule('random', `Math.random ${HERE}`, hint));
}

/** Members of Math that are rejected. */
export const MATH: ReadonlyMap<string, Rule> = mathRules();

/** Methods that are rejected on any object. */
export const METHODS: ReadonlyMap<string, Rule> = new Map(
  [...LOCALE_METHODS, ...MORE_LOCALE_METHODS].map((name) => [
    name,
    rule('locale', `${name} ${HERE}`, 'locales differ between hosts: compare or format by hand'),
  ]),
);
