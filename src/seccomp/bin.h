/* bin.h - a compiled filter as a file, NAME.bin2
 *
 * 128 bytes of header in the target's byte order: "SC", version 1, a byte that is
 * 1 when there is no filter, 4 bytes of nothing, the lengths in bytes of the
 * allow and the deny program, nothing. Then both programs, allow first.
 */
#ifndef SECCOMP_BIN_H
#define SECCOMP_BIN_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

#define BIN_HEADER 128
#define BIN_CODE_MAX 4096 /* instructions the kernel takes in one program */
#define BIN_FILE_MAX (BIN_HEADER + 2 * BIN_CODE_MAX * sizeof(struct sock_filter))

struct sc_bin {
	bool unrestricted;
	const struct sock_filter *allow, *deny;
	size_t allow_count, deny_count; /* 0 only when unrestricted */
};

/* Read len bytes, aligned for their instructions; out points into them. They may be
 * anybody's: false, with the reason in *why, when a bit is not as it should be. Only files
 * of this machine's byte order can be read. */
bool bin_read(const void *bytes, size_t len, struct sc_bin *out, const char **why);

#endif
