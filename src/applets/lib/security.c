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
#include "applets/lib/profiles.h"
#include "core/fs.h"
#include "core/str.h"
#include "ns/hold.h"
#include "ns/step.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"

/* One app or hook on its way, and what all of them share. */
struct stage {
	struct arena *a;
	struct txn *txn;
	const struct security *sec;
	const struct substitute_snap *instead;
	struct words unfiltered; /* labels whose filter lets everything through */
	struct words made[DIR_COUNT]; /* names of files that are to stay */
	int dirs[DIR_COUNT];          /* open; 0 not yet, -1 missing */
	bool steps;        /* the snap has mounts of its own */
};

/* A file that is as it should be is left alone: most are, when a plug is connected. */
static bool is_there(struct stage *st, enum dir d, const char *name, const void *data, size_t len)
{
	size_t have;

	if (!st->dirs[d])
		st->dirs[d] = dirs_open(d);
	const char *old = st->dirs[d] < 0 ? NULL : fs_read(st->a, st->dirs[d], name, len, &have);
	return old && have == len && !memcmp(old, data, len);
}

static void put(struct stage *st, enum dir d, const char *name, const void *data, size_t len)
{
	if (!is_there(st, d, name, data, len))
		txn_write(st->txn, d, name, data, len, 0644);
	vec_push(st->a, &st->made[d], name);
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
	[ARTEFACT_MODPROBE] = {DIR_DEVICES, "", ".modprobe"},
};

/* A namespace with apps in it stays as it is until they have ended. */
static void tell_running(struct stage *st, const char *name, const char *text)
{
	const char *instance = st->sec->snap->instance;
	int dir = dirs_open(DIR_PLANS);
	const char *old = dir < 0 ? NULL : fs_read(st->a, dir, name, PLAN_BYTES_MAX, NULL);

	if (dir >= 0)
		close(dir);
	if (st->sec->again && !*dirs_root() && !str_eq(old ? old : "", text) &&
	    hold_is_used(st->a, instance))
		warn("%s: running apps see the new mounts when they are started again", instance);
}

/* Whoever mounts them reads them with the same eyes: what it would refuse is refused
 * here, and not at the start of an app. */
static void check_steps(struct stage *st, const struct artefact *fstab)
{
	const struct snap *s = st->sec->snap;
	const char *why, *text = arena_dupn(st->a, fstab->bytes, fstab->len);
	struct step_list list;

	if (!step_read(st->a, s->instance, s->name, text, &list, &why))
		die("%s: its mounts: %s", s->instance, why);
	st->steps = list.len;
	tell_running(st, arena_printf(st->a, "%s.fstab", s->instance), text);
}

/* Does the text of a filter say that there is none? It stands alone on a line. */
static bool is_unrestricted(const char *text)
{
	return strstr(text, "\n@unrestricted\n") || str_starts(text, "@unrestricted\n");
}

static void stage_artefacts(struct stage *st)
{
	struct artefacts_for f = {
		.snap = st->sec->snap,
		.confinement = st->sec->confinement,
		.jailmode = st->sec->jailmode,
		.conns = st->sec->conns,
	};
	struct artefacts made = artefacts_make(st->a, st->sec->system, &f);
	struct profile_files profiles = {0};

	st->instead = made.instead;
	for (size_t i = 0; i < made.len; i++) {
		const struct artefact *one = &made.at[i];

		/* What has nothing in it, most mounts and modules, is no file here. */
		if (one->kind == ARTEFACT_FSTAB)
			check_steps(st, one);
		if (places[one->kind].suffix && one->len)
			put(st, places[one->kind].dir,
			    arena_printf(st->a, "%s%s%s", places[one->kind].prefix, one->of,
					 places[one->kind].suffix),
			    one->bytes, one->len);
		/* What builds namespaces is the privileged copy, under a profile of its own:
		 * nobody would be under snap-update-ns.NAME. */
		if (one->kind == ARTEFACT_SECCOMP_SRC && is_unrestricted(one->bytes))
			vec_push(st->a, &st->unfiltered, one->of);
		if (one->kind == ARTEFACT_APPARMOR)
			vec_push(st->a, &profiles, ((struct profile_file){one->of, one->bytes}));
	}
	if (st->sec->system->running)
		profiles_stage(st->txn, st->sec->system->running, f.snap->instance, &profiles);
}

