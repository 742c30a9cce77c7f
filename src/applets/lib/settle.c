/* settle.c - the system follows the state file of a snap
 *
 * A file below DIR_BIN that is not a link to snapbox MUST never be changed.
 */
#include "applets/lib/settle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "applets/lib/place.h"
#include "applets/lib/profiles.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/node.h"
#include "core/proc.h"
#include "core/str.h"
#include "ns/hold.h"
#include "policy/model/name.h"
#include "policy/model/state.h"

/* What command links point to: this program, or where it is going to be. */
static const char *own_path(struct arena *a)
{
	static char path[4096];
	ssize_t n = *dirs_root() ? -1 : readlink("/proc/self/exe", path, sizeof path - 1);

	(void)a;
	if (n <= 0 || str_ends(path, " (deleted)"))
		return "/usr/bin/snapbox";
	path[n] = '\0';
	return path;
}

static char *link_target(struct arena *a, int dir, const char *name)
{
	char target[4096];
	ssize_t n = readlinkat(dir, name, target, sizeof target - 1);

	if (n < 0)
		return NULL;
	target[n] = '\0';
	return arena_dup(a, target);
}

/* A link to a program of our name is one that we made. */
static bool is_ours(struct arena *a, int bin, const char *name)
{
	const char *target = link_target(a, bin, name);
	const char *slash = target ? strrchr(target, '/') : NULL;

	return slash && (str_eq(slash + 1, "snapbox") || str_eq(target, own_path(a)));
}

char *settle_in_the_way(struct arena *a, const char *command)
{
	struct stat st;
	int bin = dirs_open(DIR_BIN);
	bool other = bin >= 0 && !fstatat(bin, command, &st, AT_SYMLINK_NOFOLLOW) &&
		     !is_ours(a, bin, command);

	if (bin >= 0)
		close(bin);
	return other ? dirs_path(a, DIR_BIN, "%s", command) : NULL;
}

static int open_for_list(enum dir d)
{
	int path = dirs_open(d), fd = -1;

	if (path >= 0) {
		fd = fs_open(path, ".", O_RDONLY | O_DIRECTORY, 0);
		close(path);
	}
	return fd;
}

/* One wanted link; a file of somebody else in its place is left alone. */
static bool make_command(struct arena *a, int bin, const char *command)
{
	const char *there = link_target(a, bin, command), *own = own_path(a);
	struct stat st;

	if (str_eq(there, own))
		return true;
	if (!fstatat(bin, command, &st, AT_SYMLINK_NOFOLLOW) && !is_ours(a, bin, command)) {
		warn("%s is in the way and is left alone", dirs_path(a, DIR_BIN, "%s", command));
		return false;
	}
	fs_link(bin, command, own);
	return true;
}

static bool settle_commands(struct arena *a, const char *name, const struct state_rev *r)
{
	bool none = !r || str_eq(r->commands, "-"), ok = true;
	char **want = none ? NEW(a, char *) : str_split(a, r->commands, ' ', NULL);
	const char *instance, *app;

	if (!none)
		dirs_make(DIR_BIN);
	int bin = open_for_list(DIR_BIN);
	if (bin < 0)
		return none;
	fs_clear_temporary(a, bin);
	for (char **f = fs_list_of(a, bin, ".", name, NULL); f && *f; f++)
		if (command_parse(a, *f, &instance, &app) && str_eq(instance, name) &&
		    !str_in(*f, (const char *const *)want) && is_ours(a, bin, *f))
			ok &= !unlinkat(bin, *f, 0);
	for (; *want; want++)
		ok &= make_command(a, bin, *want);
	close(bin);
	return ok;
}

/* A directory of ours in dir, or -1 after a warning: root's apps can make what they
 * like below DIR_DATA, and no other snap is to suffer from it. */
static int own_dir(struct arena *a, int dir, const char *name, enum dir d, const char *below)
{
	int fd = fs_try_dir(dir, name, 0755, geteuid(), getegid());

	if (fd < 0)
		warn("%s: %m", dirs_path(a, d, "%s%s", below, name));
	return fd;
}

/* The directory NAME below d, or -1. With make it is there afterwards. */
static int open_below(struct arena *a, enum dir d, const char *name, bool make)
{
	if (make)
		dirs_make(d);
	int up = dirs_open(d);
	if (up < 0)
		return -1;
	int fd = make ? own_dir(a, up, name, d, "") :
			fs_open(up, name, O_RDONLY | O_DIRECTORY, 0);
	close(up);
	return fd;
}

static bool set_current(struct arena *a, int dir, enum dir d, const struct state *s)
{
	if (str_eq(link_target(a, dir, "current"), s->current) ||
	    fs_try_link(dir, "current", s->current))
		return true;
	warn("%s: %m", dirs_path(a, d, "%s/current", s->name));
	return false;
}

/* The directory of a parallel instance is seen at the store name inside, so
 * that name must exist outside. It goes with the last that needs it. */
static void settle_store_name(struct arena *a, enum dir d, const char *name, bool wanted)
{
	char *store = name_snap_of(a, name), *prefix = arena_printf(a, "%s_", store);
	int dir = open_below(a, d, store, wanted);
	size_t n;

	if (dir < 0)
		return;
	close(dir);
	for (char **other = state_names(a, &n); *other; other++)
		if (str_eq(*other, store) || str_starts(*other, prefix))
			return;
	int up = dirs_open(d);
	unlinkat(up, store, AT_REMOVEDIR); /* stays when there is something in it */
	close(up);
}

