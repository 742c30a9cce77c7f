/* txn.c - staged changes and the one moment they happen
 *
 * DIR_STAGING holds, while a change is under way:
 *
 *	names      the snaps it is about, one a line; the first file and the last
 *	N          staged files and directories, by number
 *	journal    there once the change is decided
 *
 * The journal MUST be complete and durable before it gets its name, and nothing
 * outside DIR_STAGING MUST be touched before that, but by what settle() undoes.
 */
#include "core/txn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/fs.h"
#include "core/journal.h"
#include "core/str.h"
#include "core/vec.h"

#define JOURNAL_MAX (16u << 20)

struct txn {
	struct arena *arena;
	settle_fn *settle;
	int staging;
	dev_t device;
	size_t staged, undo_mark;
	sigset_t signals; /* blocked before */
	bool has_tree;
	struct journal ops;
	VEC(char *) names;
};

static char *numbered(struct arena *a, size_t number)
{
	return arena_printf(a, "%zu", number);
}

static int open_staging(void)
{
	int path = dirs_open(DIR_STAGING);

	if (path < 0)
		return -1;
	int fd = fs_open(path, ".", O_RDONLY | O_DIRECTORY, 0);
	close(path);
	return fd;
}

/* "names" goes last: while it is there, the work is not over. */
static void clear(struct arena *a, int staging)
{
	size_t n;
	char **left = fs_list(a, staging, ".", &n);

	if (!left)
		die("staging directory: %m");
	if (unlinkat(staging, "journal", 0) && errno != ENOENT)
		die("remove the journal: %m");
	for (size_t i = 0; i < n; i++)
		if (strcmp(left[i], "names") && !fs_remove_tree(staging, left[i]))
			die("clear staging/%s: %m", left[i]);
	if (unlinkat(staging, "names", 0) && errno != ENOENT)
		die("clear staging/names: %m");
	fs_sync_dir(staging);
}

static bool settle_all(struct txn *t)
{
	bool ok = true;

	for (size_t i = 0; i < t->names.len; i++)
		ok &= t->settle(t->arena, t->names.at[i]);
	return ok;
}

static void undo(void *arg)
{
	struct txn *t = arg;

	/* The names stay until the system follows the files again. */
	settle_all(t);
	clear(t->arena, t->staging);
}

static struct txn *txn_new(struct arena *a, settle_fn *settle, int staging)
{
	struct txn *t = NEW(a, struct txn);
	struct stat st;

	if (fstat(staging, &st))
		die("staging directory: %m");
	t->arena = a;
	t->settle = settle;
	t->staging = staging;
	t->device = st.st_dev;
	return t;
}

static void wanted_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

void txn_hold_signals(sigset_t *old)
{
	sigset_t wanted;

	wanted_signals(&wanted);
	if (sigprocmask(SIG_BLOCK, &wanted, old))
		die("sigprocmask: %m");
}

int txn_signal(void)
{
	sigset_t wanted, came;

	wanted_signals(&wanted);
	if (sigpending(&came))
		die("sigpending: %m");
	for (int s = 1; s <= SIGTERM; s++)
		if (sigismember(&wanted, s) && sigismember(&came, s))
			return s;
	return 0;
}

void txn_yield(void)
{
	int s = txn_signal();

	if (s)
		die("stopped by signal %d (%s)", s, strsignal(s));
}

struct txn *txn_begin(struct arena *a, settle_fn *settle)
{
	size_t n;

	dirs_make(DIR_STATE);
	dirs_make(DIR_STAGING);
	int staging = open_staging();
	if (staging < 0 || !fs_list(a, staging, ".", &n))
		die("staging directory: %m");
	if (n)
		die("an earlier change is unfinished: run 'snapbox boot'");
	struct txn *t = txn_new(a, settle, staging);
	txn_hold_signals(&t->signals);
	t->undo_mark = undo_push(undo, t);
	return t;
}

void txn_name(struct txn *t, const char *name)
{
	struct buf b = buf_new(t->arena);

	if (!*name || strpbrk(name, "/\n"))
		die("\"%s\" is no name", name);
	for (size_t i = 0; i < t->names.len; i++)
		if (!strcmp(t->names.at[i], name))
			return;
	vec_push(t->arena, &t->names, arena_dup(t->arena, name));
	for (size_t i = 0; i < t->names.len; i++)
		buf_printf(&b, "%s\n", t->names.at[i]);
	fs_write(t->staging, "names", b.data, b.len, 0600);
}

size_t txn_file(struct txn *t, int *fd)
{
	size_t number = t->staged++;

	*fd = fs_open(t->staging, numbered(t->arena, number), O_RDWR | O_CREAT | O_EXCL, 0600);
	if (*fd < 0)
		die("stage a file: %m");
	return number;
}

size_t txn_dir(struct txn *t, int *fd)
{
	size_t number = t->staged++;

	*fd = fs_make_dirs(t->staging, numbered(t->arena, number), 0755, geteuid(), getegid());
	t->has_tree = true;
	return number;
}

/* A rename cannot cross filesystems: better found out now than after the decision. */
static void check_target(const struct txn *t, enum dir dir, const char *name)
{
	struct stat st;

	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		die("\"%s\" is no file name", name);
	dirs_make(dir);
	int fd = dirs_open(dir);
	if (fd < 0 || fstat(fd, &st))
		die("%s: %m", dirs_path(t->arena, dir, "%s", ""));
	close(fd);
	if (st.st_dev != t->device)
		die("%s: is on another filesystem than %s", dirs_path(t->arena, dir, "%s", ""),
		    dirs_path(t->arena, DIR_STAGING, "%s", ""));
}

