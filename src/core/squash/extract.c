/* extract.c - an image unpacked to a tree
 *
 * MUST make every file new, below a directory held open, by one name without
 * "/", and set what belongs to it by descriptor (attacks.md A203, A205).
 * MUST NOT believe the child: a message that cannot be true dies.
 */
#include "core/squash/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/proc.h"
#include "core/squash/image.h"
#include "core/squash/stream.h"

#define BUFFER ((size_t)256 << 10)
#define DEPTH_MAX 128
#define SHOW_EVERY ((uint64_t)4 << 20)

struct level {
	int fd;
	struct stream_entry entry;
};

struct maker {
	struct arena *arena;
	const struct extract *e;
	int in;
	uint8_t *buffer;
	size_t at, have;

	struct level level[DEPTH_MAX + 1];
	uint32_t depth; /* directories open now */
	char path[4096];
	size_t path_len[DEPTH_MAX + 1];

	struct stream_begin begin;
	const char **first; /* by inode number: the first name of what has several */
	uint64_t done, shown;
	char *refused;
};

static _Noreturn void nonsense(const char *what)
{
	die("the reader of the image says what cannot be: %s", what);
}

/* Some bytes that are there, at most want; fewer only at the end. */
static size_t peek(struct maker *m, size_t want, const uint8_t **p)
{
	if (m->at == m->have) {
		ssize_t n;

		do
			n = read(m->in, m->buffer, BUFFER);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			die("read: %m");
		m->at = 0;
		m->have = (size_t)n;
	}
	*p = m->buffer + m->at;
	if (want > m->have - m->at)
		want = m->have - m->at;
	m->at += want;
	return want;
}

/* False at the end of the stream. */
static bool take(struct maker *m, void *out, size_t n)
{
	for (uint8_t *to = out; n;) {
		const uint8_t *p;
		size_t got = peek(m, n, &p);

		if (!got)
			return false;
		memcpy(to, p, got);
		to += got;
		n -= got;
	}
	return true;
}

/* The next message, which must be of this kind; false when the child has ended
 * early or refuses the image. */
static bool expect(struct maker *m, struct stream_head *h)
{
	if (!take(m, h, sizeof *h))
		return false;
	if (h->kind < STREAM_BEGIN || h->kind > STREAM_REFUSED || h->len > STREAM_MAX)
		nonsense("a message");
	if (h->kind != STREAM_REFUSED)
		return true;
	char *text = arena_alloc(m->arena, h->len + 1, 1);
	if (take(m, text, h->len))
		m->refused = text;
	return false;
}

static void show(struct maker *m, uint64_t done)
{
	m->done += done;
	if (!m->e->progress || (m->done - m->shown < SHOW_EVERY && m->done != m->begin.bytes))
		return;
	m->shown = m->done;
	m->e->progress(m->e->arg, m->done, m->begin.bytes);
}

static void no_room(const struct maker *m)
{
	struct statvfs sf;
	uint64_t free = fstatvfs(m->e->dir, &sf) ? 0 : (uint64_t)sf.f_bavail * sf.f_frsize;

	die("no room: %" PRIu64 " bytes are needed, %" PRIu64 " are free", m->begin.bytes, free);
}

static void write_data(struct maker *m, int fd, uint64_t at, size_t n)
{
	while (n) {
		const uint8_t *p;
		size_t got = peek(m, n, &p);

		if (!got)
			die("the reader of the image ended within a file");
		n -= got;
		while (got) {
			ssize_t put = pwrite(fd, p, got, (off_t)at);

			if (put < 0 && errno == EINTR)
				continue;
			if (put < 0 && (errno == ENOSPC || errno == EDQUOT))
				no_room(m);
			if (put < 0)
				die("%s: %m", m->path);
			p += put;
			got -= (size_t)put;
			at += (uint64_t)put;
		}
	}
}

