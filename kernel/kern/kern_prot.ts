/**
 * System calls about process ids and credentials: getuid(2), setuid(2) and their families. Follows
 * NetBSD sys/kern/kern_prot.c.
 *
 * A Cred is never changed in place: a call that changes ids gives the process a new one, so what
 * holds the old one (an open file) keeps it.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { EINVAL, EPERM, type Errno } from './errno.ts';
import type { Lwp } from './lwp.ts';
import { Cred, type Proc } from './proc.ts';
import { sysent } from './syscall.ts';

/** Supplementary groups a process may have. */
export const NGROUPS_MAX = 16;
/** "No change" of setreuid(2) and setregid(2). */
const NOCHANGE = -1;

function sys_getpid(l: Lwp): MaySleep<number> {
  return done(l.proc.pid);
}

function sys_getppid(l: Lwp): MaySleep<number> {
  return done(l.proc.parent === null ? 0 : l.proc.parent.pid);
}

function sys_getuid(l: Lwp): MaySleep<number> {
  return done(l.proc.cred.uid);
}

function sys_geteuid(l: Lwp): MaySleep<number> {
  return done(l.proc.cred.euid);
}

function sys_getgid(l: Lwp): MaySleep<number> {
  return done(l.proc.cred.gid);
}

function sys_getegid(l: Lwp): MaySleep<number> {
  return done(l.proc.cred.egid);
}

function sys_getgroups(l: Lwp): MaySleep<readonly number[]> {
  return done(l.proc.cred.groups);
}

function sys_issetugid(l: Lwp): MaySleep<number> {
  return done(l.proc.sugid ? 1 : 0);
}

/** Ids that may be changed to without being the superuser. */
type Allowed = readonly number[];

function isId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= 0xffffffff;
}

/** do_setresuid() and do_setresgid(): fields of `change`, each with what is allowed for it. */
function changeIds(
  p: Proc,
  change: Partial<Record<keyof Cred, readonly [number, Allowed]>>,
): Errno | undefined {
  const cred = Object.assign(new Cred(), p.cred);
  let changed = false;
  for (const [field, [id, allowed]] of Object.entries(change)) {
    if (!isId(id)) return EINVAL;
    if (p.cred.euid !== 0 && !allowed.includes(id)) return EPERM;
    changed ||= id !== p.cred[field as keyof Cred];
    (cred as unknown as Record<string, number>)[field] = id;
  }
  if (!changed) return undefined;
  p.cred = cred;
  p.sugid = true;
  return undefined;
}

/** setuid(2): all three ids; for others than the superuser, to the real one. Errors: EPERM. */
function sys_setuid(l: Lwp, uid: number): MaySleep<Errno | undefined> {
  const to = [uid, [l.proc.cred.uid]] as const;
  return done(changeIds(l.proc, { uid: to, euid: to, svuid: to }));
}

/** seteuid(2). Errors: EPERM. */
function sys_seteuid(l: Lwp, euid: number): MaySleep<Errno | undefined> {
  const { uid, svuid } = l.proc.cred;
  return done(changeIds(l.proc, { euid: [euid, [uid, svuid]] }));
}

/** setgid(2). Errors: EPERM. */
function sys_setgid(l: Lwp, gid: number): MaySleep<Errno | undefined> {
  const to = [gid, [l.proc.cred.gid]] as const;
  return done(changeIds(l.proc, { gid: to, egid: to, svgid: to }));
}

/** setegid(2). Errors: EPERM. */
function sys_setegid(l: Lwp, egid: number): MaySleep<Errno | undefined> {
  const { gid, svgid } = l.proc.cred;
  return done(changeIds(l.proc, { egid: [egid, [gid, svgid]] }));
}

/** setreuid(2): the saved id becomes the effective one when the real one changes. */
function sys_setreuid(l: Lwp, ruid: number, euid: number): MaySleep<Errno | undefined> {
  const old = l.proc.cred;
  const any = [old.uid, old.euid, old.svuid];
  const r = ruid === NOCHANGE ? old.uid : ruid;
  const e = euid === NOCHANGE ? old.euid : euid;
  const sv = r === old.uid ? old.svuid : e;
  const change = { uid: [r, [old.uid, old.euid]], euid: [e, any], svuid: [sv, any] } as const;
  return done(changeIds(l.proc, change));
}

/** setregid(2): as setreuid(2). */
function sys_setregid(l: Lwp, rgid: number, egid: number): MaySleep<Errno | undefined> {
  const old = l.proc.cred;
  const any = [old.gid, old.egid, old.svgid];
  const r = rgid === NOCHANGE ? old.gid : rgid;
  const e = egid === NOCHANGE ? old.egid : egid;
  const sv = r === old.gid ? old.svgid : e;
  const change = { gid: [r, [old.gid, old.egid]], egid: [e, any], svgid: [sv, any] } as const;
  return done(changeIds(l.proc, change));
}

/** setgroups(2). Errors: EPERM, EINVAL for more than NGROUPS_MAX. */
function sys_setgroups(l: Lwp, groups: readonly number[]): MaySleep<Errno | undefined> {
  if (l.proc.cred.euid !== 0) return done(EPERM);
  if (groups.length > NGROUPS_MAX || !groups.every(isId)) return done(EINVAL);
  l.proc.cred = Object.assign(new Cred(), l.proc.cred, { groups: groups.slice() });
  l.proc.sugid = true;
  return done(undefined);
}

export const protSyscalls = {
  getpid: sysent(20, sys_getpid, []),
  getppid: sysent(39, sys_getppid, []),
  getuid: sysent(24, sys_getuid, []),
  geteuid: sysent(25, sys_geteuid, []),
  getgid: sysent(47, sys_getgid, []),
  getegid: sysent(43, sys_getegid, []),
  getgroups: sysent(79, sys_getgroups, []),
  issetugid: sysent(305, sys_issetugid, []),
  setuid: sysent(23, sys_setuid, ['number']),
  seteuid: sysent(183, sys_seteuid, ['number']),
  setgid: sysent(181, sys_setgid, ['number']),
  setegid: sysent(182, sys_setegid, ['number']),
  setreuid: sysent(126, sys_setreuid, ['number', 'number']),
  setregid: sysent(127, sys_setregid, ['number', 'number']),
  setgroups: sysent(80, sys_setgroups, ['array']),
};
