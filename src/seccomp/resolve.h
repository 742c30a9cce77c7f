/* resolve.h - names of system calls to numbers of any architecture, and back
 *
 * The only caller of libseccomp. Nothing depends on the machine that asks.
 */
#ifndef SECCOMP_RESOLVE_H
#define SECCOMP_RESOLVE_H

#include "core/arena.h"
#include "seccomp/arch.h"

/* How one call is reached: by its number, and, where old ABIs put many calls behind
 * one, by that one's number when the bits of mask of its first argument are sub. */
struct sc_number {
	uint32_t nr;
	uint32_t mask; /* 0: the number is all */
	uint32_t sub;
};
#define SC_NUMBERS 2

/* All ways to call name there. Returns how many; 0 when the architecture does not
 * have it; -1 when no architecture does. */
int resolve_name(const struct sc_arch *arch, const char *name, struct sc_number out[SC_NUMBERS]);

/* libseccomp's own number, as scmp_sys_resolver prints it: negative ones stand for
 * calls that the architecture lacks or puts behind another. -1 is unknown. translate
 * gives the number of that other one. */
int resolve_raw(const struct sc_arch *arch, const char *name, bool translate);

/* The name of a number (libseccomp's negative ones too), or NULL. */
const char *resolve_number(struct arena *a, const struct sc_arch *arch, int number);

/* "2.6.0" */
const char *resolve_version(struct arena *a);

#endif