static void stage_plan(struct stage *st, const char *label, const struct app *app,
		       const struct hook *hook)
{
	const struct security *sec = st->sec;
	struct arena *a = st->a;
	struct launch l = {
		.effective = sec->confinement,
		.base = sec->base,
		.instead = st->instead ? substitute_of(st->instead, label) : NULL,
		.apparmor = sec->system->running != NULL,
		.steps = st->steps,
		.unfiltered = words_have(&st->unfiltered, label),
		.view = st->instead ? &st->instead->view : NULL,
	};
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

/* The label that the file of policy of a label has in its name, or NULL. */
static const char *label_in(struct arena *a, const char *file, const char *instance)
{
	for (size_t k = 0; k < ARTEFACT_KINDS; k++) {
		const char *suffix = places[k].suffix;
		struct label l;

		if (!suffix || *places[k].prefix || !str_ends(file, suffix))
			continue;
		char *of = arena_dupn(a, file, strlen(file) - strlen(suffix));
		if (label_parse(a, of, &l) && str_eq(l.instance, instance))
			return of;
	}
	return NULL;
}

static const enum dir dirs_of_policy[] = {DIR_PLANS, DIR_SECCOMP, DIR_APPARMOR, DIR_DEVICES};
#define DIRS_OF_POLICY (sizeof dirs_of_policy / sizeof dirs_of_policy[0])

/* Every label of the snap that there are files of. */
static struct words labels_on_disk(struct arena *a, const char *instance)
{
	char *prefix = arena_printf(a, "snap.%s", instance);
	struct words out = {0};

	for (size_t i = 0; i < DIRS_OF_POLICY; i++) {
		int dir = dirs_open(dirs_of_policy[i]);
		char **files = dir < 0 ? NULL : fs_list_of(a, dir, ".", prefix, NULL);

		if (!files && errno != ENOENT)
			die("%s: %m", dirs_path(a, dirs_of_policy[i], "%s", ""));
		for (; files && *files; files++) {
			const char *label = label_in(a, *files, instance);

			if (label && (!out.len || !str_eq(out.at[out.len - 1], label)) &&
			    !words_have(&out, label))
				vec_push(a, &out, label);
		}
		if (dir >= 0)
			close(dir);
	}
	return out;
}

static struct words own_labels(struct arena *a, const struct snap *s)
{
	struct words out = {0};

	for (size_t i = 0; i < s->apps.len; i++)
		vec_push(a, &out, snap_app_label(a, s->apps.at[i]));
	for (size_t i = 0; i < s->hooks.len; i++)
		vec_push(a, &out, snap_hook_label(a, s->hooks.at[i]));
	return out;
}

/* What there may be of one kind goes, but for what stays. */
static void drop_kind(struct txn *t, enum dir d, const char *prefix, const char *suffix,
		      const struct words *of, const struct words *stay)
{
	int dir = dirs_open(d);

	for (size_t i = 0; dir >= 0 && i < of->len; i++) {
		char *name = arena_printf(txn_arena(t), "%s%s%s", prefix, of->at[i], suffix);

		if (!words_have(stay, name) && !faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW))
			txn_drop(t, d, name);
	}
	if (dir >= 0)
		close(dir);
}

/* All of the snap and of these labels; stay is by directory. */
static void drop_others(struct txn *t, const char *instance, const struct words *labels,
			const struct words *stay)
{
	struct words of = {0};

	vec_push(txn_arena(t), &of, instance);
	for (size_t i = 0; i < labels->len; i++)
		vec_push(txn_arena(t), &of, labels->at[i]);
	for (size_t k = 0; k < ARTEFACT_KINDS; k++)
		if (places[k].suffix)
			drop_kind(t, places[k].dir, places[k].prefix, places[k].suffix, &of,
				  &stay[places[k].dir]);
	drop_kind(t, DIR_PLANS, "", "", labels, &stay[DIR_PLANS]);
}

void security_stage_gone(struct txn *t, const char *name)
{
	static const struct words none[DIR_COUNT];
	const struct words labels = labels_on_disk(txn_arena(t), name);

	drop_others(t, name, &labels, none);
}

const struct substitute_snap *security_stage(struct txn *t, const struct security *sec)
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
	const struct words labels = sec->again ? own_labels(a, s) :
						 labels_on_disk(a, s->instance);
	drop_others(t, s->instance, &labels, st.made);
	for (size_t d = 0; d < DIR_COUNT; d++)
		if (st.dirs[d] > 0)
			close(st.dirs[d]);
	return st.instead;
}
