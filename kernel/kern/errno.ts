/**
 * Error numbers: errno(2). Values follow NetBSD sys/sys/errno.h.
 *
 * Kernel functions return `T | Errno`. The constants are shared objects, so `===` compares them
 * and a core shows their names. Evaluating one other than to compare it is noted by the compiler
 * as the errno's origin.
 */

export class Errno {
  readonly errno: number;
  readonly code: string;
  readonly text: string;

  constructor(errno: number, code: string, text: string) {
    this.errno = errno;
    this.code = code;
    this.text = text;
  }
}

/** Whether a result is an error; narrows `T | Errno`. */
export function isErrno(value: unknown): value is Errno {
  return value instanceof Errno;
}

export const EPERM = new Errno(1, 'EPERM', 'Operation not permitted');
export const ENOENT = new Errno(2, 'ENOENT', 'No such file or directory');
export const ESRCH = new Errno(3, 'ESRCH', 'No such process');
export const EINTR = new Errno(4, 'EINTR', 'Interrupted system call');
export const EIO = new Errno(5, 'EIO', 'Input/output error');
export const ENXIO = new Errno(6, 'ENXIO', 'Device not configured');
export const E2BIG = new Errno(7, 'E2BIG', 'Argument list too long');
export const ENOEXEC = new Errno(8, 'ENOEXEC', 'Exec format error');
export const EBADF = new Errno(9, 'EBADF', 'Bad file descriptor');
export const ECHILD = new Errno(10, 'ECHILD', 'No child processes');
export const EDEADLK = new Errno(11, 'EDEADLK', 'Resource deadlock avoided');
export const ENOMEM = new Errno(12, 'ENOMEM', 'Cannot allocate memory');
export const EACCES = new Errno(13, 'EACCES', 'Permission denied');
export const EFAULT = new Errno(14, 'EFAULT', 'Bad address');
export const ENOTBLK = new Errno(15, 'ENOTBLK', 'Block device required');
export const EBUSY = new Errno(16, 'EBUSY', 'Device busy');
export const EEXIST = new Errno(17, 'EEXIST', 'File exists');
export const EXDEV = new Errno(18, 'EXDEV', 'Cross-device link');
export const ENODEV = new Errno(19, 'ENODEV', 'Operation not supported by device');
export const ENOTDIR = new Errno(20, 'ENOTDIR', 'Not a directory');
export const EISDIR = new Errno(21, 'EISDIR', 'Is a directory');
export const EINVAL = new Errno(22, 'EINVAL', 'Invalid argument');
export const ENFILE = new Errno(23, 'ENFILE', 'Too many open files in system');
export const EMFILE = new Errno(24, 'EMFILE', 'Too many open files');
export const ENOTTY = new Errno(25, 'ENOTTY', 'Inappropriate ioctl for device');
export const ETXTBSY = new Errno(26, 'ETXTBSY', 'Text file busy');
export const EFBIG = new Errno(27, 'EFBIG', 'File too large');
export const ENOSPC = new Errno(28, 'ENOSPC', 'No space left on device');
export const ESPIPE = new Errno(29, 'ESPIPE', 'Illegal seek');
export const EROFS = new Errno(30, 'EROFS', 'Read-only file system');
export const EMLINK = new Errno(31, 'EMLINK', 'Too many links');
export const EPIPE = new Errno(32, 'EPIPE', 'Broken pipe');
export const EDOM = new Errno(33, 'EDOM', 'Numerical argument out of domain');
export const ERANGE = new Errno(34, 'ERANGE', 'Result too large or too small');
export const EAGAIN = new Errno(35, 'EAGAIN', 'Resource temporarily unavailable');
/** sys/errno.h gives EWOULDBLOCK the number of EAGAIN. */
export const EWOULDBLOCK = EAGAIN;
export const EINPROGRESS = new Errno(36, 'EINPROGRESS', 'Operation now in progress');
export const EALREADY = new Errno(37, 'EALREADY', 'Operation already in progress');
export const ENOTSOCK = new Errno(38, 'ENOTSOCK', 'Socket operation on non-socket');
export const EDESTADDRREQ = new Errno(39, 'EDESTADDRREQ', 'Destination address required');
export const EMSGSIZE = new Errno(40, 'EMSGSIZE', 'Message too long');
export const EPROTOTYPE = new Errno(41, 'EPROTOTYPE', 'Protocol wrong type for socket');
export const ENOPROTOOPT = new Errno(42, 'ENOPROTOOPT', 'Protocol option not available');
export const EPROTONOSUPPORT = new Errno(43, 'EPROTONOSUPPORT', 'Protocol not supported');
export const ESOCKTNOSUPPORT = new Errno(44, 'ESOCKTNOSUPPORT', 'Socket type not supported');
export const EOPNOTSUPP = new Errno(45, 'EOPNOTSUPP', 'Operation not supported');
export const EPFNOSUPPORT = new Errno(46, 'EPFNOSUPPORT', 'Protocol family not supported');
export const EAFNOSUPPORT = new Errno(
  47,
  'EAFNOSUPPORT',
  'Address family not supported by protocol family',
);
export const EADDRINUSE = new Errno(48, 'EADDRINUSE', 'Address already in use');
export const EADDRNOTAVAIL = new Errno(49, 'EADDRNOTAVAIL', "Can't assign requested address");
export const ENETDOWN = new Errno(50, 'ENETDOWN', 'Network is down');
export const ENETUNREACH = new Errno(51, 'ENETUNREACH', 'Network is unreachable');
export const ENETRESET = new Errno(52, 'ENETRESET', 'Network dropped connection on reset');
export const ECONNABORTED = new Errno(53, 'ECONNABORTED', 'Software caused connection abort');
export const ECONNRESET = new Errno(54, 'ECONNRESET', 'Connection reset by peer');
export const ENOBUFS = new Errno(55, 'ENOBUFS', 'No buffer space available');
export const EISCONN = new Errno(56, 'EISCONN', 'Socket is already connected');
export const ENOTCONN = new Errno(57, 'ENOTCONN', 'Socket is not connected');
export const ESHUTDOWN = new Errno(58, 'ESHUTDOWN', "Can't send after socket shutdown");
export const ETIMEDOUT = new Errno(60, 'ETIMEDOUT', 'Operation timed out');
export const ECONNREFUSED = new Errno(61, 'ECONNREFUSED', 'Connection refused');
export const ELOOP = new Errno(62, 'ELOOP', 'Too many levels of symbolic links');
export const ENAMETOOLONG = new Errno(63, 'ENAMETOOLONG', 'File name too long');
export const EHOSTDOWN = new Errno(64, 'EHOSTDOWN', 'Host is down');
export const EHOSTUNREACH = new Errno(65, 'EHOSTUNREACH', 'No route to host');
export const ENOTEMPTY = new Errno(66, 'ENOTEMPTY', 'Directory not empty');
export const EPROCLIM = new Errno(67, 'EPROCLIM', 'Too many processes');
export const EUSERS = new Errno(68, 'EUSERS', 'Too many users');
export const EDQUOT = new Errno(69, 'EDQUOT', 'Disc quota exceeded');
export const ESTALE = new Errno(70, 'ESTALE', 'Stale NFS file handle');
export const ENOLCK = new Errno(77, 'ENOLCK', 'No locks available');
export const ENOSYS = new Errno(78, 'ENOSYS', 'Function not implemented');
export const EFTYPE = new Errno(79, 'EFTYPE', 'Inappropriate file type or format');
export const EOVERFLOW = new Errno(84, 'EOVERFLOW', 'Value too large to be stored in data type');
export const EILSEQ = new Errno(85, 'EILSEQ', 'Illegal byte sequence');
export const ENOTSUP = new Errno(86, 'ENOTSUP', 'Not supported');
export const ECANCELED = new Errno(87, 'ECANCELED', 'Operation canceled');
export const ENOATTR = new Errno(93, 'ENOATTR', 'Attribute not found');
/** sys/errno.h: restart the system call; never seen outside the kernel. */
export const ERESTART = new Errno(-3, 'ERESTART', 'Restart system call');
/** sys/errno.h: pretend success and do not modify the caller's registers. */
export const EJUSTRETURN = new Errno(-2, 'EJUSTRETURN', 'Do not modify registers, just return');
