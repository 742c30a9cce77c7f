/* lower_mount.c - mount, umount and pivot_root rules
 *
 * What the kernel asks depends on the kind of mount, so one rule can become
 * several entries: remount, bind, change of propagation, move, new mount.
 */
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/lower_internal.h"
#include "policy/apparmor/mount_flags.h"

struct mount {
	struct lower *l;
	const struct ap_rule *r;
	uint32_t need, may;
};

static void flags(struct buf *b, uint32_t need, uint32_t may)
{
	size_t before = b->len;

	if (need == AP_MS_ALL) {
		buf_str(b, ANY_TEXT);
		return;
	}
	for (unsigned i = 0; i < 32; i++) {
		if (may >> i & 1)
			buf_printf(b, "(\\x%02x|)", i + 1);
		else if (need >> i & 1)
			buf_printf(b, "\\x%02x", i + 1);
	}
	if (b->len == before)
		buf_str(b, "(\\xfe|)");
}

static void part(struct lower *l, struct buf *b, const char *pattern)
{
	struct buf p = buf_new(l->arena);

	buf_str(b, "\\x00");
	lower_glob_or(l, &p, pattern, ANY_TEXT);
	buf_add(b, buf_text(&p), p.len);
}

static void types(const struct mount *m, struct buf *b)
{
	buf_str(b, "\\x00");
	if (!m->r->fstypes.len) {
		buf_str(b, ANY_TEXT);
		return;
	}
	for (size_t i = 0; i < m->r->fstypes.len; i++) {
		buf_char(b, i ? '|' : '(');
		lower_glob(m->l, b, m->r->fstypes.at[i], false);
	}
	buf_char(b, ')');
}

static void entry(const struct mount *m, const char *point, bool source, bool fstype,
		  uint32_t mask)
{
	struct lower *l = m->l;
	struct buf b = lower_re(l, "\x07", 1);
	const char *from = source ? m->r->str[AP_SOURCE] : NULL;

	lower_glob_or(l, &b, point, ANY_TEXT);
	part(l, &b, from && str_eq(from, "detached") ? "" : from);
	if (fstype)
		types(m, &b);
	else
		part(l, &b, NULL);
	buf_str(&b, "\\x00");
	/* a rule about all flags stays one about any, unless the kind has few */
	flags(&b, m->need & mask, m->may & mask);
	lower_add(l, &b, m->r->perms, m->r->perms);
}

static bool make(const struct mount *m)
{
	const char *source = m->r->str[AP_SOURCE], *point = m->r->str[AP_MOUNTPOINT];

	if (m->need && m->need != AP_MS_ALL && source && point)
		return false;
	entry(m, point ? point : source, false, false, AP_MS_FOR_MAKE);
	return true;
}

/* The kinds of mount that one set of required and optional flags is about. */
static int kinds(const struct mount *m)
{
	const char *source = m->r->str[AP_SOURCE], *point = m->r->str[AP_MOUNTPOINT];
	bool typed = m->r->fstypes.len;
	bool all = !m->need || m->need == AP_MS_ALL;

	if (all) {
		if (!source && !typed)
			entry(m, point ? point : source, false, false, AP_MS_FOR_REMOUNT);
		if (!typed)
			entry(m, point, true, false, AP_MS_BINDS);
		if ((!source || !point) && !typed)
			make(m);
		if (!typed)
			entry(m, point, true, false, AP_MS_MOVE);
		entry(m, point, true, true, AP_MS_FOR_NEW);
		return 1;
	}
	if ((m->need & AP_MS_REMOUNT) && !source && !typed)
		entry(m, point, false, false, AP_MS_FOR_REMOUNT);
	else if ((m->need & AP_MS_BIND) && !typed)
		entry(m, point, true, false, AP_MS_BINDS);
	else if ((m->need & AP_MS_MAKES) && (!source || !point) && !typed)
		return make(m);
	else if ((m->need & AP_MS_MOVE) && !typed)
		entry(m, point, true, false, AP_MS_MOVE);
	else if ((m->need | m->may) & ~AP_MS_COMMANDS)
		entry(m, point, true, true, AP_MS_FOR_NEW);
	else
		return 0;
	return 1;
}

static void pivot(struct lower *l, const struct ap_rule *r)
{
	struct buf b = lower_re(l, "\x07", 1);

	lower_glob_or(l, &b, r->str[AP_MOUNTPOINT], ANY_TEXT);
	part(l, &b, r->str[AP_SOURCE]);
	lower_add(l, &b, r->perms, r->perms);
}

void lower_mount(struct lower *l, const struct ap_rule *r)
{
	struct mount m = {l, r, 0, 0};
	int made = 0;

	if (!l->target->mount) {
		lower_say(l, "mount rules are left out: the kernel does not know them");
		return;
	}
	for (size_t i = 0; (r->perms & AP_MAY_MOUNT) && i < r->need.len; i++) {
		for (size_t k = 0; k < r->may.len && !l->why; k++) {
			m.need = r->need.at[i];
			m.may = r->may.at[k];
			made += kinds(&m);
		}
	}
	if (r->perms & AP_MAY_UMOUNT) {
		struct buf b = lower_re(l, "\x07", 1);

		lower_glob_or(l, &b, r->str[AP_MOUNTPOINT], ANY_TEXT);
		lower_add(l, &b, r->perms, r->perms);
		made++;
	}
	if (r->perms & AP_MAY_PIVOT) {
		pivot(l, r);
		made++;
	}
	if (!made)
		lower_fail(l, "mount: the rule is about no kind of mount there is");
}
