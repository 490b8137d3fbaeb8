/**
 * Who may do what to a file: the permission checks that file systems share. Follows NetBSD
 * sys/miscfs/genfs/genfs_vnops.c and secmodel_suser(9).
 */

import { EACCES, EFTYPE, EPERM, type Errno } from '../kern/errno.ts';
import type { Cred } from '../kern/proc.ts';
import { type AccMode, VDIR, VEXEC, VREAD, type VType, VWRITE } from './vnode.ts';

/** Bits of a mode: sys/sys/stat.h. */
const S_ISUID = 0o4000;
const S_ISGID = 0o2000;
const S_ISTXT = 0o1000;
const S_IXUGO = 0o111;

/** Whether these are the credentials of the superuser. */
export function suser(cred: Cred): boolean {
  return cred.euid === 0;
}

/** kauth_cred_ismember_gid(9). */
export function groupmember(gid: number, cred: Cred): boolean {
  return cred.egid === gid || cred.groups.includes(gid);
}

/**
 * Whether `cred` may access a file as `accmode` says. The superuser may do everything, except
 * execute a file that nobody may. Errors: EACCES.
 */
export function genfs_can_access(
  type: VType,
  cred: Cred,
  uid: number,
  gid: number,
  mode: number,
  accmode: AccMode,
): Errno | undefined {
  const wanted = accmode & (VREAD | VWRITE | VEXEC);
  if (cred.euid === 0) {
    if ((wanted & VEXEC) !== 0 && type !== VDIR && (mode & S_IXUGO) === 0) return EACCES;
    return undefined;
  }
  let granted: number;
  if (cred.euid === uid) granted = mode & 0o700;
  else if (groupmember(gid, cred)) granted = (mode & 0o070) << 3;
  else granted = (mode & 0o007) << 6;
  return (wanted & ~granted) === 0 ? undefined : EACCES;
}

/**
 * Whether `cred` may change the mode of a file to `newMode`. Errors: EPERM for others than its
 * owner, and for setgid to a foreign group; EFTYPE for a sticky file: those are the superuser's.
 */
export function genfs_can_chmod(
  type: VType,
  cred: Cred,
  uid: number,
  gid: number,
  newMode: number,
): Errno | undefined {
  if (suser(cred)) return undefined;
  if (cred.euid !== uid) return EPERM;
  if ((newMode & S_ISTXT) !== 0 && type !== VDIR) return EFTYPE;
  if ((newMode & S_ISGID) !== 0 && !groupmember(gid, cred)) return EPERM;
  return undefined;
}

/**
 * Whether `cred` may give a file to `newUid` and `newGid`: only the superuser gives files away;
 * an owner may choose among its own groups. Errors: EPERM.
 */
export function genfs_can_chown(
  cred: Cred,
  uid: number,
  gid: number,
  newUid: number,
  newGid: number,
): Errno | undefined {
  if (suser(cred)) return undefined;
  if (cred.euid !== uid || newUid !== uid) return EPERM;
  if (newGid !== gid && !groupmember(newGid, cred)) return EPERM;
  return undefined;
}

/**
 * Whether `cred` may set a file's times; `writable` says what VOP_ACCESS(VWRITE) said, which is
 * enough for setting them to now. Errors: EPERM, EACCES.
 */
export function genfs_can_chtimes(
  cred: Cred,
  uid: number,
  toNow: 'now' | 'any time',
  writable: Errno | undefined,
): Errno | undefined {
  if (suser(cred) || cred.euid === uid) return undefined;
  return toNow === 'now' ? writable : EPERM;
}

/** Whether `cred` may change the file flags: the owner and the superuser. Errors: EPERM. */
export function genfs_can_chflags(cred: Cred, uid: number): Errno | undefined {
  return suser(cred) || cred.euid === uid ? undefined : EPERM;
}

/**
 * Whether `cred` may remove or rename a file of owner `fileUid` in a sticky directory of owner
 * `dirUid`: sticky(7). Errors: EPERM.
 */
export function genfs_can_sticky(cred: Cred, dirUid: number, fileUid: number): Errno | undefined {
  if (suser(cred) || cred.euid === dirUid || cred.euid === fileUid) return undefined;
  return EPERM;
}

/** The mode of a file after a write or change of owner by `cred`: set-id bits go. */
export function genfs_clear_setid(cred: Cred, mode: number): number {
  return suser(cred) ? mode : mode & ~(S_ISUID | S_ISGID);
}
