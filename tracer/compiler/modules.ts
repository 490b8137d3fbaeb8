/** Which files are instrumented, and under which portable path. */

/** How a file is to be instrumented. */
export interface Included {
  /** Portable path: package name, then the path in the package. */
  readonly path: string;
  /** A test file: only its generators are programs. */
  readonly onlyGenerators?: boolean;
  /** For the access image: its accesses are told (kernel/accesses.ts). */
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

/**
 * Kernel modules in which a locking discipline is meant to hold: in the access image these tell of
 * what they access. The primitives that make the order (locks, sleep queues, the scheduler) do not:
 * monitors are told of what they mean.
 */
const TELLING = /^rumpus\/kernel\/(vfs|fs|miscfs|dev|kern)\//;
const PRIMITIVES = new Set(
  [
    ...[
      'atomic',
      'component',
      'cpu',
      'errno',
      'index',
      'init_main',
      'kern_callout',
      'kern_condvar',
    ],
    ...['kern_kthread', 'kern_lwp', 'kern_mutex', 'kern_reboot', 'kern_rwlock', 'kern_sleepq'],
    ...['kern_softint', 'kern_time', 'kernel', 'lwp', 'subr_kmem', 'subr_lockdebug', 'subr_poison'],
    ...['subr_pool', 'subr_prf', 'subr_cprng', 'syscall', 'syscalls', 'syserror', 'sys_lwp'],
  ].map((name) => `rumpus/kernel/kern/${name}.ts`),
);

/** Whether a kernel module, by its portable path, tells of its accesses in the access image. */
export function tellsAccesses(path: string): boolean {
  return TELLING.test(path) && !PRIMITIVES.has(path);
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
