/**
 * What is made good in a bundle: the hooks are constants again, and classes have their names.
 *
 * esbuild declares the top level of what it bundles with `var`. To the engine `$h` is then a
 * variable: its value is loaded and its shape checked at every count. As the `const` that the
 * instrumentation wrote, its address is part of the machine code, and a count costs a fifth less.
 *
 *   var $h12 = hooks;   →   const $h12 = hooks;
 */

const DECLARATION = /^var (?=\$(?:[hDmax]|e\d+_?)\d* = )/gm;

/** A bundle's text with its hooks constant. Lines stay where they are. */
export function constantHooks(code: string): string {
  return code.replace(DECLARATION, 'const ');
}

/** A class that speaks of itself: esbuild gives it another name inside. */
const RENAMED_CLASS = /^var ([\p{L}_$][\p{L}\p{N}_$]*) = class _([\p{L}_$][\p{L}\p{N}_$]*) /gmu;

/** The text with the names of its classes as in the source, because people see them everywhere. */
export function namedClasses(code: string): string {
  const named = [...code.matchAll(RENAMED_CLASS)].map(
    ([, variable, name]) =>
      `if (${variable}.name === '_${name}') ` +
      `Object.defineProperty(${variable}, 'name', { value: '${name}', configurable: true });`,
  );
  return named.length === 0 ? code : `${code}${named.join(' ')}\n`;
}