/* Owner before mode: a change of owner takes set-id bits away. */
static void finish(struct maker *m, int fd, const struct stream_entry *e)
{
	struct timespec t = {.tv_sec = e->mtime}, times[2] = {t, t};

	if (fchown(fd, e->uid, e->gid) || fchmod(fd, e->mode) || futimens(fd, times))
		die("%s: %m", m->path);
}

static bool make_file(struct maker *m, int dir, const char *name, const struct stream_entry *e)
{
	struct stream_head h;
	uint64_t at = 0;
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 && (errno == ENOSPC || errno == EDQUOT))
		no_room(m);
	if (fd < 0)
		die("%s: %m", m->path);
	while (at < e->size) {
		uint64_t len;

		if (!expect(m, &h)) {
			close(fd);
			return false;
		}
		if (h.kind != STREAM_DATA && (h.kind != STREAM_HOLE || h.len != sizeof len))
			nonsense("something else within a file");
		len = h.len;
		if (h.kind == STREAM_HOLE && !take(m, &len, sizeof len))
			die("the reader of the image ended within a file");
		if (!len || len > e->size - at)
			nonsense("more than a file has");
		if (h.kind == STREAM_DATA) {
			write_data(m, fd, at, h.len);
			show(m, h.len);
		}
		at += len;
	}
	if (e->size && ftruncate(fd, (off_t)e->size))
		die("%s: %m", m->path);
	finish(m, fd, e);
	if (close(fd))
		die("%s: %m", m->path);
	return true;
}

static void make_link(struct maker *m, int dir, const char *name, const char *target,
		      const struct stream_entry *e)
{
	struct timespec t = {.tv_sec = e->mtime}, times[2] = {t, t};

	if (symlinkat(target, dir, name) ||
	    fchownat(dir, name, e->uid, e->gid, AT_SYMLINK_NOFOLLOW) ||
	    utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW))
		die("%s: %m", m->path);
}

static void make_dir(struct maker *m, int dir, const char *name, const struct stream_entry *e)
{
	struct level *l = &m->level[m->depth];

	if (mkdirat(dir, name, 0700))
		die("%s: %m", m->path);
	l->fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (l->fd < 0)
		die("%s: %m", m->path);
	l->entry = *e;
	m->path_len[m->depth++] = strlen(m->path);
}

/* Another name of what was made before: both names are below dir, which nobody
 * else can reach. */
static void make_again(struct maker *m, int dir, const char *name, const struct stream_entry *e)
{
	if (!m->first || !m->first[e->number])
		nonsense("a further name of what is not there");
	if (linkat(m->e->dir, m->first[e->number], dir, name, 0))
		die("%s: %m", m->path);
}

/* Directories get their rights and times when nothing is made in them any more. */
static void leave(struct maker *m, uint32_t depth)
{
	while (m->depth > depth) {
		struct level *l = &m->level[--m->depth];

		m->path[m->path_len[m->depth]] = '\0';
		finish(m, l->fd, &l->entry);
		if (m->depth)
			close(l->fd);
	}
}

static void remember(struct maker *m, const struct stream_entry *e)
{
	if (e->links < 2 || e->again || e->type == SQUASH_DIR)
		return;
	if (!m->first)
		m->first = NEW_N(m->arena, const char *, (size_t)m->begin.inodes + 1);
	m->first[e->number] = arena_dup(m->arena, m->path);
}

static void check_entry(const struct maker *m, const struct stream_head *h,
			const struct stream_entry *e)
{
	if (h->len != sizeof *e + (size_t)e->name_len + e->target_len ||
	    e->name_len > 255 || e->target_len > 4095)
		nonsense("the length of a name");
	if (!e->number || e->number > m->begin.inodes || e->mode & ~07777u)
		nonsense("a number or a mode");
	if (e->type != SQUASH_DIR && e->type != SQUASH_FILE && e->type != SQUASH_LINK)
		nonsense("a type");
	if (!e->target_len != (e->type != SQUASH_LINK) || (e->again && e->type == SQUASH_DIR))
		nonsense("a type and what belongs to it");
	if (!m->depth ? e->depth || e->name_len || e->type != SQUASH_DIR :
			!e->depth || e->depth > m->depth || !e->name_len || m->depth > DEPTH_MAX)
		nonsense("a depth");
}

