/* iface_parts.h - what the readers of interface files share */
#ifndef POLICY_MODEL_IFACE_PARTS_H
#define POLICY_MODEL_IFACE_PARTS_H

#include "policy/model/iface.h"

/* What one file is read with. */
struct iface_reader {
	struct arena *arena;
	const char *file;
	char *why; /* WHY_MAX */
};

/* False, with "file:line: what" in why. */
__attribute__((format(printf, 3, 4)))
bool iface_wrong(const struct iface_reader *r, const struct node *n, const char *fmt, ...);

/* One text or a list of texts. */
bool iface_words(const struct iface_reader *r, const struct node *n, struct words *out);

/* A map of attributes; depth is 1 for a side's own. */
bool iface_read_attrs(const struct iface_reader *r, const struct node *n, struct attr_specs *out,
		      int depth);

#endif
