/* filter.h - the system call filter of one app, both as text and compiled
 *
 * For a system that the caller describes: nothing is asked here.
 */
#ifndef APPLETS_LIB_FILTER_H
#define APPLETS_LIB_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "seccomp/arch.h"
#include "seccomp/source.h"
#include "seccomp/users.h"

struct filter_system {
	struct sc_users users;
	struct sc_target target;      /* what is compiled for */
	const struct sc_arch *kernel;
	unsigned major, minor;        /* of the kernel */
	bool apparmor;                /* AppArmor says who may bind to what */
};

/* What filters of one snap share. */
struct filter_maker;
struct filter_maker *filter_maker(struct arena *a, const struct filter_system *sys);

struct filter {
	/* asked for */
	bool classic, devmode, jailmode;
	const char *base;               /* NULL when the snap names none */
	const char *const *users;       /* its system users, NULL at the end */
	const struct sc_snippet *snippets; /* what its connections add */
	size_t count;

	/* answered */
	const char *text; /* NAME.src */
	const void *bin;  /* NAME.bin2 */
	size_t len;       /* of bin */
};

/* NULL, or what is wrong. */
const char *filter_make(struct filter_maker *m, struct filter *f);

#endif
