/* parse_mount.c - mount, remount, umount and pivot_root rules */
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/mount_flags.h"
#include "policy/apparmor/parse_internal.h"

static const struct {
	const char *name;
	uint32_t set, clear;
} options[] = {
	{"ro", AP_MS_RDONLY, 0}, {"r", AP_MS_RDONLY, 0}, {"read-only", AP_MS_RDONLY, 0},
	{"rw", 0, AP_MS_RDONLY}, {"w", 0, AP_MS_RDONLY},
	{"suid", 0, AP_MS_NOSUID}, {"nosuid", AP_MS_NOSUID, 0},
	{"dev", 0, AP_MS_NODEV}, {"nodev", AP_MS_NODEV, 0},
	{"exec", 0, AP_MS_NOEXEC}, {"noexec", AP_MS_NOEXEC, 0},
	{"sync", AP_MS_SYNC, 0}, {"async", 0, AP_MS_SYNC}, {"remount", AP_MS_REMOUNT, 0},
	{"mand", AP_MS_MAND, 0}, {"nomand", 0, AP_MS_MAND}, {"dirsync", AP_MS_DIRSYNC, 0},
	{"symfollow", 0, AP_MS_NOSYMFOLLOW}, {"nosymfollow", AP_MS_NOSYMFOLLOW, 0},
	{"atime", 0, AP_MS_NOATIME}, {"noatime", AP_MS_NOATIME, 0},
	{"diratime", 0, AP_MS_NODIRATIME}, {"nodiratime", AP_MS_NODIRATIME, 0},
	{"bind", AP_MS_BIND, 0}, {"B", AP_MS_BIND, 0}, {"move", AP_MS_MOVE, 0},
	{"M", AP_MS_MOVE, 0}, {"rbind", AP_MS_BIND | AP_MS_REC, 0},
	{"R", AP_MS_BIND | AP_MS_REC, 0}, {"verbose", AP_MS_SILENT, 0},
	{"silent", AP_MS_SILENT, 0}, {"loud", 0, AP_MS_SILENT}, {"acl", AP_MS_ACL, 0},
	{"noacl", 0, AP_MS_ACL},
	{"unbindable", AP_MS_UNBINDABLE, 0}, {"make-unbindable", AP_MS_UNBINDABLE, 0},
	{"runbindable", AP_MS_UNBINDABLE | AP_MS_REC, 0},
	{"make-runbindable", AP_MS_UNBINDABLE | AP_MS_REC, 0},
	{"private", AP_MS_PRIVATE, 0}, {"make-private", AP_MS_PRIVATE, 0},
	{"rprivate", AP_MS_PRIVATE | AP_MS_REC, 0},
	{"make-rprivate", AP_MS_PRIVATE | AP_MS_REC, 0},
	{"slave", AP_MS_SLAVE, 0}, {"make-slave", AP_MS_SLAVE, 0},
	{"rslave", AP_MS_SLAVE | AP_MS_REC, 0}, {"make-rslave", AP_MS_SLAVE | AP_MS_REC, 0},
	{"shared", AP_MS_SHARED, 0}, {"make-shared", AP_MS_SHARED, 0},
	{"rshared", AP_MS_SHARED | AP_MS_REC, 0}, {"make-rshared", AP_MS_SHARED | AP_MS_REC, 0},
	{"relatime", AP_MS_RELATIME, 0}, {"norelatime", 0, AP_MS_RELATIME},
	{"iversion", AP_MS_IVERSION, 0}, {"noiversion", 0, AP_MS_IVERSION},
	{"strictatime", AP_MS_STRICTATIME, 0}, {"nostrictatime", 0, AP_MS_STRICTATIME},
	{"lazytime", AP_MS_LAZYTIME, 0}, {"nolazytime", 0, AP_MS_LAZYTIME},
	{"user", 0, AP_MS_NOUSER}, {"nouser", AP_MS_NOUSER, 0},
};

static void option_list(struct parse *p, const struct cond *c, uint32_t *set, uint32_t *clear)
{
	*set = *clear = 0;
	for (size_t i = 0; i < c->values.len; i++) {
		size_t k = 0, n = sizeof options / sizeof options[0];

		while (k < n && !str_eq(options[k].name, c->values.at[i]))
			k++;
		if (k == n) {
			lex_fail(&p->lex, "mount: no option \"%s\"", c->values.at[i]);
			return;
		}
		*set |= options[k].set;
		*clear |= options[k].clear;
	}
}