void txn_place(struct txn *t, size_t number, enum dir dir, const char *name, mode_t mode)
{
	check_target(t, dir, name);
	struct journal_op op = {.number = number, .mode = mode, .dir = dir,
			.name = arena_dup(t->arena, name)};
	vec_push(t->arena, &t->ops, op);
}

void txn_write(struct txn *t, enum dir dir, const char *name, const void *data, size_t len,
	       mode_t mode)
{
	DOING("stage", name);
	int fd;
	size_t number = txn_file(t, &fd);

	fs_write_all(fd, data, len);
	if (close(fd))
		die("%m");
	txn_place(t, number, dir, name, mode);
}

void txn_drop(struct txn *t, enum dir dir, const char *name)
{
	if (!*name || strchr(name, '/') || name[0] == '.')
		die("\"%s\" is no file name", name);
	struct journal_op op = {.drop = true, .dir = dir, .name = arena_dup(t->arena, name)};
	vec_push(t->arena, &t->ops, op);
}

/* All staged bytes reach the disk. First start the writing of all, then wait for
 * each: one journal commit of the filesystem instead of one a file. */
static void make_durable(struct txn *t)
{
	struct stat st;

	if (t->has_tree && syncfs(t->staging))
		die("sync: %m");
	for (int wait = 0; wait < 2; wait++)
		for (size_t i = 0; i < t->ops.len; i++) {
			const struct journal_op *op = &t->ops.at[i];
			char *name = numbered(t->arena, op->number);

			if (op->drop || fstatat(t->staging, name, &st, AT_SYMLINK_NOFOLLOW) ||
			    !S_ISREG(st.st_mode))
				continue;
			int fd = fs_open(t->staging, name, O_RDONLY, 0);
			if (fd < 0 || (!wait && fchmod(fd, op->mode)))
				die("stage %s: %m", op->name);
			if (!wait)
				sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
			else if (fsync(fd))
				die("sync %s: %m", op->name);
			close(fd);
		}
	fs_sync_dir(t->staging);
}

static void apply_put(struct txn *t, const struct journal_op *op, int dir)
{
	char *number = numbered(t->arena, op->number);
	struct stat st;

	if (fstatat(t->staging, number, &st, AT_SYMLINK_NOFOLLOW)) {
		if (errno == ENOENT) /* done before the crash */
			return;
		die("staging/%s: %m", number);
	}
	if (S_ISDIR(st.st_mode) && !fs_remove_tree(dir, op->name))
		die("replace %s: %m", op->name);
	if (renameat(t->staging, number, dir, op->name))
		die("put %s in place: %m", op->name);
}

static void apply(struct txn *t)
{
	bool changed[DIR_COUNT] = {0};

	for (size_t i = 0; i < t->ops.len; i++) {
		const struct journal_op *op = &t->ops.at[i];

		if (!op->drop)
			dirs_make(op->dir);
		int dir = dirs_open(op->dir);
		if (dir < 0 && op->drop && errno == ENOENT)
			continue;
		if (dir < 0)
			die("%s: %m", dirs_path(t->arena, op->dir, "%s", ""));
		if (!op->drop)
			apply_put(t, op, dir);
		else if (!fs_remove_tree(dir, op->name))
			die("remove %s: %m", op->name);
		changed[op->dir] = true;
		close(dir);
	}
	for (int d = 0; d < DIR_COUNT; d++) {
		int path = changed[d] ? dirs_open((enum dir)d) : -1;
		int dir = path < 0 ? -1 : fs_open(path, ".", O_RDONLY | O_DIRECTORY, 0);

		if (dir < 0)
			continue;
		fs_sync_dir(dir);
		close(dir);
		close(path);
	}
}

bool txn_commit(struct txn *t)
{
	make_durable(t);
	const char *text = journal_print(t->arena, &t->ops);
	fs_write(t->staging, "journal", text, strlen(text), 0600);
	undo_forget(t->undo_mark);
	apply(t);
	bool ok = settle_all(t);
	clear(t->arena, t->staging);
	close(t->staging);
	if (sigprocmask(SIG_SETMASK, &t->signals, NULL))
		die("sigprocmask: %m");
	return ok;
}

static void read_names(struct txn *t)
{
	size_t len;
	char *text = fs_read(t->arena, t->staging, "names", JOURNAL_MAX, &len);

	if (!text && errno != ENOENT)
		die("staging/names: %m");
	for (char **l = str_split(t->arena, text ? text : "", '\n', NULL); *l; l++)
		if (**l && !strchr(*l, '/'))
			vec_push(t->arena, &t->names, *l);
}

enum txn_found txn_recover(struct arena *a, settle_fn *settle)
{
	size_t n, len;
	int staging = open_staging();

	if (staging < 0 && errno == ENOENT)
		return TXN_NOTHING;
	if (staging < 0 || !fs_list(a, staging, ".", &n))
		die("staging directory: %m");
	if (!n) {
		close(staging);
		return TXN_NOTHING;
	}
	DOING("recover", "from an interrupted command");
	struct txn *t = txn_new(a, settle, staging);
	char *journal = fs_read(a, staging, "journal", JOURNAL_MAX, &len);
	if (!journal && errno != ENOENT)
		die("staging/journal: %m");
	read_names(t);
	if (journal) {
		if (!journal_parse(a, journal, len, &t->ops))
			die("staging/journal: damaged");
		apply(t);
	}
	settle_all(t);
	clear(a, staging);
	close(staging);
	return journal ? TXN_FINISHED : TXN_UNDONE;
}

struct arena *txn_arena(const struct txn *t)
{
	return t->arena;
}
