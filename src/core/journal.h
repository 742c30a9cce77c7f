/* journal.h - the list of a decided change, as text
 *
 *	put 0 600 /var/lib/snapbox/snaps foo_x1.snap
 *	drop /var/lib/snapbox/plans snap.foo.old
 *	end
 *
 * Numbers are staged things, modes octal, directories paths below the root:
 * the numbers of enum dir change with versions.
 */
#ifndef CORE_JOURNAL_H
#define CORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/arena.h"
#include "core/dirs.h"

struct journal_op {
	bool drop;
	size_t number; /* of a put */
	mode_t mode;   /* of a put */
	enum dir dir;
	const char *name;
};

struct journal {
	struct journal_op *at;
	size_t len, cap;
};

char *journal_print(struct arena *a, const struct journal *j);

/* False when text is not exactly a whole journal. */
bool journal_parse(struct arena *a, const char *text, size_t len, struct journal *j);

#endif
