/**
 * Keeps the hooks constant in a bundle.
 *
 * esbuild declares the top level of what it bundles with `var`. To the engine `$h` is then a
 * variable: its value is loaded and its shape checked at every count. As the `const` that the
 * instrumentation wrote, its address is part of the machine code, and a count costs a fifth less.
 *
 *   var $h12 = hooks;   →   const $h12 = hooks;
 */

const DECLARATION = /^var (?=\$[hDm]\d* = )/gm;

/** A bundle's text with its hooks constant. Lines stay where they are. */
export function constantHooks(code: string): string {
  return code.replace(DECLARATION, 'const ');
}
