/* compile.h - rules to the two programs that the kernel gets
 *
 * The first refuses what deny lines name and allows the rest, the second
 * allows what the other lines name. The kernel takes the stricter answer.
 */
#ifndef SECCOMP_COMPILE_H
#define SECCOMP_COMPILE_H

#include "seccomp/arch.h"
#include "seccomp/emit.h"
#include "seccomp/rule.h"
#include "seccomp/users.h"

#define COMPILE_WHY 256

struct sc_compiled {
	bool unrestricted; /* then there are no programs */
	bool big;          /* byte order of the target */
	struct sc_program allow, deny;
	const char **skipped; /* names in allow lines that no architecture has; NULL at the end */
};

/* False, with a line in why (COMPILE_WHY bytes), when a deny line names a call that nobody
 * knows, or a program would be too long. */
bool compile_rules(struct arena *a, const struct sc_filter *filter, struct sc_target target,
		   struct sc_compiled *out, char *why);

/* The same from text: filter.h and then this. */
bool compile_text(struct arena *a, const char *text, size_t len, struct sc_target target,
		  const struct sc_users *users, struct sc_compiled *out, char *why);

#endif
