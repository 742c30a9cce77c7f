/* incoming.c - a snap file on its way in
 *
 * MUST decide by the record alone; the image is only copied, measured, mounted
 * and unpacked.
 */
#include "applets/lib/incoming.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "applets/lib/busy.h"
#include "applets/lib/copytree.h"
#include "applets/lib/examine.h"
#include "applets/lib/place.h"
#include "applets/lib/profiles.h"
#include "applets/lib/progress.h"
#include "applets/lib/release.h"
#include "applets/lib/settle.h"
#include "core/copyfile.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/squash/extract.h"
#include "core/squash/verify.h"
#include "core/str.h"
#include "policy/model/assumes.h"
#include "policy/model/check.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"

#define IMAGE_MAX ((uint64_t)64 << 30)
#define RETAIN 2 /* revisions, the current one included (behaviour R6) */

static void show_copy(void *arg, uint64_t done, uint64_t all)
{
	progress_part(arg, done, all);
	txn_yield();
}

/* The person typed a name: there is no store to get it from. */
static void check_is_file(const char *file)
{
	struct stat st;

	if (stat(file, &st) && name_is_instance(file))
		die("no such file, and there is no store: give the path of a .snap file");
}

static void copy_in(struct txn *t, struct incoming *in, struct state_rev *r)
{
	struct arena *a = txn_arena(t);
	struct copyfile c = {.max = IMAGE_MAX, .digests = 1u << DIGEST_SHA3_384,
			     .progress = show_copy,
			     .arg = arena_printf(a, "copying %s", in->file)};

	check_is_file(in->file);
	int source = copyfile_open(in->file);
	in->number = txn_file(t, &in->image);
	copyfile(a, &c, source, in->image);
	close(source);
	r->size = c.size;
	r->sha3_384 = digest_text(a, c.digest[DIGEST_SHA3_384], digest_size(DIGEST_SHA3_384));
}

/* Classic snaps need an ordinary distribution around them. */
static bool is_classic_system(struct arena *a)
{
	bool known;

	return release_read(a, &known).classic && known;
}

static void decide_confinement(struct arena *a, const struct incoming_flags *f, struct incoming *in)
{
	const struct state *old = in->state;
	const struct state_rev *r = old ? state_current(old) : NULL;
	struct check_flags c = {
		.devmode = f->devmode, .jailmode = f->jailmode, .classic = f->classic,
		.was_classic = r && str_eq(r->confinement, "classic") &&
			       old->modes & MODE_CLASSIC,
		.can_jail = f->jailmode && profiles_full(host_probe(a)),
		.classic_system = is_classic_system(a),
	};
	char why[WHY_MAX], note[WHY_MAX];

	if (!check_machine(in->snap, assumes_arch(), why) ||
	    !check_confinement(in->snap, &c, &in->confinement, note, why))
		die("%s", why);
	if (*note)
		warn("%s: %s", in->snap->name, note);
}

static const char *decide_name(const struct incoming_flags *f, struct arena *a,
			       const struct snap *s)
{
	if (str_eq(s->name, CONNS_SYSTEM) || str_eq(s->name, "snapd") ||
	    (str_eq(s->name, "core") && s->type != SNAP_OS))
		die("the name %s stands for the system itself", s->name);
	if (!f->name)
		return s->name;
	if (!name_is_instance(f->name))
		die("--name %s: not the name of a snap", f->name);
	if (!str_eq(name_snap_of(a, f->name), s->name))
		die("--name %s: the snap is %s: its name may only be followed by _KEY", f->name,
		    s->name);
	if (*name_key_of(f->name) && s->type != SNAP_APP)
		die("--name %s: there is only one of a snap of type %s", f->name,
		    snap_type_names[s->type]);
	return f->name;
}

static const char *commands_of(struct arena *a, const struct snap *s)
{
	struct buf b = buf_new(a);

	for (size_t i = 0; i < s->apps.len; i++) {
		const struct app *app = s->apps.at[i];
		char *command = command_print(a, s->instance, app->name), *other;

		if (app->daemon != DAEMON_NONE)
			continue;
		if ((other = settle_in_the_way(a, command)))
			die("%s is in the way of the command %s", other, command);
		buf_printf(&b, "%s%s", b.len ? " " : "", command);
	}
	return b.len ? b.data : "-";
}

/* Older revisions go, the newest of them last, until RETAIN are left. */
static void drop_old(struct arena *a, struct incoming *in)
{
	struct state *s = in->state;

	for (size_t i = 0; i < s->revs.len && s->revs.len > RETAIN;) {
		struct state_rev r = s->revs.at[i];

		if (str_eq(r.id, s->current) || str_eq(r.id, in->old)) {
			i++;
			continue;
		}
		vec_push(a, &in->dropped, r);
		state_forget(s, r.id);
	}
}

