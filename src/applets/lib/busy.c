/* busy.c - who runs something of a snap */
#include "applets/lib/busy.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"

#define SHOWN_MAX 10 /* pids in the answer */

struct seek {
	struct stat ns;    /* of the pinned mount namespace; st_ino 0 when there is none */
	const char *below; /* "/snap/NAME/" */
	dev_t *devices;    /* of what is mounted there: others have snaps of that name as well */
	size_t count;
	int proc;
};

static void find_devices(struct arena *a, struct seek *s, const char *name)
{
	int up = dirs_open(DIR_SNAPS);
	int dir = up < 0 ? -1 : fs_open(up, name, O_RDONLY | O_DIRECTORY, 0);
	size_t n = 0;
	char **f = dir < 0 ? NULL : fs_list(a, dir, ".", &n);
	struct stat st;

	s->devices = NEW_N(a, dev_t, n + 1);
	for (; f && *f; f++)
		if (!fstatat(dir, *f, &st, AT_SYMLINK_NOFOLLOW) && S_ISDIR(st.st_mode))
			s->devices[s->count++] = st.st_dev;
	if (dir >= 0)
		close(dir);
	if (up >= 0)
		close(up);
}

static bool leads_below(const struct seek *s, const char *pid, const char *what)
{
	char path[300], target[4096];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", pid, what);
	ssize_t n = readlinkat(s->proc, path, target, sizeof target - 1);
	target[n < 0 ? 0 : n] = '\0';
	if (!str_starts(target, s->below) || fstatat(s->proc, path, &st, 0))
		return false;
	for (size_t i = 0; i < s->count; i++)
		if (s->devices[i] == st.st_dev)
			return true;
	return false;
}

static bool uses(const struct seek *s, const char *pid)
{
	char path[300];
	struct stat st;

	snprintf(path, sizeof path, "%s/ns/mnt", pid);
	if (s->ns.st_ino && !fstatat(s->proc, path, &st, 0) && st.st_ino == s->ns.st_ino &&
	    st.st_dev == s->ns.st_dev)
		return true;
	return leads_below(s, pid, "exe") || leads_below(s, pid, "cwd") ||
	       leads_below(s, pid, "root");
}

char *busy_pids(struct arena *a, const char *name)
{
	struct seek s = {.below = dirs_path(a, DIR_SNAPS, "%s/", name)};
	struct buf b = buf_new(a);
	struct stat plain;
	size_t found = 0;
	DIR *proc = *dirs_root() ? NULL : opendir("/proc");
	int dir = dirs_open(DIR_NS);

	if (!proc)
		return NULL;
	s.proc = dirfd(proc);
	find_devices(a, &s, name);
	/* A pin that is no namespace (any more) is an empty file on the tmpfs. */
	if (dir < 0 || fstat(dir, &plain) ||
	    fstatat(dir, arena_printf(a, "%s.mnt", name), &s.ns, AT_SYMLINK_NOFOLLOW) ||
	    s.ns.st_dev == plain.st_dev)
		s.ns.st_ino = 0;
	for (struct dirent *e; (e = readdir(proc));) {
		if (!str_only(e->d_name, "0123456789") || !uses(&s, e->d_name))
			continue;
		if (found++ < SHOWN_MAX)
			buf_printf(&b, "%s%s", b.len ? ", " : "", e->d_name);
	}
	closedir(proc);
	if (dir >= 0)
		close(dir);
	if (found > SHOWN_MAX)
		buf_printf(&b, " and %zu more", found - SHOWN_MAX);
	return b.data;
}
