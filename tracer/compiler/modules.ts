/** Which files are instrumented, and under which portable path. */

/** How a file is to be instrumented. */
export interface Included {
  /** Portable path: package name, then the path in the package. */
  readonly path: string;
  /** A test file: only its generators are programs. */
  readonly onlyGenerators?: boolean;
  /** For the access image: accesses are scheduling points of hunts. */
  readonly access?: boolean;
}

/** Parts of kernel/ that do not run on an LWP: the registers themselves, the world, the host. */
const NOT_KERNEL = [
  'kernel/world/',
  'kernel/rumpuser/',
  'kernel/trace/',
  'kernel/hooks.ts',
  'kernel/accesses.ts',
  'kernel/maysleep.ts',
  'kernel/sites.ts',
  'kernel/api.ts',
  'kernel/index.ts',
  'kernel/sys.ts',
];

const SOURCE = /\.[cm]?[jt]s$/;
const TEST_FILE = /\.(test|spec)\.[cm]?[jt]s$/;
const IMPORTS_RUMPUS = /\bfrom\s*['"]rumpus(\/[\w/-]+)?['"]/;
const IMPORTS_VITEST = /\bfrom\s*['"]rumpus\/vitest['"]/;
const IMPORTS_HUNT = /\bimport\s*\{[^}]*\bhunt\b[^}]*\}\s*from\s*['"]rumpus\/vitest['"]/;
const GENERATOR = /\bfunction\s*\*|^\s*(static\s+)?\*\s*[\w[#$]/m;

/** With forward slashes, and without the query that a dev server adds. */
export function normalizePath(path: string): string {
  return path.replace(/\\/g, '/').replace(/[?#].*$/, '');
}

/** Portable path of one of our own kernel modules (`kernel/kern/kern_lwp.ts`), if instrumented. */
export function kernelModule(relativePath: string): string | undefined {
  const path = normalizePath(relativePath);
  if (!path.startsWith('kernel/') || !SOURCE.test(path) || path.endsWith('.d.ts')) return undefined;
  if (TEST_FILE.test(path)) return undefined;
  if (NOT_KERNEL.some((skip) => (skip.endsWith('/') ? path.startsWith(skip) : path === skip))) {
    return undefined;
  }
  return `rumpus/${path}`;
}

/** Portable path of a user's file by its place: under the project, not in node_modules. */
export function programModule(
  absolutePath: string,
  rootPackageName: string,
  rootDir: string,
): string | undefined {
  const path = normalizePath(absolutePath);
  const root = normalizePath(rootDir).replace(/\/?$/, '/');
  if (!path.startsWith(root) || !SOURCE.test(path) || path.endsWith('.d.ts')) return undefined;
  const relative = path.slice(root.length);
  if (/(^|\/)node_modules\//.test(relative)) return undefined;
  return `${rootPackageName}/${relative}`;
}

/** The default for users' files, by place and content. */
export function programInclude(
  absolutePath: string,
  code: string,
  project: { name: string; rootDir: string },
): Included | undefined {
  const path = programModule(absolutePath, project.name, project.rootDir);
  if (path === undefined) return undefined;
  if (TEST_FILE.test(path)) {
    return IMPORTS_VITEST.test(code) ? { path, onlyGenerators: true } : undefined;
  }
  return IMPORTS_RUMPUS.test(code) || GENERATOR.test(code) ? { path } : undefined;
}

/** Whether a test file has tests that hunt(): it, and what it may import, is of the access image. */
export function huntsInTests(path: string, code: string): boolean {
  return TEST_FILE.test(path) && IMPORTS_HUNT.test(code);
}
