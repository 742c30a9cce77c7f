/* native.h - what interface files cannot say
 *
 * An interface whose file has "native: NAME" also asks the code of that name, in
 * src/policy/native/: whether attributes fit each other, and for text beside its
 * blocks. Data stays in the file and in tables. Native code puts values into text
 * with fit_add() only.
 */
#ifndef POLICY_NATIVE_H
#define POLICY_NATIVE_H

#include "policy/block.h"

struct native {
	const char *name;
	/* Do the attributes of p, each of its type, fit each other? False with the
	 * reason in why (WHY_MAX). NULL: whatever they are. */
	bool (*check)(struct arena *a, const struct iface *i, const struct port *p, char *why);
	/* Append what one reader gets; false with one line in why. NULL: nothing. */
	bool (*text)(struct buf *out, enum moment m, enum backend k, const struct scope *s,
		     char *why);
};

/* The code of that name, or NULL. */
const struct native *native_find(const char *name);

/* Both are fine with a name of NULL: nothing to check, no text. */
bool native_check(struct arena *a, const struct iface *i, const struct port *p, char *why);
bool native_text(struct buf *out, const char *name, enum moment m, enum backend k,
		 const struct scope *s, char *why);

#endif