static bool is_name(const char *s, size_t len)
{
	return strlen(s) == len && !strchr(s, '/') && strcmp(s, ".") && strcmp(s, "..");
}

static bool make_entry(struct maker *m, const struct stream_head *h)
{
	struct stream_entry e;
	char name[256] = "", target[4096] = "";

	if (h->len < sizeof e || !take(m, &e, sizeof e))
		nonsense("a short entry");
	check_entry(m, h, &e);
	if (!take(m, name, e.name_len) || !take(m, target, e.target_len))
		die("the reader of the image ended within a name");
	if (!is_name(name, e.name_len) || strlen(target) != e.target_len)
		nonsense("a name");
	if (!e.depth) {
		m->level[0] = (struct level){m->e->dir, e};
		m->depth = 1;
		return true;
	}
	leave(m, e.depth);
	size_t at = m->path_len[m->depth - 1];
	if ((size_t)snprintf(m->path + at, sizeof m->path - at, "%s%s", at ? "/" : "", name) >=
	    sizeof m->path - at)
		nonsense("a path");
	int dir = m->level[m->depth - 1].fd;
	remember(m, &e);
	if (e.again)
		make_again(m, dir, name, &e);
	else if (e.type == SQUASH_DIR)
		make_dir(m, dir, name, &e);
	else if (e.type == SQUASH_LINK)
		make_link(m, dir, name, target, &e);
	else
		return make_file(m, dir, name, &e);
	return true;
}

static bool make_all(struct maker *m)
{
	struct stream_head h;
	struct statvfs sf;

	if (!expect(m, &h))
		return false;
	if (h.kind != STREAM_BEGIN || h.len != sizeof m->begin ||
	    !take(m, &m->begin, sizeof m->begin) || m->begin.inodes > squash_limits.inodes)
		nonsense("a beginning");
	if (!fstatvfs(m->e->dir, &sf) && m->begin.bytes > (uint64_t)sf.f_bavail * sf.f_frsize)
		no_room(m);
	while (expect(m, &h)) {
		if (h.kind == STREAM_END) {
			leave(m, 0);
			return true;
		}
		if (h.kind != STREAM_ENTRY)
			nonsense("data without a file");
		if (!make_entry(m, &h))
			return false;
	}
	return false;
}

static void check_private(int dir)
{
	struct stat up, st;

	if (fstatat(dir, "..", &up, 0) || fstat(dir, &st))
		die("%m");
	if (up.st_uid != geteuid() || up.st_mode & 077)
		die("others can reach the directory to unpack to");
}

bool extract(struct arena *a, const struct extract *e, const char **why)
{
	int image = e->image;
	struct proc_jail jail = {.memory = SQUASH_MEMORY, .max = UINT32_MAX,
				 .cpu_seconds = SQUASH_SECONDS,
				 .fn = stream_send, .arg = &image, .keep = {image, -1}};
	struct maker *m = NEW(a, struct maker);
	pid_t pid;

	check_private(e->dir);
	m->arena = a;
	m->e = e;
	m->buffer = arena_alloc(a, BUFFER, 1);
	m->in = proc_jail_start(&jail, &pid);
	fcntl(m->in, F_SETPIPE_SZ, STREAM_MAX); /* fewer turns, where it may be so large */
	bool ok = make_all(m);
	close(m->in);
	const char *failed = proc_jail_end(a, &jail, pid);
	while (m->depth > 1)
		close(m->level[--m->depth].fd);
	if (!ok)
		*why = m->refused ? m->refused : failed ? failed : "the reader ended early";
	return ok && !failed;
}
