/* hold.c - namespaces that outlive their makers
 *
 * MUST verify what is pinned before joining: type, owner, recorded number.
 * MUST NOT join a namespace that is half built: info is written last, and both
 * only under the lock.
 */
#include "ns/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/lock.h"
#include "core/mountfd.h"
#include "core/str.h"
#include "ns/nsfd.h"
#include "ns/pin.h"
#include "ns/prepare.h"
#include "ns/root.h"

#define INFO_BYTES_MAX 65536
/* Goes up whenever step_base or root.c build something else: an upgrade of
 * snapbox then rebuilds the namespaces that an older one left. */
#define GENERATION 2

struct hold {
	struct arena *arena;
	const struct plan *plan;
	char pin[300], info[300], lock[300]; /* names in DIR_NS and DIR_LOCK */
	bool initial; /* only namespaces of the first user namespace will do */
};

static struct hold hold_of(struct arena *a, const char *instance, const struct plan *p)
{
	struct hold h = {.arena = a, .plan = p};

	snprintf(h.pin, sizeof h.pin, "%s.mnt", instance);
	snprintf(h.info, sizeof h.info, "%s.info", instance);
	snprintf(h.lock, sizeof h.lock, "snap.%s", instance);
	return h;
}

/* What a namespace is built from, as one line: device and number of the base's
 * directory, of the file of steps its time, and what of the host is hidden. Other lines
 * never begin alike. */
static const char *origin(const struct hold *h)
{
	struct stat base, steps = {0};
	const struct plan *p = h->plan;

	if (stat(p->base_dir, &base))
		die("base %s: %s: %m", p->base, p->base_dir);
	if (p->steps && stat(dirs_path(h->arena, DIR_PLANS, "%s.fstab", p->instance), &steps))
		die("%s.fstab: %m", p->instance);
	struct buf out = buf_new(h->arena);
	buf_printf(&out, "%s %llx:%llx %llx.%09lx %d", p->base_dir,
		   (unsigned long long)base.st_dev, (unsigned long long)base.st_ino,
		   (unsigned long long)steps.st_mtim.tv_sec,
		   (unsigned long)steps.st_mtim.tv_nsec, GENERATION);
	for (size_t i = 0; i < p->hide.len; i++)
		buf_printf(&out, " -%s", p->hide.at[i]);
	for (size_t i = 0; i < p->show.len; i++)
		buf_printf(&out, " +%s", p->show.at[i]);
	return buf_text(&out);
}

/* Who a namespace is: its own number, and that of the user namespace it belongs to. */
struct who {
	ino_t number, owner;
};

static const char *info_head(const struct hold *h, struct who w)
{
	return arena_printf(h->arena, "snapbox-ns 1\nnumber %llu\nowner %llu\nbase ",
			    (unsigned long long)w.number, (unsigned long long)w.owner);
}

static const char *info_text(const struct hold *h, struct who w, const char *from)
{
	return arena_printf(h->arena, "%s%s\nfrom %s\nend\n", info_head(h, w), h->plan->base, from);
}

enum state {
	HOLD_NONE,   /* nothing, or what a crash left */
	HOLD_FITS,
	HOLD_STALE,  /* should be rebuilt */
	HOLD_WRONG,  /* must be rebuilt */
};

/* Read back exactly what info_text() writes; what it differs in says how stale. */
static enum state judge(const struct hold *h, const char *info, struct who w)
{
	const char *base = str_after(info, info_head(h, w));

	if (!base || !str_ends(info, "\nend\n"))
		return HOLD_NONE;
	const char *from = str_after(base, arena_printf(h->arena, "%s\nfrom ", h->plan->base));
	if (!from)
		return HOLD_WRONG;
	return !strcmp(info, info_text(h, w, origin(h))) ? HOLD_FITS : HOLD_STALE;
}

/* What is pinned: its descriptor in *ns, unless HOLD_NONE. */
static enum state look(const struct hold *h, int dir, int *ns)
{
	enum state state = HOLD_NONE;

