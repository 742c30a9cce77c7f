/* features_host.c - what a kernel can, out of the facts about a host
 *
 * A fact "apparmor a/b/c" with a detail is a file of the kernel's directory, one
 * without is a directory; they come with a directory before what is in it.
 */
#include <string.h>

#include "core/buf.h"
#include "core/str.h"
#include "policy/apparmor/features.h"

#define DEPTH_MAX 12

struct open_dirs {
	const char *name[DEPTH_MAX];
	size_t len;
};

/* The part of a path that is open already. */
static size_t common(const struct open_dirs *d, char *const *part, size_t n)
{
	size_t k = 0;

	while (k < d->len && k < n && str_eq(d->name[k], part[k]))
		k++;
	return k;
}

static void close_to(struct buf *b, struct open_dirs *d, size_t len)
{
	for (; d->len > len; d->len--)
		buf_str(b, "}\n");
}

static bool is_plain(const char *s)
{
	return !strpbrk(s, "{}");
}

const struct features *features_of_host(struct arena *a, const struct host *h)
{
	struct buf b = buf_new(a);
	struct open_dirs dirs = {0};
	bool any = false;
	const char *why;

	for (size_t i = 0; i < h->count; i++) {
		const struct host_fact *f = &h->facts[i];
		size_t n;

		if (!str_eq(f->group, "apparmor") || f->state != HOST_PRESENT || !*f->name ||
		    !is_plain(f->name) || !is_plain(f->detail))
			continue;
		char **part = str_split(a, f->name, '/', &n);
		if (n >= DEPTH_MAX)
			continue;
		any = true;
		close_to(&b, &dirs, common(&dirs, part, n));
		while (dirs.len < n) {
			buf_printf(&b, "%s {", part[dirs.len]);
			dirs.name[dirs.len] = part[dirs.len];
			dirs.len++;
		}
		buf_str(&b, f->detail);
	}
	close_to(&b, &dirs, 0);
	return any ? features_parse(a, buf_text(&b), b.len, &why) : NULL;
}
