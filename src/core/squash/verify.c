/* verify.c - the contents of all files, unpacked once and thrown away
 *
 * What passes squash_check() and this makes a kernel find nothing to complain
 * about, whatever is read from the mounted image.
 */
#include "core/squash/walk.h"

static bool contents_fit(struct squash *s, const struct squash_node *n)
{
	struct squash_file f;
	const uint8_t *data;
	size_t len;
	int more;

	if (!squash_file(s, n, &f))
		return false;
	do
		more = squash_block(s, &f, &data, &len);
	while (more > 0);
	return !more;
}

bool squash_verify(struct squash *s)
{
	struct squash_walk *w = squash_walk(s, "");
	struct squash_entry e;

	while (w && squash_next(w, &e))
		if (e.node.type == SQUASH_FILE && !e.again && !contents_fit(s, &e.node))
			return false;
	return !squash_why(s);
}
