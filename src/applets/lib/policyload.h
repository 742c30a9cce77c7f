/* policyload.h - texts of AppArmor policy into the running kernel, in one write
 *
 * Texts may include what rides in the binary, and nothing else. What is compiled is
 * kept in DIR_CACHE (policy/apparmor/cache.h).
 */
#ifndef APPLETS_LIB_POLICYLOAD_H
#define APPLETS_LIB_POLICYLOAD_H

#include <stdbool.h>

#include "core/field.h"
#include "policy/apparmor/features.h"

struct policyload;

struct policyload *policyload_start(struct arena *a, const struct features *f);

/* Compile one more. False with *why; the others can still be loaded. */
bool policyload_add(struct policyload *l, const char *name, const char *text, const char **why);

/* Give all to the kernel, which takes all or none; and see them in its list. */
bool policyload_finish(struct policyload *l, const char **why);

/* The kernel's directory; where securityfs is mounted nowhere, through a mount of our
 * own that is attached nowhere. NULL with errno. */
const char *policyload_dir(struct arena *a);

/* The names of what is loaded, sorted. */
struct words policyload_names(struct arena *a);
bool policyload_have(const struct words *sorted, const char *name);

/* Remove one; fine when it is not there. False with errno. */
bool policyload_remove(struct arena *a, const char *name);

#endif
