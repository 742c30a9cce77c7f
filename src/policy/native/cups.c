/* cups.c - printing through a snap whose CUPS asks who may do what
 *
 * The socket's directory is a path of the slot's snap in the texts of the plug's.
 */
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/mimic.h"
#include "policy/model/layout.h"
#include "policy/native/all.h"
#include "policy/quote.h"

#define PLACE "/var/cups" /* where clients find it, whoever serves */

/* The directory as other snaps see it, or NULL when it is not one that may be lent. */
static const char *directory(struct arena *a, const struct port *p)
{
	const char *path = node_text(p->attrs, "cups-socket-directory");
	struct snap other = *p->snap;

	other.name = p->snap->instance;
	if (!path || (!str_starts(path, "$SNAP_COMMON") && !str_starts(path, "$SNAP_DATA")))
		return NULL;
	path = layout_expand(a, &other, path);
	return path && str_starts(path, "/var/snap/") && quote_is_path(path) ? path : NULL;
}

static bool text(struct buf *out, enum moment m, enum backend k, const struct scope *s, char *why)
{
	if (m != CONNECTED_PLUG || !node_get(s->slot->attrs, "cups-socket-directory"))
		return true;
	const char *dir = directory(out->arena, s->slot);

	if (!dir) {
		snprintf(why, WHY_MAX, "slot \"%.64s\" of interface cups: its directory",
			 s->slot->name);
		return false;
	}
	if (k == BACK_APPARMOR) {
		/* Sockets are known by their place with who made them. */
		quote_path(out, dir, "/**");
		buf_str(out, " mrwlkix,\n");
	} else if (k == BACK_UPDATE_NS) {
		buf_printf(out, "mount options=(rw bind) \"%s/\" -> " PLACE "/,\n", dir);
		buf_str(out, "umount " PLACE "/,\n");
		mimic_dir(out, dir, 1);
		mimic_dir(out, PLACE, 1);
	} else if (k == BACK_MOUNT) {
		buf_printf(out, "%s " PLACE " none bind,rw 0 0\n", dir);
	}
	return true;
}

static bool check(struct arena *a, const struct iface *i, const struct port *p, char *why)
{
	if (p->side == PLUG || !node_get(p->attrs, "cups-socket-directory") || directory(a, p))
		return true;
	snprintf(why, WHY_MAX, "slot \"%.64s\" of interface %s: attribute cups-socket-directory "
		 "must be a directory in $SNAP_COMMON or $SNAP_DATA", p->name, i->name);
	return false;
}

const struct native native_cups = {.name = "cups", .check = check, .text = text};
