/* root.c - the new root of a snap, and into it
 *
 * MUST cut propagation to the host before the first mount.
 * MUST take nothing from the base but directories, plain files and links, and
 * MUST NOT follow any of its links while it builds (attacks.md A099).
 * MUST NOT go on when the finished mount table is not the wished one.
 */
#include "ns/root.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/mountfd.h"
#include "core/str.h"
#include "core/vec.h"
#include "ns/mounts.h"
#include "ns/prepare.h"
#include "ns/step.h"
#include "ns/step_snap.h"

#define MS_PRIVATE_ (1u << 18) /* sys/mount.h clashes with linux/mount.h */
#define MS_SLAVE_ (1u << 19)
#define TOP_ENTRIES_MAX 128 /* of a base */
#define SHOWN (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)
#define OWN "dev/snapbox" /* covered by the host's /dev before anybody can look */
#define SELF "tools/snapbox"

struct root_job {
	struct arena *arena;
	const struct plan *plan;
	struct step_list host;      /* step_base */
	struct step_list snap;      /* of the snap's fstab */
	struct places places;       /* that those are mounted on */
	struct snap_mount *made;    /* by index into snap */
	VEC(const char *) base_top; /* what of the base was bound: "/usr" */
	struct step_dirs dirs;
	int self;   /* a detached mount of this program, or -1 */
	int *taken; /* by index into host: mounts copied while they were shared */
};

static void read_steps(struct root_job *job)
{
	DOING("read", "mount steps");
	const char *why, *text = plan_read_steps(job->arena, job->plan, &why);

	if (!text)
		die("%s", why);
	if (!step_read(job->arena, job->plan->instance, job->plan->snap, text, &job->snap, &why))
		die("%s.fstab, %s", job->plan->instance, why);
}

/* This program's own inode, by the kernel's handle on it and no name. There is none
 * when it runs from a mount that this namespace has not: then inside is no copy. */
static int open_self(void)
{
	int exe = open("/proc/self/exe", O_PATH | O_CLOEXEC), tree = -1;

	if (exe >= 0)
		tree = mountfd_clone(exe, "", false);
	if (tree >= 0 && mountfd_attr(tree, SHOWN, 0, MS_PRIVATE_, false))
		die("set mount flags of our own program: %m");
	if (exe >= 0)
		close(exe);
	return tree;
}

struct root_job *root_prepare(struct arena *a, const struct plan *p)
{
	struct root_job *job = NEW(a, struct root_job);

	*job = (struct root_job){.arena = a, .plan = p, .host = step_base(a, p)};
	read_steps(job);
	job->self = open_self();
	job->taken = NEW_N(a, int, job->host.len);
	job->made = NEW_N(a, struct snap_mount, job->snap.len);
	return job;
}

static void open_places(struct root_job *job)
{
	struct stat st;

	job->dirs.host = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (job->dirs.host < 0)
		die("/: %m");
	/* Above a base there are only our own directories, and root's links to them. */
	job->dirs.base = fs_open_in_root(job->dirs.host, job->plan->base_dir,
					 O_RDONLY | O_DIRECTORY);
	if (job->dirs.base < 0 || fstat(job->dirs.base, &st))
		die("base %s: %s: %m", job->plan->base, job->plan->base_dir);
	if (st.st_uid || st.st_mode & 022)
		die("base %s: %s is not only root's", job->plan->base, job->plan->base_dir);
	job->dirs.tmp = prepare_open_tmp(job->plan->instance);
}

/* From here on nothing we mount reaches the host. The few places that shall are
 * copied before, while they still belong together with the host's. */
static void cut_off(struct root_job *job)
{
	for (size_t i = 0; i < job->host.len; i++)
		if (job->host.at[i].flags & STEP_SHARED)
			job->taken[i] = step_take(&job->host.at[i], &job->dirs);
	if (mountfd_attr(job->dirs.host, 0, 0, MS_SLAVE_, true))
		die("cut the mounts off from the host: %m");
}

/* It stands on our state directory while it is built: no step copies from there, so
 * none copies the new root into itself. This is a copy of the host: nothing shows. */
