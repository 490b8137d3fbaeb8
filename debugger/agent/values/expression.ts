/** TypeScript expressions for what is inside of a value: `vp.mount.name`, `files[3]`, `map.get("a")`. */

/** A name, and any number of fields, literal indices and calls with literals after it. */
const CLOSED =
  /^[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*|[[(](?:-?\d+n?|"(?:[^"\\]|\\.)*"|[a-zA-Z]*)[\])])*$/u;
const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/** The expression, in brackets if something could not be put right behind it. */
export function closed(expression: string): string {
  return expression === '' || CLOSED.test(expression) ? expression : `(${expression})`;
}

export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name);
}

/** A field; '' when `of` is, or the key cannot be written down. */
export function fieldExpression(of: string, key: string | symbol): string {
  if (of === '' || typeof key === 'symbol') return '';
  return IDENTIFIER.test(key) ? `${of}.${key}` : `${of}[${JSON.stringify(key)}]`;
}

export function elementExpression(of: string, index: number): string {
  return of === '' ? '' : `${of}[${index}]`;
}

/** The n-th member of a set. */
export function memberExpression(of: string, index: number): string {
  return of === '' ? '' : `[...${of}][${index}]`;
}

/** The n-th entry of a map: by its key where that can be written down. */
export function entryExpression(of: string, key: unknown, index: number): string {
  if (of === '') return '';
  const literal = literalOf(key);
  return literal === undefined ? `[...${of}.values()][${index}]` : `${of}.get(${literal})`;
}

/** The key of the n-th entry of a map. */
export function keyExpression(of: string, index: number): string {
  return of === '' ? '' : `[...${of}.keys()][${index}]`;
}

/** Longer keys are not repeated in an expression. */
const LITERAL_MAX = 200;

function literalOf(key: unknown): string | undefined {
  switch (typeof key) {
    case 'string':
      return key.length > LITERAL_MAX ? undefined : JSON.stringify(key);
    case 'bigint':
      return key > -BIGINT_MAX && key < BIGINT_MAX ? `${key}n` : undefined;
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(key);
    default:
      return key === null ? 'null' : undefined;
  }
}

const BIGINT_MAX = 1n << 128n;
