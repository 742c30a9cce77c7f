/* template.h - the files embedded from data/templates, and their overrides
 *
 * A file of the same name below /etc/snapbox/templates (root's, not writable
 * by others) wins over the embedded one, so local policy needs no rebuild.
 */
#ifndef CORE_TEMPLATE_H
#define CORE_TEMPLATE_H

#include <stddef.h>

#include "core/arena.h"

/* The text of e.g. "seccomp/strict.filter", NUL-terminated, or NULL. Dies when
 * an override exists but is not safe to use. len may be NULL. */
const char *template_text(struct arena *a, const char *name, size_t *len);

/* Names of embedded templates that begin with prefix, sorted, NULL-terminated. */
const char **template_names(struct arena *a, const char *prefix, size_t *count);

/* Made by tools/embed: sorted by name; each text has a NUL behind its end. */
struct template_entry {
	const char *name, *text, *end;
};
extern const struct template_entry template_table[];
extern const size_t template_count;

#endif
