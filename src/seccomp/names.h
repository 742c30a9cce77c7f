/* names.h - the names of arguments, as numbers of the target
 *
 * One table for all architectures, one for where they differ: a filter for
 * another machine must not use the numbers of this one.
 */
#ifndef SECCOMP_NAMES_H
#define SECCOMP_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "seccomp/arch.h"

/* The number of e.g. AF_INET or O_CREAT; false when there is no such name. */
bool names_find(const char *name, enum sc_family family, uint32_t *value);

/* Does the kernel use only the lower 32 bits of this argument (0 to 5)? Then a deny
 * rule must not look at the others: CVE-2019-7303. */
bool names_truncated(const char *call, unsigned arg);

/* The calls whose conditions are on 32-bit ids, where -1 means "leave it" (C18). */
bool names_takes_ids(const char *call);

#endif
