/* boot.c - what must be there after a start of the machine, and is not by itself
 *
 * Mounts and /run are gone after a reboot, and whatever was interrupted is half
 * done. Doing it again changes nothing: it can be run at any time, with apps
 * running; what is temporary is cleared once a boot only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "applets/applet.h"
#include "applets/lib/follow.h"
#include "applets/lib/profiles.h"
#include "applets/lib/progress.h"
#include "applets/lib/settle.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"
#include "policy/model/state.h"

#define MARK "booted" /* in DIR_RUN: which boot this was done for */

static char *boot_id(struct arena *a)
{
	char *id = fs_read(a, AT_FDCWD, "/proc/sys/kernel/random/boot_id", 100, NULL);

	return id ? id : arena_dup(a, "unknown\n");
}

/* Has the snap a namespace that is alive? A pin is another filesystem than the file it
 * is on. Then this boot did not begin just now, and apps may be running. */
static bool is_alive(struct arena *a, const char *name)
{
	struct stat pin, dir;
	int ns = dirs_open(DIR_NS);
	bool yes = ns >= 0 && !fstat(ns, &dir) &&
		   !fstatat(ns, arena_printf(a, "%s.mnt", name), &pin, AT_SYMLINK_NOFOLLOW) &&
		   pin.st_dev != dir.st_dev;

	if (ns >= 0)
		close(ns);
	return yes;
}

/* The snap that DIR_TMP/snap.NAME, DIR_NS/NAME.mnt or DIR_NS/NAME.info is about. */
static char *snap_of(struct arena *a, enum dir d, const char *file)
{
	const char *tmp = str_after(file, "snap.");

	if (d == DIR_TMP)
		return arena_dup(a, tmp ? tmp : "");
	return arena_dupn(a, file, strcspn(file, "."));
}

static bool clear_dir(struct arena *a, enum dir d)
{
	int path = dirs_open(d);
	int dir = path < 0 ? -1 : fs_open(path, ".", O_RDONLY | O_DIRECTORY, 0);
	bool ok = true;

	if (dir < 0)
		return errno == ENOENT;
	for (char **f = fs_list(a, dir, ".", NULL); f && *f; f++) {
		if (is_alive(a, snap_of(a, d, *f)) || fs_remove_tree(dir, *f))
			continue;
		warn("%s: %m", dirs_path(a, d, "%s", *f));
		ok = false;
	}
	close(dir);
	close(path);
	return ok;
}

/* The first time after a start: apps' temporary files, and what /run holds of an
 * earlier boot where /run is not cleared by the system. */
static bool clear_once(struct arena *a)
{
	dirs_make(DIR_RUN);
	int path = dirs_open(DIR_RUN), run = fs_open(path, ".", O_RDONLY | O_DIRECTORY, 0);
	char *id = boot_id(a), *done = fs_read(a, run, MARK, 100, NULL);
	bool ok = true;

	fs_clear_temporary(a, run);
	if (!str_eq(id, done)) {
		ok = clear_dir(a, DIR_TMP);
		ok &= clear_dir(a, DIR_NS);
		/* What could not go now could not go later either: apps run from here on. */
		fs_write(run, MARK, id, strlen(id), 0644);
	}
	close(run);
	close(path);
	return ok;
}

static int boot_main(struct cmd *c)
{
	struct arena *a = c->arena;
	size_t n, bad = 0;
	bool ok = clear_once(a);

	for (enum dir d = 0; d < DIR_COUNT; d++)
		if (d != DIR_CONFIG && d != DIR_LIBEXEC)
			dirs_make(d);
	ok &= follow_host(a);
	char **names = state_names(a, &n);
	for (size_t i = 0; i < n; i++) {
		progress_part("mounting snaps", i, n);
		bad += !settle(a, names[i]);
	}
	const struct features *f = profiles_features(a, host_probe(a));
	if (f)
		ok &= profiles_load_all(a, f);
	progress_end();
	if (bad)
		warn("%zu of %zu snaps are not as they should be", bad, n);
	return bad || !ok ? EXIT_WEAKER : EXIT_DONE;
}

APPLET(boot) = {
	.name = "boot",
	.args = "",
	.help =
		"Make installed snaps ready after a start of the machine\n"
		"\n"
		"Finishes or undoes what was interrupted, mounts all revisions, puts links and\n"
		"directories right, and loads AppArmor policy; what was made for another kernel\n"
		"is made again. For an init script; harmless at any other time.\n",
	.examples = "snapbox boot\n",
	.need = NEED_ROOT | NEED_LOCK,
	.main = boot_main,
};
