/* security.c - one snap through render, compile, stage
 *
 * MUST fail whole: a snap of which one app has no filter is not installed.
 */
#include "applets/lib/security.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "applets/lib/filter.h"
#include "applets/lib/launch.h"
#include "core/fs.h"
#include "core/str.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"

/* One app or hook on its way, and what all of them share. */
struct stage {
	struct arena *a;
	struct txn *txn;
	const struct security *sec;
	struct filter_maker *filters;
	struct words made; /* names of files that are to stay */
};

/* A file that is as it should be is left alone: most are, when a plug is connected. */
static bool is_there(struct stage *st, enum dir d, const char *name, const void *data, size_t len)
{
	size_t have;
	int dir = dirs_open(d);
	const char *old = dir < 0 ? NULL : fs_read(st->a, dir, name, len, &have);

	if (dir >= 0)
		close(dir);
	return old && have == len && !memcmp(old, data, len);
}

static void put(struct stage *st, enum dir d, const char *name, const void *data, size_t len)
{
	if (!is_there(st, d, name, data, len))
		txn_write(st->txn, d, name, data, len, 0644);
	vec_push(st->a, &st->made, name);
}

/* What plugs and slots bring, as far as filters go; each with where it is from. */
static void add_snippets(struct stage *st, const struct policy *p, struct filter *f)
{
	VEC(struct sc_snippet) out = {0};

	for (size_t k = 0; k < p->pieces[BACK_SECCOMP].len; k++) {
		const struct piece *piece = &p->pieces[BACK_SECCOMP].at[k];
		struct sc_snippet s = {
			.origin = arena_printf(st->a, "%s: %s %s", piece->iface->name,
					       piece->port->side == PLUG ? "plug" : "slot",
					       piece->port->name),
			.text = piece->text,
		};

		vec_push(st->a, &out, s);
	}
	f->snippets = out.at;
	f->count = out.len;
}

static void stage_filter(struct stage *st, const char *label, const struct policy *policy)
{
	const struct snap *s = st->sec->snap;
	struct words users = s->system_usernames;
	struct filter f = {
		.classic = st->sec->confinement == CONFINE_CLASSIC,
		.devmode = st->sec->confinement == CONFINE_DEVMODE,
		.jailmode = st->sec->jailmode,
		.base = snap_base(s),
	};

	add_snippets(st, policy, &f);
	vec_push(st->a, &users, NULL);
	f.users = users.at;
	const char *why = filter_make(st->filters, &f);
	if (why)
		die("%s: system call filter: %s", label, why);
	put(st, DIR_SECCOMP, arena_printf(st->a, "%s.src", label), f.text, strlen(f.text));
	put(st, DIR_SECCOMP, arena_printf(st->a, "%s.bin2", label), f.bin, f.len);
}

static void stage_plan(struct stage *st, const char *label, const struct app *app,
		       const struct hook *hook)
{
	const struct security *sec = st->sec;
	struct arena *a = st->a;
	struct launch l = {.effective = sec->confinement, .base = sec->base};
	struct buf out = buf_new(a);
	char why[WHY_MAX];

	if (sec->base)
		l.base_dir = arena_printf(a, "/snap/%s/%s", sec->base, sec->base_rev);
	const struct plan *p = launch_plan(a, sec->snap, app, hook, &l, why);
	if (!p)
		die("%s", why);
	plan_print(&out, p);
	put(st, DIR_PLANS, label, out.data, out.len);
}

static void stage_one(struct stage *st, const char *label, const struct app *app,
		      const struct hook *hook)
{
	const struct security *sec = st->sec;
	struct policy policy;
	char why[WHY_MAX];

	if (!label)
		die("%s: its label would be too long", app ? app->name : hook->name);
	if (!policy_gather(st->a, &policy, sec->snap, app ? &app->plugs : &hook->plugs,
			   app ? &app->slots : &hook->slots, sec->conns.at, sec->conns.len,
			   &sec->target, why))
		die("%s", why);
	stage_filter(st, label, &policy);
	stage_plan(st, label, app, hook);
}

/* Is this the name of a file of policy of the snap: LABEL, LABEL.src, LABEL.bin2? */
static bool belongs(struct arena *a, const char *file, const char *name)
{
	size_t len = strlen(file);
	struct label l;

	if (str_ends(file, ".src"))
		len -= 4;
	else if (str_ends(file, ".bin2"))
		len -= 5;
	return label_parse(a, arena_dupn(a, file, len), &l) && str_eq(l.instance, name);
}

static void drop_others(struct txn *t, enum dir d, const char *name, const struct words *stay)
{
	struct arena *a = txn_arena(t);
	int path = dirs_open(d);
	char *prefix = arena_printf(a, "snap.%s", name);
	char **files = path < 0 ? NULL : fs_list_of(a, path, ".", prefix, NULL);

	if (!files && errno != ENOENT)
		die("%s: %m", dirs_path(a, d, "%s", ""));
	for (; files && *files; files++)
		if (belongs(a, *files, name) && !words_have(stay, *files))
			txn_drop(t, d, *files);
	if (path >= 0)
		close(path);
}

void security_stage_gone(struct txn *t, const char *name)
{
	static const struct words none;

	drop_others(t, DIR_PLANS, name, &none);
	drop_others(t, DIR_SECCOMP, name, &none);
}

void security_stage(struct txn *t, const struct security *sec)
{
	struct arena *a = txn_arena(t);
	const struct snap *s = sec->snap;
	struct stage st = {.a = a, .txn = t, .sec = sec, .filters = filter_maker(a)};

	for (size_t i = 0; i < s->apps.len; i++)
		stage_one(&st, snap_app_label(a, s->apps.at[i]), s->apps.at[i], NULL);
	for (size_t i = 0; i < s->hooks.len; i++)
		if (!s->hooks.at[i]->component)
			stage_one(&st, snap_hook_label(a, s->hooks.at[i]), NULL, s->hooks.at[i]);
	drop_others(t, DIR_PLANS, s->instance, &st.made);
	drop_others(t, DIR_SECCOMP, s->instance, &st.made);
}
