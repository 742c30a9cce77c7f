/* filter.h - the filter language, one system call a line
 *
 *	# a comment, when the # is the first byte of the line
 *	call [argument ...]      allowed when all of up to six arguments are as said
 *	~call [argument ...]     refused, whatever the other lines allow
 *	?call                    refused as a call that the kernel has not: ENOSYS
 *	@unrestricted            alone on its line: no filter
 *	@complain                alone on its line: log what is not allowed
 *
 *	-          any             N          equal         !N        not equal
 *	<N <=N     less            >N >=N     greater       |M        (arg & M) == M
 *	A|B        (arg & A) == B  u:NAME     a user's id   g:NAME    a group's
 *
 * N is decimal or 0x hex, 32 bits, or a name of names.h. Negative only for calls
 * that take ids (-1 is "leave it"); there only equality can be asked.
 */
#ifndef SECCOMP_FILTER_H
#define SECCOMP_FILTER_H

#include "core/arena.h"
#include "seccomp/arch.h"
#include "seccomp/rule.h"
#include "seccomp/users.h"

#define FILTER_TEXT_MAX ((size_t)1 << 20)
#define FILTER_RULES_MAX 16384
#define FILTER_WHY 256

/* Read a text of len bytes, made for architectures of this family. Text may be a
 * stranger's: false, with one line in why (FILTER_WHY bytes) that names the line and
 * the reason, when anything is not as above. */
bool filter_parse(struct arena *a, const char *text, size_t len, enum sc_family family,
		  const struct sc_users *users, struct sc_filter *out, char *why);

#endif
