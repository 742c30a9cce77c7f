/* compile.h - profile text to what the kernel loads
 *
 * MUST name file and line of what is wrong, and give nothing then.
 */
#ifndef POLICY_APPARMOR_COMPILE_H
#define POLICY_APPARMOR_COMPILE_H

#include "policy/apparmor/lex.h"
#include "policy/apparmor/lower.h"
#include "policy/apparmor/pack.h"

struct compile {
	struct lex_source source;       /* where includes come from */
	const struct features *kernel;  /* what it is compiled for */
	const struct features *pinned;  /* for texts without abi; NULL: features_default() */
	const struct features *override; /* instead of any abi; may be NULL */
	struct pack_options pack;

	struct memo memo;               /* work done already */

	/* what came of it */
	struct buf binary;              /* all profiles, ready for one write(2) */
	VEC(const char *) names;        /* of all profiles, in order; :ns://name if it has one */
	VEC(const char *) top;          /* of those without a parent: what is removed */
	struct lower_report report;     /* what is weaker than written */
};

/* Set up a compile that reads nothing but what the fields say. */
void compile_start(struct compile *c, struct arena *a, const struct features *kernel);

/* Append what text says. names_only: read the text, make no tables. False and *why
 * on error; binary is unchanged then. */
bool compile_profiles(struct compile *c, const char *name, const char *text, size_t len,
		  bool names_only, const char **why);

#endif