	*ns = fs_open(dir, h->pin, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (*ns < 0)
		return HOLD_NONE;
	/* The owner is the one recorded by the maker, which was in it. That this process is
	 * there too, setns(2) checks: looking it up in /proc would cost more than all else. */
	struct who w = {.owner = nsfd_is_mount_namespace(*ns) ? nsfd_owner(*ns) : 0};
	if (w.owner && (!h->initial || w.owner == NSFD_INITIAL_USER)) {
		const char *info = fs_read(h->arena, dir, h->info, INFO_BYTES_MAX, NULL);

		w.number = nsfd_number(*ns);
		if (info)
			state = judge(h, info, w);
	}
	if (state == HOLD_NONE) {
		close(*ns);
		*ns = -1;
	}
	return state;
}

static void join(int ns)
{
	if (setns(ns, CLONE_NEWNS))
		die("join the namespace: %m");
}

/* Is there a process in it? Only asked before a stale one is given up. */
static bool occupied(struct arena *a, int ns)
{
	char want[64], have[64], link[64];
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char **pids = proc < 0 ? NULL : fs_list(a, proc, ".", NULL);
	bool found = !pids; /* not to be seen: take it as occupied */

	snprintf(want, sizeof want, "mnt:[%llu]", (unsigned long long)nsfd_number(ns));
	for (; pids && *pids && !found; pids++) {
		ssize_t n;

		if (!str_only(*pids, "0123456789") || strlen(*pids) > 20)
			continue;
		snprintf(link, sizeof link, "%s/ns/mnt", *pids);
		n = readlinkat(proc, link, have, sizeof have - 1);
		if (n <= 0)
			continue; /* it has ended meanwhile */
		have[n] = '\0';
		found = !strcmp(have, want);
	}
	if (proc >= 0)
		close(proc);
	return found;
}

static bool discard(const struct hold *h, int dir)
{
	bool there = !unlinkat(dir, h->info, 0);

	/* More than one mount on a name is nothing we do, but a crash may have. */
	while (!mountfd_detach(dir, h->pin))
		there = true;
	if (errno != EINVAL && errno != ENOENT)
		die("unpin %s: %m", h->pin);
	if (unlinkat(dir, h->pin, 0) && errno != ENOENT)
		die("remove %s: %m", h->pin);
	return there;
}

static void write_info(const struct hold *h, int dir, const char *text)
{
	int fd = fs_open(dir, h->info, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);

	if (fd < 0)
		die("write %s: %m", h->info);
	fs_write_all(fd, text, strlen(text));
	close(fd);
}

struct failure {
	const struct hold *hold;
	int dir, host;
};

/* A build that died: leave nothing pinned. */
static void unpin(void *arg)
{
	struct failure *f = arg;

	if (!setns(f->host, CLONE_NEWNS))
		mountfd_detach(f->dir, f->hold->pin);
	unlinkat(f->dir, f->hold->pin, 0);
}

static void build(const struct hold *h, int dir, int host)
{
	struct failure f = {h, dir, host};
	const char *from = origin(h);

	prepare_tmp(h->plan->instance);
	struct root_job *job = root_prepare(h->arena, h->plan);
	size_t mark = undo_push(unpin, &f);
	int ns = pin_new(dir, h->pin, host);
	struct who w = {nsfd_number(ns), nsfd_owner(ns)};

	if (!w.owner || w.owner != nsfd_user())
		die("the new mount namespace is not ours");
	join(ns);
	root_build(job);
	write_info(h, dir, info_text(h, w, from));
	undo_forget(mark);
	close(ns);
}

/* The device and number of the directories that make a system this one. */
struct place {
	struct stat state, run;
};

static bool see(struct place *p)
{
	return !stat("/var/lib/snapbox", &p->state) && !stat("/run", &p->run);
}

static bool same_place(const struct place *a, const struct place *b)
{
	return a->state.st_dev == b->state.st_dev && a->state.st_ino == b->state.st_ino &&
	       a->run.st_dev == b->run.st_dev && a->run.st_ino == b->run.st_ino;
}

/* Be in the namespace where pins belong: that of the first process, when it shows
 * the same state as ours does (a service with a private /tmp, say, is in another);
 * else the caller's own. Returns its descriptor. */
static int go_home(void)
{
	int own = nsfd_self(), first = nsfd_first();
	struct place here, there;

	if (own < 0)
		die("/proc/self/ns/mnt: %m");
	if (first >= 0 && nsfd_number(own) != nsfd_number(first) &&
	    nsfd_owner(first) == nsfd_user() && see(&here)) {
		join(first);
		if (see(&there) && same_place(&here, &there)) {
			close(own);
			return first;
		}
		join(own);
	}
	if (first >= 0)
		close(first);
	return own;
}

static int open_prepared(struct arena *a)
{
	int dir = prepare_open();

	if (dir >= 0)
		return dir;
	prepare_host(a);
	dir = prepare_open();
	if (dir < 0)
		die("directory of namespaces: %m");
	return dir;
}

/* Nothing to join at first sight: look again with the lock for writing, and build. */
static void enter_slowly(struct hold *h)
{
	if (h->initial && nsfd_user() != NSFD_INITIAL_USER)
		die("not from inside a user namespace");
	int ns, host = go_home(), dir = open_prepared(h->arena);
	int lock = lock_take(h->lock, false);
	size_t mark = undo_push(lock_undo, &lock);
	enum state state = look(h, dir, &ns);

	if (state == HOLD_FITS || (state == HOLD_STALE && occupied(h->arena, ns))) {
		join(ns);
	} else {
		discard(h, dir);
		build(h, dir, host);
	}
	if (ns >= 0)
		close(ns);
	close(host);
	close(dir);
	undo_forget(mark);
	lock_drop(lock);
}

void hold_enter(struct arena *a, const struct plan *p, bool initial)
{
	DOING("start", p->label);
	struct hold h = hold_of(a, p->instance, p);

	h.initial = initial;
	int dir = prepare_open(), ns = -1;

	if (dir >= 0) {
		int lock = lock_take(h.lock, true);
		size_t mark = undo_push(lock_undo, &lock);
		bool fits = look(&h, dir, &ns) == HOLD_FITS;

		if (fits)
			join(ns);
		if (ns >= 0)
			close(ns);
		undo_forget(mark);
		lock_drop(lock);
		close(dir);
		if (fits)
			return;
	}
	enter_slowly(&h);
}

bool hold_is_used(struct arena *a, const char *instance)
{
	struct hold h = hold_of(a, instance, NULL);
	int dir = prepare_open();
	int ns = dir < 0 ? -1 : fs_open(dir, h.pin, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	bool used = ns >= 0 && nsfd_is_mount_namespace(ns) && occupied(a, ns);

	if (ns >= 0)
		close(ns);
	if (dir >= 0)
		close(dir);
	return used;
}

bool hold_discard(struct arena *a, const char *instance)
{
	DOING("discard the namespace of", instance);
	struct hold h = hold_of(a, instance, NULL);
	int host = go_home(), dir = prepare_open();

	close(host);
	if (dir < 0)
		return false;
	int lock = lock_take(h.lock, false);
	bool there = discard(&h, dir);

	lock_drop(lock);
	close(dir);
	return there;
}
