/* pack.h - a lowered profile in the form that the kernel loads
 *
 * The stream is little endian, the tables in it big endian; see policy_unpack.c
 * and match.c of the kernel. The same input gives the same bytes.
 */
#ifndef POLICY_APPARMOR_PACK_H
#define POLICY_APPARMOR_PACK_H

#include "core/buf.h"
#include "policy/apparmor/lower.h"
#include "policy/apparmor/table.h"

struct pack_options {
	bool force_complain;
	bool no_diff;         /* write no state in terms of another */
	const char *ns;       /* overrides the profile's namespace */
};

/* Append one profile. False and *why when a table is too large for the target. */
bool pack_profile(struct buf *out, const struct target *t, const struct lowered *p,
		  const struct pack_options *o, const char **why);

#endif
