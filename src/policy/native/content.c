/* content.c - directories that a snap lends to another (behaviour M25)
 *
 * The lender's paths are meant as other snaps see them: by its instance. The place
 * where the borrower has them is meant as it sees itself.
 */
#include <string.h>

#include "core/str.h"
#include "policy/compat.h"
#include "policy/mimic.h"
#include "policy/model/content.h"
#include "policy/native/all.h"
#include "policy/quote.h"

/* One directory: where it lies, and where the borrower finds it. */
struct share {
	const char *from, *to;
};

static const char *seen_by_others(struct arena *a, const struct snap *s, const char *path)
{
	struct snap other = *s;

	other.name = s->instance;
	return content_path(a, &other, path);
}

/* With "source", each directory lands below the target by its last name. */
static struct share share_of(struct arena *a, const struct scope *s, const struct content *plug,
			     const struct content *slot, const char *path)
{
	struct share h = {
		.from = seen_by_others(a, s->slot->snap, path),
		.to = content_path(a, s->plug->snap, plug->target),
	};

	if (slot->source)
		h.to = arena_printf(a, "%s%s", h.to, strrchr(h.from, '/'));
	return h;
}

/* Where another directory is mounted already, this one goes beside it, with a number. */
#define BESIDE "{,-[0-9]*}/"

static void update_ns(struct buf *out, struct share h, bool write)
{
	struct arena *a = out->arena;

	buf_printf(out, "mount options=(bind%s) \"%s/\" -> \"%s" BESIDE "\",\n",
		   write ? ", rw" : "", h.from, h.to);
	if (!write)
		buf_printf(out, "remount options=(bind, ro) \"%s" BESIDE "\",\n", h.to);
	buf_printf(out, "mount options=(rprivate) -> \"%s" BESIDE "\",\n", h.to);
	buf_printf(out, "umount \"%s" BESIDE "\",\n", h.to);
	mimic_dir(out, h.from, 1);
	mimic_dir(out, h.to, 1);
	mimic_dir(out, arena_printf(a, "%s-[0-9]*", h.to), 1);
}

/* A field of fstab(5) and the blank behind it: of what quote_is_path() lets through, a
 * blank is all that would end it. */
static void fstab_path(struct buf *out, const char *path)
{
	for (; *path; path++)
		if (*path == ' ')
			buf_str(out, "\\040");
		else
			buf_char(out, *path);
	buf_char(out, ' ');
}

static void borrower(struct buf *out, enum backend k, struct share h, bool write)
{
	if (k == BACK_APPARMOR) {
		/* Sockets in there are known by their place with the lender. */
		quote_path(out, h.from, "/**");
		buf_str(out, write ? " mrwlkix,\n" : " mrkix,\n");
	} else if (k == BACK_UPDATE_NS) {
		update_ns(out, h, write);
	} else if (k == BACK_MOUNT) {
		fstab_path(out, h.from);
		fstab_path(out, h.to);
		buf_printf(out, "none bind%s 0 0\n", write ? "" : ",ro");
	}
}

/* What is lent to be written: the borrower may tell the lender of files by the
 * borrower's names. */
static void lender(struct buf *out, enum backend k, struct share h, bool write)
{
	if (k != BACK_APPARMOR || !write)
		return;
	quote_path(out, h.to, "/**");
	buf_str(out, " mrwlkix,\n");
}

static bool each(struct buf *out, enum moment m, enum backend k, const struct scope *s,
		 const struct content *plug, const struct content *slot, bool write, char *why)
{
	const struct words *list = write ? &slot->writes : &slot->reads;

	for (size_t i = 0; i < list->len; i++) {
		struct share h = share_of(out->arena, s, plug, slot, list->at[i]);

		if (!quote_is_path(h.from) || !quote_is_path(h.to))
			return field_refuse(why, s->slot->line, "slots.%s: not a path to share",
					    s->slot->name);
		if (m == CONNECTED_PLUG)
			borrower(out, k, h, write);
		else
			lender(out, k, h, write);
	}
	return true;
}

static bool text(struct buf *out, enum moment m, enum backend k, const struct scope *s, char *why)
{
	struct content plug, slot;

	if (m != CONNECTED_PLUG && m != CONNECTED_SLOT)
		return true;
	return content_read(out->arena, s->plug, &plug, why) &&
	       content_read(out->arena, s->slot, &slot, why) &&
	       each(out, m, k, s, &plug, &slot, true, why) &&
	       each(out, m, k, s, &plug, &slot, false, why);
}

static bool check(struct arena *a, const struct iface *i, const struct port *p, char *why)
{
	struct content c;
	const char *reason;

	(void)i;
	if (!content_read(a, p, &c, why))
		return false;
	return !c.compatibility || compat_is_valid(a, c.compatibility, &reason) ||
	       field_refuse(why, p->line, "%s.%s.compatibility: %s",
			    p->side == PLUG ? "plugs" : "slots", p->name, reason);
}

const struct native native_content = {.name = "content", .check = check, .text = text};
