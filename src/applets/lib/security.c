/* security.c - one snap through render, compile, stage
 *
 * MUST fail whole: a snap of which one app has no policy is not installed.
 */
#include "applets/lib/security.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

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

/* Where the files of a kind are; a NULL suffix: not among our files. */
static const struct {
	enum dir dir;
	const char *prefix, *suffix;
} places[ARTEFACT_KINDS] = {
	[ARTEFACT_APPARMOR] = {DIR_APPARMOR, "", ""},
	[ARTEFACT_SECCOMP_SRC] = {DIR_SECCOMP, "", ".src"},
	[ARTEFACT_SECCOMP_BIN] = {DIR_SECCOMP, "", ".bin2"},
	[ARTEFACT_DEVICE] = {DIR_DEVICES, "", ".device"},
	[ARTEFACT_UDEV] = {DIR_DEVICES, "", ".udev"},
	[ARTEFACT_FSTAB] = {DIR_PLANS, "", ".fstab"},
	[ARTEFACT_USER_FSTAB] = {DIR_PLANS, "", ".user-fstab"},
	[ARTEFACT_UPDATE_NS] = {DIR_APPARMOR, "snap-update-ns.", ""},
	[ARTEFACT_KMOD] = {DIR_DEVICES, "", ".kmod"},
};

static void stage_artefacts(struct stage *st)
{
	struct artefacts_for f = {
		.snap = st->sec->snap,
		.confinement = st->sec->confinement,
		.jailmode = st->sec->jailmode,
		.conns = st->sec->conns,
	};
	struct artefacts made = artefacts_make(st->a, st->sec->system, &f);

	for (size_t i = 0; i < made.len; i++) {
		const struct artefact *one = &made.at[i];

		/* What has nothing in it, most mounts and modules, is no file here. */
		if (places[one->kind].suffix && one->len)
			put(st, places[one->kind].dir,
			    arena_printf(st->a, "%s%s%s", places[one->kind].prefix, one->of,
					 places[one->kind].suffix),
			    one->bytes, one->len);
	}
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

/* Is this the name of a file of policy of the snap, whatever kind? */
static bool belongs(struct arena *a, const char *file, const char *name)
{
	for (size_t k = 0; k < ARTEFACT_KINDS; k++) {
		const char *of = places[k].suffix ? str_after(file, places[k].prefix) : NULL;
		struct label l;

		if (!of || !str_ends(of, places[k].suffix))
			continue;
		of = arena_dupn(a, of, strlen(of) - strlen(places[k].suffix));
		if (str_eq(of, name) || (label_parse(a, of, &l) && str_eq(l.instance, name)))
			return true;
	}
	return false;
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

static const enum dir dirs_of_policy[] = {DIR_PLANS, DIR_SECCOMP, DIR_APPARMOR, DIR_DEVICES};
#define DIRS_OF_POLICY (sizeof dirs_of_policy / sizeof dirs_of_policy[0])

void security_stage_gone(struct txn *t, const char *name)
{
	static const struct words none;

	for (size_t i = 0; i < DIRS_OF_POLICY; i++)
		drop_others(t, dirs_of_policy[i], name, &none);
}

void security_stage(struct txn *t, const struct security *sec)
{
	struct arena *a = txn_arena(t);
	const struct snap *s = sec->snap;
	struct stage st = {.a = a, .txn = t, .sec = sec};

	stage_artefacts(&st);
	for (size_t i = 0; i < s->apps.len; i++)
		stage_plan(&st, snap_app_label(a, s->apps.at[i]), s->apps.at[i], NULL);
	for (size_t i = 0; i < s->hooks.len; i++)
		if (!s->hooks.at[i]->component)
			stage_plan(&st, snap_hook_label(a, s->hooks.at[i]), NULL, s->hooks.at[i]);
	for (size_t i = 0; i < DIRS_OF_POLICY; i++)
		drop_others(t, dirs_of_policy[i], s->instance, &st.made);
}