static void condition(struct parse *p, struct ap_rule *r, const struct cond *c, bool remount)
{
	uint32_t set, clear;

	if (str_eq(c->name, "fstype") || str_eq(c->name, "vfstype")) {
		for (size_t i = 0; i < c->values.len; i++)
			vec_push(p->arena, &r->fstypes, c->values.at[i]);
	} else if (str_eq(c->name, "options") || str_eq(c->name, "option")) {
		option_list(p, c, &set, &clear);
		if (c->in) {
			vec_push(p->arena, &r->may, set | clear);
			return;
		}
		set |= remount ? AP_MS_REMOUNT : 0;
		if (set & clear)
			lex_fail(&p->lex, "mount: options that exclude each other");
		vec_push(p->arena, &r->need, set);
	} else {
		lex_fail(&p->lex, "mount: %s is no condition", c->name);
	}
}

static void defaults(struct parse *p, struct ap_rule *r, bool remount)
{
	if (!r->need.len && !r->may.len) {
		vec_push(p->arena, &r->need, remount ? AP_MS_REMOUNT : AP_MS_ALL);
		vec_push(p->arena, &r->may,
			 remount ? AP_MS_FOR_REMOUNT & ~AP_MS_REMOUNT : AP_MS_ALL);
	} else if (!r->need.len) {
		vec_push(p->arena, &r->need, remount ? AP_MS_REMOUNT : 0);
	} else if (!r->may.len) {
		vec_push(p->arena, &r->may, 0);
	}
}

struct ap_rule *parse_mount_all(struct parse *p, uint32_t perms, bool remount)
{
	struct ap_rule *r = parse_new(p, AP_MOUNT);

	r->perms = perms;
	defaults(p, r, remount);
	return r;
}

/* Conditions, then perhaps one path. NULL: the rule ended or -> came: t is it. */
static char *part(struct parse *p, enum lex_mode mode, struct conds *conds, struct lex_token *t)
{
	char *path = NULL;

	while (!p->lex.failed) {
		*t = lex_next(&p->lex, mode);
		if (t->kind == LEX_COND && !path)
			parse_one_cond(p, *t, conds);
		else if (t->kind == LEX_ID && !path)
			path = t->text;
		else
			break;
	}
	return path;
}

static struct ap_rule *pivot(struct parse *p)
{
	struct ap_rule *r = parse_new(p, AP_MOUNT);
	struct conds conds = {0};
	struct lex_token t = {0};

	r->perms = AP_MAY_PIVOT;
	r->str[AP_MOUNTPOINT] = part(p, LEX_RULES, &conds, &t);
	if (conds.len > 1 || (conds.len && !str_eq(conds.at[0].name, "oldroot")))
		lex_fail(&p->lex, "pivot_root: the only condition is one oldroot=");
	else if (conds.len)
		r->str[AP_SOURCE] = conds.at[0].values.at[0];
	if (t.kind == LEX_ARROW) {
		t = lex_next(&p->lex, LEX_TARGET);
		if (t.kind != LEX_ID)
			lex_fail(&p->lex, "pivot_root: no profile behind ->");
		r->str[AP_PIVOT_TARGET] = t.text;
		t = lex_next(&p->lex, LEX_RULES);
	}
	if (t.kind != LEX_COMMA)
		lex_fail(&p->lex, "pivot_root: no comma at the end of the rule");
	defaults(p, r, false);
	return r;
}

struct ap_rule *parse_mount(struct parse *p, const char *keyword)
{
	if (str_eq(keyword, "pivot_root"))
		return pivot(p);

	bool remount = str_eq(keyword, "remount"), mount = str_eq(keyword, "mount");
	struct ap_rule *r = parse_new(p, AP_MOUNT);
	struct conds conds = {0}, behind = {0};
	struct lex_token t = {0};

	r->perms = mount || remount ? AP_MAY_MOUNT : AP_MAY_UMOUNT;
	char *path = part(p, LEX_MOUNT, &conds, &t);
	r->str[mount ? AP_SOURCE : AP_MOUNTPOINT] = path;
	if (mount && t.kind == LEX_ARROW) {
		r->str[AP_MOUNTPOINT] = part(p, LEX_MOUNT, &behind, &t);
		if (!r->str[AP_MOUNTPOINT] || behind.len)
			lex_fail(&p->lex, "mount: one path without conditions stands behind ->");
	}
	if (t.kind != LEX_COMMA)
		lex_fail(&p->lex, "%s: no comma at the end of the rule", keyword);
	for (size_t i = 0; i < conds.len && !p->lex.failed; i++)
		condition(p, r, &conds.at[i], remount);
	defaults(p, r, remount);
	return r;
}
