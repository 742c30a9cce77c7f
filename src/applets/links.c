/* links.c - put this program where it is found, by all the names it has
 *
 * The privileged copy MUST be an inode of its own: what the links lead to never
 * has more rights than its caller. It gets owner, capabilities and mode before it
 * gets its name. It is not readable by others: nobody needs to, and the kernel
 * then allows no traces and no cores of it (attacks.md R07).
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "applets/applet.h"
#include "applets/lib/profiles.h"
#include "core/caps.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"

#define BIN_DIR "/usr/local/bin"
#define COPY "snap-confine"
#define CHUNK 65536

/* A file that has no name yet but this temporary one; dying removes it. */
struct fresh {
	int dir, fd;
	char name[64];
};

static void remove_fresh(void *arg)
{
	struct fresh *f = arg;

	unlinkat(f->dir, f->name, 0);
}

static size_t fresh_copy(struct fresh *f, int dir)
{
	char chunk[CHUNK];
	ssize_t n;
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (self < 0)
		die("read our own program: %m");
	f->dir = dir;
	snprintf(f->name, sizeof f->name, ".snapbox.%d", getpid());
	unlinkat(dir, f->name, 0);
	f->fd = fs_open(dir, f->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (f->fd < 0)
		die("%s: %m", f->name);
	size_t mark = undo_push(remove_fresh, f);
	while ((n = read(self, chunk, sizeof chunk)) > 0)
		fs_write_all(f->fd, chunk, (size_t)n);
	if (n < 0)
		die("read our own program: %m");
	close(self);
	return mark;
}

static void fresh_name(struct fresh *f, const char *name, size_t mark)
{
	if (fsync(f->fd) || renameat(f->dir, f->name, f->dir, name))
		die("%s: %m", name);
	close(f->fd);
	undo_forget(mark);
	fs_sync_dir(f->dir);
}

/* File capabilities, version 2, permitted only: the copy raises what it needs. */
static bool give_capabilities(int fd)
{
	uint64_t mask = caps_mask(CAPS_LAUNCH);
	struct vfs_cap_data data = {
		.magic_etc = VFS_CAP_REVISION_2,
		.data = {{.permitted = (uint32_t)mask}, {.permitted = (uint32_t)(mask >> 32)}},
	};

	if (!fsetxattr(fd, "security.capability", &data, XATTR_CAPS_SZ_2, 0))
		return true;
	if (errno != EOPNOTSUPP && errno != ENOSYS)
		die("file capabilities: %m");
	return false;
}

static gid_t group_of(const char *name)
{
	uint64_t n;
	struct group *g = getgrnam(name);

	if (g)
		return g->gr_gid;
	if (!str_to_u64(name, UINT32_MAX - 1, &n))
		die("there is no group %s", name);
	return (gid_t)n;
}

static void install_copy(struct arena *a, const char *group)
{
	DOING("install", dirs_path(a, DIR_LIBEXEC, COPY));
	struct fresh f;
	mode_t mode = group ? 0710 : 0711;

	dirs_make(DIR_LIBEXEC);
	int dir = open(dirs_path(a, DIR_LIBEXEC, "%s", ""), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		die("%m");
	size_t mark = fresh_copy(&f, dir);
	if (fchown(f.fd, 0, group ? group_of(group) : 0))
		die("%m");
	/* Last, and in this order: writing and chown take capabilities away again. */
	if (!give_capabilities(f.fd))
		mode |= 04000;
	if (fchmod(f.fd, mode))
		die("%m");
	fresh_name(&f, COPY, mark);
	close(dir);
}

/* Where AppArmor is on, the copy serves nobody unless it is confined itself. */
static bool load_profile(struct arena *a)
{
	const struct features *f = *dirs_root() ? NULL : profiles_features(a, host_probe(a));

	return !f || profiles_load_own(a, f);
}

static bool is_same_file(int dir, const char *name)
{
	struct stat a, b;

	return !fstatat(dir, name, &a, 0) && !stat("/proc/self/exe", &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static void install_self(int dir)
{
	struct fresh f;

	if (is_same_file(dir, "snapbox"))
		return;
	size_t mark = fresh_copy(&f, dir);
	if (fchown(f.fd, geteuid(), getegid()) || fchmod(f.fd, 0755))
		die("%m");
	fresh_name(&f, "snapbox", mark);
}

/* What is there already is replaced only when it is a name of ours. */
static bool is_ours(int dir, const char *name)
{
	char target[4096];
	struct stat link, self;
	ssize_t n = readlinkat(dir, name, target, sizeof target - 1);

	if (n > 0) {
		target[n] = '\0';
		const char *slash = strrchr(target, '/');
		return !strcmp(slash ? slash + 1 : target, "snapbox");
	}
	if (fstatat(dir, name, &link, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT;
	return !fstatat(dir, "snapbox", &self, 0) && link.st_dev == self.st_dev &&
	       link.st_ino == self.st_ino;
}

static bool make_link(int dir, const char *name, bool symbolic)
{
	if (!is_ours(dir, name)) {
		warn("%s: something else is there, left alone", name);
		return false;
	}
	if (symbolic) {
		fs_link(dir, name, "snapbox");
		return true;
	}
	unlinkat(dir, name, 0);
	if (linkat(dir, "snapbox", dir, name, 0))
		die("link %s: %m (try -s)", name);
	return true;
}

/* The names of other tools that we answer to. Our own commands get no link: a
 * command called "install" or "list" belongs to the system. */
static bool is_tool(const char *name)
{
	return str_starts(name, "snap") || str_starts(name, "apparmor_") ||
	       str_starts(name, "scmp_");
}

static int links_main(struct cmd *c)
{
	const char *dir_name = c->argc ? c->argv[0] : BIN_DIR;
	bool symbolic = cmd_option(c, "symbolic"), all = true;

	if (dir_name[0] != '/')
		die_with(EXIT_USAGE, "%s: an absolute path is needed", dir_name);
	install_copy(c->arena, cmd_option(c, "group"));
	all &= load_profile(c->arena);

	DOING("install into", dir_name);
	int dir = open(arena_printf(c->arena, "%s%s", dirs_root(), dir_name),
		       O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		die("%m");
	install_self(dir);
	all &= make_link(dir, "snap", symbolic);
	for (const struct applet *const *app = c->all; *app; app++)
		for (const char *const *name = (*app)->also; name && *name; name++)
			if (is_tool(*name) && strcmp(*name, "snap"))
				all &= make_link(dir, *name, symbolic);
	close(dir);
	return all ? EXIT_DONE : EXIT_WEAKER;
}

APPLET(links) = {
	.name = "links",
	.args = "[DIR]",
	.help =
		"Install snapbox, the links to it, and its privileged copy\n"
		"\n"
		"Puts snapbox into DIR (" BIN_DIR ") and beside it a link for each tool it stands\n"
		"in for (snap, snap-confine, ...), leaving alone what is not its own. For\n"
		"ordinary users a copy with file capabilities (setuid root where the filesystem\n"
		"has none) is made at /usr/lib/snapbox/" COPY ".\n",
	.examples =
		"snapbox --install -s\n"
		"snapbox --install --group=snapusers /usr/bin\n",
	.min = 0, .max = 1,
	.need = NEED_ROOT | TAKES_ROOT,
	.options = (const struct option_spec[]){
		{"symbolic", NULL, "make symbolic links, not hard ones", 's'},
		{"group", "NAME", "only members of this group may start apps", 0},
		ROOT_OPTION,
		{0},
	},
	.main = links_main,
	.also = (const char *const[]){"--install", NULL},
};
