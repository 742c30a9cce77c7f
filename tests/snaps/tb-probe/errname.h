/* errname.h - error numbers by the names people know
 *
 * musl has no strerrorname_np(); a test compares names, not texts.
 */
#ifndef ERRNAME_H
#define ERRNAME_H

#include <errno.h>
#include <stdio.h>

static inline const char *errname(int e)
{
	static char other[16];
	static const struct {
		int e;
		const char *name;
	} all[] = {
#define E(x) {x, #x}
		E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(E2BIG), E(ENOEXEC),
		E(EBADF), E(ECHILD), E(EAGAIN), E(ENOMEM), E(EACCES), E(EFAULT), E(ENOTBLK),
		E(EBUSY), E(EEXIST), E(EXDEV), E(ENODEV), E(ENOTDIR), E(EISDIR), E(EINVAL),
		E(ENFILE), E(EMFILE), E(ENOTTY), E(ETXTBSY), E(EFBIG), E(ENOSPC), E(ESPIPE),
		E(EROFS), E(EMLINK), E(EPIPE), E(ERANGE), E(EDEADLK), E(ENAMETOOLONG), E(ENOSYS),
		E(ENOTEMPTY), E(ELOOP), E(ENODATA), E(EOVERFLOW), E(EUSERS), E(ENOTSOCK),
		E(EDESTADDRREQ), E(EMSGSIZE), E(EPROTOTYPE), E(ENOPROTOOPT), E(EPROTONOSUPPORT),
		E(ESOCKTNOSUPPORT), E(EOPNOTSUPP), E(EPFNOSUPPORT), E(EAFNOSUPPORT),
		E(EADDRINUSE), E(ENETUNREACH), E(ECONNREFUSED), E(ETIMEDOUT), E(ENOKEY),
		E(EKEYREJECTED), E(EBADFD), E(EDQUOT), E(ENOTCONN), E(EADDRNOTAVAIL),
#undef E
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i].e == e)
			return all[i].name;
	snprintf(other, sizeof other, "E%d", e);
	return other;
}

#endif