static int make_root(void)
{
	static const char *const options[] = {"mode=0755", "size=4m", "nr_inodes=4096", NULL};
	int root = mountfd_new("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
	int at = dirs_open(DIR_STATE);

	if (root < 0 || at < 0 || mountfd_attach(root, at))
		die("a tmpfs as root: %m");
	close(at);
	return root;
}

static int make_dir(int up, const char *name, mode_t mode)
{
	int fd;

	if (mkdirat(up, name, mode) && errno != EEXIST)
		die("make %s: %m", name);
	fd = fs_open(up, name, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		die("make %s: %m", name);
	return fd;
}

/* The small places that the steps call FROM_OWN. "lib" is what a snap sees as
 * /var/lib/snapd: nothing of ours and nothing of the host's is in it. */
static void make_own(struct root_job *job)
{
	static const struct {
		const char *path;
		mode_t mode;
	} dirs[] = {
		{"empty", 0755}, {"tools", 0755}, {"lib", 0755},
		{"lib/hostfs", 0755}, {"lib/lib", 0755}, {"lib/void", 0111},
	};

	close(make_dir(job->dirs.root, "dev", 0755));
	job->dirs.own = make_dir(job->dirs.root, OWN, 0755);
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		if (mkdirat(job->dirs.own, dirs[i].path, dirs[i].mode))
			die("make %s: %m", dirs[i].path);
	int fd = openat(job->dirs.own, SELF, O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (fd < 0)
		die("make %s: %m", SELF);
	close(fd);
}

/* On the file made above, wherever the base has room for the tools. */
static void place_self(struct root_job *job)
{
	int at = job->self < 0 ? -1 : fs_open(job->dirs.root, "usr/lib/snapd/snapbox", O_PATH, 0);

	if (at >= 0 && mountfd_attach(job->self, at))
		die("place our own program: %m");
	if (at >= 0)
		close(at);
}

/* Will a step hide this top-level name of the base altogether? */
static bool is_hidden(const struct root_job *job, const char *name)
{
	for (size_t i = 0; i < job->host.len; i++) {
		const struct step *s = &job->host.at[i];

		if (!strcmp(s->dst + 1, name))
			return s->from == FROM_TMP ||
			       (s->from == FROM_HOST && !faccessat(job->dirs.host, name, F_OK, 0));
	}
	return false;
}

/* Does a step lie at or below this top-level name? Then it must be a directory,
 * except the links that merge /lib into /usr. */
static bool is_needed(const struct root_job *job, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < job->host.len; i++) {
		const char *dst = job->host.at[i].dst + 1;

		if (!strncmp(dst, name, n) && (!dst[n] || dst[n] == '/') &&
		    !(job->host.at[i].flags & STEP_LINKED))
			return true;
	}
	return false;
}

static void bind_top(struct root_job *job, const char *name, int from, int at)
{
	int tree = mountfd_clone(from, "", false);

	if (tree < 0 || mountfd_attr(tree, SHOWN, 0, MS_PRIVATE_, false) ||
	    mountfd_attach(tree, at))
		die("bind: %m");
	vec_push(job->arena, &job->base_top, arena_printf(job->arena, "/%s", name));
	close(tree);
	close(at);
}

static void copy_link(struct root_job *job, const char *name)
{
	char target[4096];
	ssize_t n = readlinkat(job->dirs.base, name, target, sizeof target);

	if (n <= 0 || n == (ssize_t)sizeof target)
		die("read link: %m");
	target[n] = '\0';
	if (symlinkat(target, job->dirs.root, name))
		die("link: %m");
}

static void copy_top(struct root_job *job, const char *name)
{
	DOING("base entry", name);
	struct stat st;
	int fd = fs_open(job->dirs.base, name, O_PATH | O_NOFOLLOW, 0), at;

	if (fd < 0 || fstat(fd, &st))
		die("%m");
	if (is_needed(job, name) && !S_ISDIR(st.st_mode))
		die("a directory is needed there");
	switch (st.st_mode & S_IFMT) {
	case S_IFDIR:
		at = make_dir(job->dirs.root, name, 0755);
		if (is_hidden(job, name))
			close(at);
		else
			bind_top(job, name, fd, at);
		break;
	case S_IFREG:
		at = openat(job->dirs.root, name, O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0444);
		if (at < 0)
			die("%m");
		bind_top(job, name, fd, at);
		break;
	case S_IFLNK:
		copy_link(job, name);
		break;
	default:
		die("neither directory, file nor link");
	}
	close(fd);
}

static void copy_base(struct root_job *job)
{
	DOING("base", job->plan->base);
	size_t n;
	char **names = fs_list(job->arena, job->dirs.base, ".", &n);

	if (!names)
		die("%m");
	if (n > TOP_ENTRIES_MAX)
		die("more than %d entries at its top", TOP_ENTRIES_MAX);
	for (; *names; names++)
		copy_top(job, *names);
	/* What a base has not at its top, a step may still need there. */
	for (size_t i = 0; i < job->host.len; i++) {
		const char *top = job->host.at[i].dst + 1;

		if (!strchr(top, '/') && mkdirat(job->dirs.root, top, 0755) && errno != EEXIST)
			die("make /%s: %m", top);
	}
}

static void run_steps(struct root_job *job)
{
	for (size_t i = 0; i < job->host.len; i++)
		if (job->host.at[i].flags & STEP_SHARED)
			step_put(&job->host.at[i], job->taken[i], &job->dirs);
		else
			step_run(&job->host.at[i], &job->dirs);
}

/* What the package asked for comes last, into a root that is complete. */
static void run_snap_steps(struct root_job *job)
{
	struct places *p = &job->places;

	*p = (struct places){.arena = job->arena, .root = job->dirs.root,
			     .host = job->dirs.host, .snap = job->plan->snap};
	place_prepare(p, job->snap.at, job->snap.len);
	for (size_t i = 0; i < job->snap.len; i++)
		job->made[i] = step_snap_run(p, &job->snap.at[i]);
	place_finish(p);
	place_self(job);
}

/* pivot_root(".", ".") stacks the old root on the new one, from where it is taken
 * away. Where "/" is the kernel's first root (an initramfs), it cannot be moved:
 * there the new one is mounted over it. That is as final: nothing leads below the
 * topmost mount of a namespace's root, and setns(2) arrives on top as well. */
static void switch_root(struct root_job *job)
{
	if (fchdir(job->dirs.root))
		die("enter the new root: %m");
	if (!syscall(SYS_pivot_root, ".", ".")) {
		if (mountfd_detach(job->dirs.host, ""))
			die("detach the old root: %m");
	} else if (errno != EINVAL || mountfd_attach(job->dirs.root, job->dirs.host) ||
		   chroot(".")) {
		die("change the root: %m");
	}
	if (chdir("/"))
		die("/: %m");
	close(job->dirs.host);
}

static bool is_device_place(const struct root_job *job, const struct mount *m)
{
	for (size_t i = 0; i < job->host.len; i++)
		if (job->host.at[i].flags & STEP_DEV && step_covers(&job->host.at[i], m->point))
			return true;
	return false;
}

static bool may_share(const struct root_job *job, const struct mount *m)
{
	for (size_t i = 0; i < job->host.len; i++)
		if (job->host.at[i].flags & STEP_SHARED &&
		    step_covers(&job->host.at[i], m->point))
			return true;
	return false;
}

static bool is_meant(const struct root_job *job, const struct mount *m)
{
	for (size_t i = 0; i < job->base_top.len; i++)
		if (!strcmp(job->base_top.at[i], m->point))
			return true;
	for (size_t i = 0; i < job->host.len; i++)
		if (step_covers(&job->host.at[i], m->point))
			return true;
	for (size_t i = 0; i < job->snap.len; i++)
		if (job->made[i].id == m->id || step_covers(&job->snap.at[i], m->point))
			return true;
	if (place_holds(&job->places, m->point))
		return true;
	/* A base with merged /usr: the one place that a step reaches through a link. */
	return !strcmp(m->point, "/usr/lib/modules") || !strcmp(m->point, "/usr/lib/firmware");
}

static void check_table(struct root_job *job)
{
	DOING("check", "the mount table");
	struct mount_table t = mounts_read(job->arena);
	size_t roots = 0;

	for (size_t i = 0; i < t.len; i++) {
		const struct mount *m = &t.at[i];
		bool is_root = !strcmp(m->point, "/");

		roots += is_root;
		if (is_root ? strcmp(m->type, "tmpfs") : !is_meant(job, m))
			die("unexpected mount on %s", m->point);
		if (!mounts_has_option(m, "nosuid"))
			die("%s lacks nosuid", m->point);
		if (!mounts_has_option(m, "nodev") && !is_device_place(job, m))
			die("%s lacks nodev", m->point);
		if (m->shared && !may_share(job, m))
			die("%s shares its mounts", m->point);
	}
	if (roots != 1)
		die("%zu roots", roots);
	step_snap_check(job->made, job->snap.len, &t);
}

void root_build(struct root_job *job)
{
	DOING("build the namespace of", job->plan->instance);

	open_places(job);
	cut_off(job);
	job->dirs.root = make_root();
	make_own(job);
	copy_base(job);
	run_steps(job);
	run_snap_steps(job);
	switch_root(job);
	check_table(job);
}