static void make_state(struct arena *a, const struct incoming_flags *f, struct incoming *in,
		       const char *instance, struct state_rev r)
{
	const struct snap *s = in->snap;
	struct state *st = in->state;

	if (!st) {
		st = NEW(a, struct state);
		st->name = instance;
		st->type = snap_type_names[s->type];
		st->next = 1;
		in->state = st;
	} else {
		in->old = st->current;
		in->old_modes = st->modes;
	}
	if (!str_eq(st->type, snap_type_names[s->type]))
		die("is of type %s, and what is installed is of type %s",
		    snap_type_names[s->type], st->type);
	st->modes = (f->devmode ? MODE_DEVMODE : 0) | (f->jailmode ? MODE_JAILMODE : 0) |
		    (in->confinement == CONFINE_CLASSIC ? MODE_CLASSIC : 0);
	r.id = arena_printf(a, "x%llu", (unsigned long long)st->next++);
	snap_set_instance(a, in->snap, instance, r.id);
	r.version = s->version && *s->version ? s->version : "-";
	r.base = snap_base(s) ? snap_base(s) : "-";
	r.confinement = snap_confinement_names[s->confinement];
	r.installed = (uint64_t)time(NULL);
	r.commands = commands_of(a, s);
	r.dangerous = true;
	vec_push(a, &st->revs, r);
	st->current = r.id;
	drop_old(a, in);
	in->rev = state_current(st);
}

struct incoming *incoming_read(struct txn *t, const struct incoming_flags *f, const char *file)
{
	struct arena *a = txn_arena(t);
	struct incoming *in = NEW(a, struct incoming);
	struct state_rev r = {0};
	struct examined seen;
	char why[WHY_MAX];

	in->file = file;
	copy_in(t, in, &r);
	progress("reading %s", file);
	if (!examine(a, in->image, &seen, why))
		die("%s", why);
	txn_yield();
	in->snap = seen.snap;
	in->record = seen.record;
	const char *instance = decide_name(f, a, seen.snap);
	in->state = state_load(a, instance);
	decide_confinement(a, f, in);
	make_state(a, f, in, instance, r);
	return in;
}

bool incoming_base(struct arena *a, const struct incoming *in, const struct incoming_list *all,
		   const char **name, const char **rev)
{
	const struct state *s = NULL;

	if (str_eq(in->rev->base, "-"))
		return false;
	*name = in->rev->base;
	for (size_t i = 0; i < all->len; i++)
		if (str_eq(all->at[i]->state->name, *name))
			s = all->at[i]->state;
	if (!s)
		s = state_load(a, *name);
	if (!s)
		die("its base %s is not installed: install %s first", *name, *name);
	if (!str_eq(s->type, "base") && !str_eq(s->type, "os"))
		die("its base %s is installed, but is a snap of type %s", *name, s->type);
	*rev = s->current;
	return true;
}

static void unpack(struct txn *t, struct incoming *in)
{
	struct arena *a = txn_arena(t);
	struct extract e = {.image = in->image, .progress = show_copy,
			    .arg = arena_printf(a, "unpacking %s", in->state->name)};
	const char *why;
	char reason[WHY_MAX];
	size_t number = txn_dir(t, &e.dir);

	if (!extract(a, &e, &why))
		die("%s", why);
	in->rev->tree = true;
	txn_place(t, number, DIR_TREES, state_key(a, in->state->name, in->rev->id), 0755);
	if (!*dirs_root() &&
	    place_mount(a, in->state->name, in->rev->id, e.dir, true, reason) != PLACED)
		die("%s", reason);
	close(e.dir);
}

static void show_image(struct txn *t, struct incoming *in)
{
	struct arena *a = txn_arena(t);
	char why[WHY_MAX];
	const char *reason;

	progress("checking %s", in->state->name);
	if (!verify(a, in->image, &reason)) /* before a kernel looks at it */
		die("%s", reason);
	txn_yield();
	if (!*dirs_root()) {
		progress("mounting %s", in->state->name);
		enum placed p =
			place_mount(a, in->state->name, in->rev->id, in->image, false, why);

		if (p == PLACE_UNSUPPORTED) {
			warn("%s: unpacked instead of mounted (%s)", in->state->name, why);
			unpack(t, in);
			return;
		}
		if (p != PLACED)
			die("%s", why);
	}
	txn_place(t, in->number, DIR_SNAP_FILES,
		  arena_printf(a, "%s.snap", state_key(a, in->state->name, in->rev->id)), 0600);
}

/* What the app had written for the old revision is where the new one begins. */
static void copy_data(struct arena *a, struct incoming *in)
{
	char *fresh = arena_printf(a, SETTLE_NEW_DATA, in->rev->id);
	int up = dirs_open(DIR_DATA);
	int dir = up < 0 ? -1 : fs_open(up, in->state->name, O_RDONLY | O_DIRECTORY, 0);

	in->had_data = dir >= 0;
	if (dir >= 0 && in->old && !faccessat(dir, in->old, F_OK, AT_SYMLINK_NOFOLLOW)) {
		progress("copying data of %s", in->state->name);
		if (!fs_remove_tree(dir, fresh))
			die("%s: %m", dirs_path(a, DIR_DATA, "%s/%s", in->state->name, fresh));
		copytree(dir, in->old, dir, fresh);
	}
	if (dir >= 0)
		close(dir);
	if (up >= 0)
		close(up);
}

void incoming_stage(struct txn *t, struct incoming *in, bool extract_it)
{
	struct arena *a = txn_arena(t);
	const char *name = in->state->name, *pids = busy_pids(a, name);

	if (in->old && pids)
		die("%s is in use by process %s: stop it first", name, pids);
	txn_name(t, name);
	if (extract_it)
		unpack(t, in);
	else
		show_image(t, in);
	copy_data(a, in);
	txn_write(t, DIR_RECORDS, state_key(a, name, in->rev->id), in->record, strlen(in->record),
		  0644);
	for (size_t i = 0; i < in->dropped.len; i++)
		state_drop_files(t, name, &in->dropped.at[i]);
	state_stage(t, in->state);
}
