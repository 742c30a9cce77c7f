/* notes.c - one word for each thing worth knowing of an installed snap */
#include "applets/lib/notes.h"

#include <unistd.h>

#include "core/buf.h"
#include "core/dirs.h"
#include "core/str.h"

static void add(struct buf *b, bool yes, const char *word)
{
	if (yes)
		buf_printf(b, "%s%s", b->len ? "," : "", word);
}

bool notes_disabled(const struct state *s, const struct state_rev *r)
{
	return !str_eq(s->current, r->id);
}

bool notes_classic(const struct state *s, const struct state_rev *r)
{
	return str_eq(r->confinement, "classic") && !(s->modes & MODE_JAILMODE);
}

/* Nothing can be run of a revision that is not where it belongs. Another root's
 * images are mounted by `boot` over there. */
bool notes_broken(struct arena *a, const struct state *s, const struct state_rev *r)
{
	return !*dirs_root() &&
	       access(dirs_path(a, DIR_SNAPS, "%s/%s/meta/snap.yaml", s->name, r->id), F_OK);
}

char *notes_text(struct arena *a, const struct state *s, const struct state_rev *r)
{
	struct buf b = buf_new(a);

	add(&b, !str_eq(s->type, "app"), str_eq(s->type, "os") ? "core" : s->type);
	add(&b, notes_disabled(s, r), "disabled");
	add(&b, s->modes & MODE_DEVMODE, "devmode");
	add(&b, s->modes & MODE_JAILMODE, "jailmode");
	add(&b, notes_classic(s, r), "classic");
	add(&b, notes_broken(a, s, r), "broken");
	return b.len ? b.data : arena_dup(a, "-");
}
