/* outdir.c - a directory of results that is there as a whole or not at all
 *
 * MUST remove nothing but what an earlier run of the same command left.
 */
#include "applets/lib/outdir.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fs.h"

struct outdir {
	struct arena *arena;
	const char *name, *temporary; /* in up */
	int up, at;                   /* directories: the one of both, the temporary */
	bool exists;
	size_t undo;
};

static void undo(void *arg)
{
	struct outdir *o = arg;

	fs_remove_tree(o->up, o->temporary);
}

static void check_old(struct outdir *o, bool (*ours)(struct arena *a, const char *name))
{
	struct stat st;

	if (fstatat(o->up, o->name, &st, AT_SYMLINK_NOFOLLOW)) {
		if (errno != ENOENT)
			die("%m");
		return;
	}
	o->exists = true;
	char **names = S_ISDIR(st.st_mode) ? fs_list(o->arena, o->up, o->name, NULL) : NULL;
	if (!S_ISDIR(st.st_mode))
		die("not a directory");
	if (!names)
		die("%m");
	for (; *names; names++)
		if (!ours(o->arena, *names))
			die("%s is there, which this command did not make", *names);
}

/* The directory that path is in, and its last part without slashes behind it. */
static void open_up(struct outdir *o, const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	char *clean = arena_dupn(o->arena, path, n), *slash = strrchr(clean, '/');
	const char *up = !slash ? "." : slash == clean ? "/" : clean;

	o->name = slash ? slash + 1 : clean;
	if (slash && slash != clean)
		*slash = '\0';
	if (!*o->name || !strcmp(o->name, ".") || !strcmp(o->name, ".."))
		die("not a name for a directory");
	o->up = open(up, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (o->up < 0)
		die("%s: %m", up);
}

struct outdir *outdir_begin(struct arena *a, const char *path,
			    bool (*ours)(struct arena *a, const char *name))
{
	DOING("write", path);
	struct outdir *o = NEW(a, struct outdir);

	o->arena = a;
	open_up(o, path);
	check_old(o, ours);
	o->temporary = arena_printf(a, ".%s.%d.new", o->name, (int)getpid());
	if (mkdirat(o->up, o->temporary, 0755))
		die("%s: %m", o->temporary);
	o->undo = undo_push(undo, o);
	o->at = fs_open(o->up, o->temporary, O_RDONLY | O_DIRECTORY, 0);
	if (o->at < 0)
		die("%s: %m", o->temporary);
	return o;
}

void outdir_write(struct outdir *o, const char *name, const void *bytes, size_t len)
{
	DOING("write", name);
	int fd = openat(o->at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0)
		die("%m");
	fs_write_all(fd, bytes, len);
	if (fchmod(fd, 0644))
		die("%m");
	close(fd);
}

static int exchange(const struct outdir *o)
{
	return (int)syscall(SYS_renameat2, o->up, o->temporary, o->up, o->name, RENAME_EXCHANGE);
}

/* Where the file system cannot exchange two names there is a moment without either. */
static int replace(const struct outdir *o)
{
	const char *old = arena_printf(o->arena, "%s.old", o->temporary);

	if (renameat(o->up, o->name, o->up, old))
		return -1;
	if (!renameat(o->up, o->temporary, o->up, o->name))
		return renameat(o->up, old, o->up, o->temporary);
	renameat(o->up, old, o->up, o->name);
	return -1;
}

void outdir_commit(struct outdir *o)
{
	DOING("write", o->name);
	int failed = !o->exists ? renameat(o->up, o->temporary, o->up, o->name) : exchange(o);

	if (failed && o->exists && errno == EINVAL)
		failed = replace(o);
	if (failed)
		die("%m");
	undo_forget(o->undo);
	fs_sync_dir(o->up);
	if (o->exists && !fs_remove_tree(o->up, o->temporary))
		warn("%s: what was there before could not be removed: %m", o->temporary);
	close(o->at);
	close(o->up);
}
