/* source.h - the text of a snap's filter, NAME.src
 *
 * Put together from the templates, what interfaces add, and what the snap and
 * its system are. Same input, same bytes.
 */
#ifndef SECCOMP_SOURCE_H
#define SECCOMP_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "seccomp/arch.h"

#define SOURCE_WHY 256

/* Lines of the filter language, and where they come from, for whoever reads the text. */
struct sc_snippet {
	const char *origin;
	const char *text;
	bool own; /* ours to the letter, no attribute of a snap in it: may hold @unrestricted */
};

struct sc_app {
	bool classic, devmode,
		jailmode; /* how the snap was installed; jailmode undoes the others */
	const char *base;                /* NULL when the snap names none */
	const char *const *users;        /* its system users, NULL at the end; NULL is none */
	const struct sc_arch *kernel;    /* of the system it runs on */
	unsigned kernel_major, kernel_minor;
	bool apparmor; /* AppArmor says who may bind to what */
	const struct sc_snippet *snippets;
	size_t count;
};

/* The text; NULL, with a line in why (SOURCE_WHY bytes), when a user's name or a snippet cannot
 * be used. Snippets are not parsed here: filter.h is the judge of them. */
const char *source_text(struct arena *a, const struct sc_app *app, char *why);

/* Does no filter confine such an app at all? (C30) */
bool source_is_unrestricted(const struct sc_app *app);

#endif
