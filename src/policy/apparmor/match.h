/* match.h - ask a compiled profile what the kernel would ask it
 *
 * The same automata that are packed for the kernel, walked here.
 */
#ifndef POLICY_APPARMOR_MATCH_H
#define POLICY_APPARMOR_MATCH_H

#include "policy/apparmor/lower.h"

/* What rules give for these bytes: a path, or path NUL target for a link. The
 * permissions are accept bits: see rule.h, owner's half and others'. */
struct perms match_file(const struct lowered *p, const void *bytes, size_t len);

/* The same for all else; bytes begin with the class. Is the class mediated at all?
 * Where it is not, the kernel allows everything. */
struct perms match_class(const struct lowered *p, const void *bytes, size_t len);
bool match_mediated(const struct lowered *p, unsigned char class);

/* Does the profile attach to this executable by pattern? */
bool match_attaches(const struct lowered *p, const char *path);

#endif
