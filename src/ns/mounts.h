/* mounts.h - the mount table of this process
 *
 * The kernel's text (proc(5), mountinfo) has one strict reader: a line it does
 * not understand is an error, not a gap (attacks.md A283). statmount(2) would
 * be another reader for newer kernels only, with less use than this one.
 */
#ifndef NS_MOUNTS_H
#define NS_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct mount {
	uint64_t id, parent;
	const char *root, *point; /* decoded */
	const char *options;      /* of the mount: "rw,nosuid,relatime" */
	const char *type, *source, *super;
	bool shared, slave;
};

struct mount_table {
	const struct mount *at;
	size_t len;
};

/* The reader of the whole text. False with *why ("line 3: ...") on anything odd. */
bool mounts_parse(struct arena *a, const char *text, size_t len, struct mount_table *out,
		  const char **why);

/* The table as this process sees it now, out of a real procfs. Dies. */
struct mount_table mounts_read(struct arena *a);

bool mounts_has_option(const struct mount *m, const char *word);

#endif