static bool settle_mounts(struct arena *a, const char *name, const struct state *s)
{
	int dir = open_below(a, DIR_SNAPS, name, s != NULL);
	char why[WHY_MAX];
	bool ok = true;

	if (dir < 0)
		return !s;
	fs_clear_temporary(a, dir);
	for (char **f = fs_list(a, dir, ".", NULL); f && *f; f++)
		if (name_is_revision(*f) && !(s && state_find(s, *f)))
			ok &= place_remove(name, *f);
	for (size_t i = 0; s && !*dirs_root() && i < s->revs.len; i++) {
		const struct state_rev *r = &s->revs.at[i];

		if (place_installed(a, name, r->id, r->tree, why) == PLACED)
			continue;
		warn("%s", why);
		ok = false;
	}
	if (s)
		ok &= set_current(a, dir, DIR_SNAPS, s);
	else
		unlinkat(dir, "current", 0);
	close(dir);
	return ok;
}

/* A prepared directory takes its place; what is there of an earlier time of the
 * same revision is kept as REV.old. */
static bool move_new_data(struct arena *a, int dir, const char *file, const struct state *s)
{
	size_t affixes = strlen(".") + strlen(".new");
	char *rev = strlen(file) > affixes ? arena_dupn(a, file + 1, strlen(file) - affixes) : NULL;

	/* Root's apps can make files here: what is no revision's is not ours. */
	if (!rev || !name_is_revision(rev))
		return true;
	if (!s || !state_find(s, rev))
		return fs_remove_tree(dir, file);
	char *old = arena_printf(a, "%s.old", rev);
	if (!faccessat(dir, rev, F_OK, AT_SYMLINK_NOFOLLOW) &&
	    (!fs_remove_tree(dir, old) || renameat(dir, rev, dir, old)))
		return false;
	return !renameat(dir, file, dir, rev);
}

static bool make_data(struct arena *a, int dir, const struct state *s)
{
	const char *below = arena_printf(a, "%s/", s->name);
	bool ok = true;

	for (size_t i = 0; i <= s->revs.len; i++) {
		const char *name = i < s->revs.len ? s->revs.at[i].id : "common";
		int fd = own_dir(a, dir, name, DIR_DATA, below);

		ok &= fd >= 0;
		if (fd >= 0)
			close(fd);
	}
	return ok & set_current(a, dir, DIR_DATA, s);
}

static bool settle_data(struct arena *a, const char *name, const struct state *s)
{
	int dir = open_below(a, DIR_DATA, name, s != NULL);
	bool ok = true;

	if (dir < 0)
		return !s;
	fs_clear_temporary(a, dir);
	for (char **f = fs_list(a, dir, ".", NULL); f && *f; f++)
		if (**f == '.' && str_ends(*f, ".new"))
			ok &= move_new_data(a, dir, *f, s);
		else if (!s)
			unlinkat(dir, *f, AT_REMOVEDIR); /* data is kept, emptiness is not */
	if (s)
		ok &= make_data(a, dir, s);
	else
		unlinkat(dir, "current", 0);
	close(dir);
	return ok;
}

static void remove_if_empty(enum dir d, const char *name)
{
	int up = dirs_open(d);

	if (up < 0)
		return;
	unlinkat(up, name, AT_REMOVEDIR);
	close(up);
}

/* In a child: it works in the namespace where pins belong, and whatever is wrong with a
 * pin is no reason to leave the rest of the snap. */
static bool discard_namespace(struct arena *a, const char *name)
{
	fflush(stdout);
	pid_t pid = proc_fork();

	if (!pid) {
		hold_discard(a, name);
		_exit(EXIT_DONE);
	}
	if (proc_wait(pid) == EXIT_DONE)
		return true;
	warn("its namespace is left");
	return false;
}

static bool settle_gone(struct arena *a, const char *name)
{
	int tmp = dirs_open(DIR_TMP);
	bool ok = true;

	if (!*dirs_root())
		ok = discard_namespace(a, name);
	if (tmp >= 0) {
		ok &= fs_remove_tree(tmp, arena_printf(a, "snap.%s", name));
		close(tmp);
	}
	ok &= profiles_forget(a, name); /* last: nobody is left under them */
	remove_if_empty(DIR_SNAPS, name);
	remove_if_empty(DIR_DATA, name);
	return ok;
}

bool settle(struct arena *a, const char *name)
{
	DOING("settle", name);
	struct arena_mark mark = arena_mark(a);
	char why[WHY_MAX];
	struct state *s = state_try(a, name, why);

	if (!s && *why) {
		warn("%s: %s", dirs_path(a, DIR_INSTALLED, "%s", name), why);
		return false;
	}
	bool ok = settle_mounts(a, name, s);
	ok &= settle_commands(a, name, s ? state_current(s) : NULL);
	ok &= settle_data(a, name, s);
	if (!s)
		ok &= settle_gone(a, name);
	if (*name_key_of(name)) {
		settle_store_name(a, DIR_SNAPS, name, s != NULL);
		settle_store_name(a, DIR_DATA, name, s != NULL);
	}
	arena_rewind(a, mark);
	return ok;
}

bool settle_interrupted(struct arena *a, const char *name)
{
	bool ok = settle(a, name);

	return profiles_again(a, name) && ok;
}
