/* landlock.c - the plan's lines to a ruleset of the kernel
 *
 * The kernel's numbers stand here, not its header's: this is built on systems whose
 * headers are older than the kernels it runs on.
 */
#include "ns/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"

#define ASK_VERSION 1u
#define RULE_PATH 1

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_MAKE_REMOVE = 0x1ff << 4, /* remove_dir ... make_sym */
	FS_REFER = 1 << 13,
	FS_TRUNCATE = 1 << 14,
	FS_IOCTL_DEV = 1 << 15,
	NET_BIND = 1 << 0,
	NET_CONNECT = 1 << 1,
	SCOPE_ABSTRACT = 1 << 0,
	SCOPE_SIGNAL = 1 << 1,
	ON_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV,
};

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

struct path_attr {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

static const struct {
	const char *word;
	unsigned guard;
	int abi;
} guards[] = {
	{"files", LAND_FILES, 1},       {"no-bind", LAND_NO_BIND, 4},
	{"no-connect", LAND_NO_CONNECT, 4}, {"abstract", LAND_ABSTRACT, 6},
	{"signals", LAND_SIGNALS, 6},
};

#define GUARDS (sizeof guards / sizeof guards[0])

int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);

	return abi > 0 ? (int)abi : 0;
}

bool landlock_guard(const char *words, unsigned *mask)
{
	*mask = 0;
	if (!strcmp(words, "none"))
		return true;
	for (size_t n; *words; words += n + (words[n] == ' ' && words[n + 1])) {
		size_t i = 0;

		n = strcspn(words, " ");
		while (i < GUARDS && (strncmp(guards[i].word, words, n) || guards[i].word[n]))
			i++;
		if (i == GUARDS || *mask & guards[i].guard || (words[n] && !words[n + 1]))
			return false;
		*mask |= guards[i].guard;
	}
	return *mask;
}

unsigned landlock_able(int abi, unsigned guard)
{
	unsigned able = 0;

	for (size_t i = 0; i < GUARDS; i++)
		if (abi >= guards[i].abi)
			able |= guards[i].guard & guard;
	return able;
}

static uint64_t known_rights(int abi)
{
	uint64_t known = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_READ_DIR | FS_MAKE_REMOVE;

	return known | (abi >= 2 ? FS_REFER : 0) | (abi >= 3 ? FS_TRUNCATE : 0) |
	       (abi >= 5 ? FS_IOCTL_DEV : 0);
}

static uint64_t kernel_rights(unsigned rights)
{
	uint64_t r = 0;

	r |= rights & LAND_READ ? FS_READ_FILE : 0;
	r |= rights & LAND_LIST ? FS_READ_DIR : 0;
	r |= rights & LAND_EXEC ? FS_EXECUTE : 0;
	r |= rights & LAND_DEVICE ? FS_IOCTL_DEV : 0;
	if (rights & LAND_WRITE)
		r |= FS_WRITE_FILE | FS_TRUNCATE | FS_MAKE_REMOVE | FS_REFER;
	return r;
}

const char *landlock_line(const char *line, unsigned *rights, const char **why)
{
	static const char letters[] = "rlwxd";
	const char *s = line, *found;

	for (*rights = 0; *s && (found = strchr(letters, *s)); s++)
		*rights |= 1u << (found - letters);
	*why = "rights are not letters of \"rlwxd\" before a blank";
	if (s == line || *s++ != ' ')
		return NULL;
	*why = "path is neither absolute nor below %h";
	if (*s != '/' && !(str_after(s, "%h") && (s[2] == '/' || !s[2])))
		return NULL;
	*why = "path climbs, or is not clean";
	const char *rest = *s == '/' ? s : s + 2;
	return strlen(s) < 4096 && (!*rest || !strcmp(rest, "/") || str_is_path(rest)) ? s : NULL;
}

struct making {
	struct arena *arena;
	const struct land_caller *who;
	uint64_t known;
	int ruleset, root, home;
	/* the directory that was listed last: patterns of one follow each other */
	const char *dir;
	int dir_fd, dir_at;
	char **names;
};

/* Where a line's path begins, and the rest of it with the caller put in; NULL: there
 * is no such place. */
static const char *locate(struct making *m, const char *path, int *at)
{
	struct buf out = buf_new(m->arena);

	*at = m->root;
	if (str_starts(path, "%h")) {
		*at = m->home;
		path += 2;
	}
	for (; *path; path++)
		if (*path != '%')
			buf_char(&out, *path);
		else if (*++path == 'u')
			buf_printf(&out, "%u", m->who->uid);
		else if (*path == 'p')
			buf_printf(&out, "%d", getpid());
		else if (*path == '%')
			buf_char(&out, '%');
		else
			die("landlock: unknown %%%c in a path", *path);
	const char *rest = buf_text(&out);
	rest += *rest == '/';
	return *at < 0 ? NULL : *rest ? rest : ".";
}

static void add(struct making *m, int fd, uint64_t rights)
{
	struct path_attr rule = {.allowed = rights & m->known, .fd = fd};

	if (!rule.allowed || !syscall(SYS_landlock_add_rule, m->ruleset, RULE_PATH, &rule, 0))
		return;
	rule.allowed &= ON_FILES; /* EINVAL: what only directories can have */
	if (errno != EINVAL || (rule.allowed && syscall(SYS_landlock_add_rule, m->ruleset,
							RULE_PATH, &rule, 0)))
		die("landlock rule: %m");
}

static void add_place(struct making *m, int at, const char *path, uint64_t rights, bool deep)
{
	struct stat st;
	int fd = fs_open(at, path, O_PATH, 0);

	if (fd < 0)
		return;
	if (deep || (!fstat(fd, &st) && !S_ISDIR(st.st_mode)))
		add(m, fd, rights);
	close(fd);
}

static void list_dir(struct making *m, int at, const char *dir)
{
	if (m->dir && m->dir_at == at && str_eq(m->dir, dir))
		return;
	if (m->dir && m->dir_fd >= 0)
		close(m->dir_fd);
	m->dir = dir;
	m->dir_at = at;
	m->dir_fd = fs_open(at, dir, O_RDONLY | O_DIRECTORY, 0);
	m->names = m->dir_fd < 0 ? NULL : fs_list(m->arena, m->dir_fd, ".", NULL);
}

/* The last part of path is a pattern. */
static void add_matches(struct making *m, int at, const char *path, uint64_t rights)
{
	const char *slash = strrchr(path, '/');
	const char *pattern = slash ? slash + 1 : path;
	bool deep = str_ends(pattern, "**");

	list_dir(m, at, slash ? arena_dupn(m->arena, path, (size_t)(slash - path)) : ".");
	for (char **name = m->names; name && *name; name++)
		if (!fnmatch(pattern, *name, 0))
			add_place(m, m->dir_fd, *name, rights, deep);
}

static void add_line(struct making *m, const char *line)
{
	const char *why, *path, *last;
	unsigned rights;
	int at;

	path = landlock_line(line, &rights, &why);
	if (!path)
		die("landlock: %s: %s", line, why);
	path = locate(m, path, &at);
	if (!path)
		return;
	last = strrchr(path, '/');
	if (strpbrk(last ? last : path, "*?["))
		add_matches(m, at, path, kernel_rights(rights));
	else
		add_place(m, at, path, kernel_rights(rights), true);
}

static int open_dir(const char *path)
{
	return *path == '/' ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
}

int landlock_prepare(struct arena *a, const struct plan *p, const struct land_caller *who)
{
	int abi = landlock_abi();
	unsigned guard = 0;

	if (!landlock_guard(p->guard, &guard))
		die("landlock: unknown guard");
	if (!guard)
		return -1;
	/* The plan is for a kernel that can: another one must not be weaker in silence. */
	if (landlock_able(abi, guard) != guard)
		die("this kernel cannot keep the app from all that its plan says: "
		    "run \"snapbox boot\" as root");
	struct making m = {.arena = a, .who = who, .known = known_rights(abi),
			   .root = open_dir("/"), .home = open_dir(who->home)};
	struct ruleset_attr attr = {
		.fs = guard & LAND_FILES ? m.known : 0,
		.net = (guard & LAND_NO_BIND ? NET_BIND : 0) |
		       (guard & LAND_NO_CONNECT ? NET_CONNECT : 0),
		.scoped = (guard & LAND_ABSTRACT ? SCOPE_ABSTRACT : 0) |
			  (guard & LAND_SIGNALS ? SCOPE_SIGNAL : 0),
	};
	size_t size = abi >= 6 ? sizeof attr : abi >= 4 ? 16 : 8;

	m.ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (m.ruleset < 0 || m.root < 0)
		die("landlock: %m");
	for (size_t i = 0; guard & LAND_FILES && i < p->allow.len; i++)
		add_line(&m, p->allow.at[i]);
	if (m.dir && m.dir_fd >= 0)
		close(m.dir_fd);
	close(m.root);
	if (m.home >= 0)
		close(m.home);
	return m.ruleset;
}

void landlock_enforce(int ruleset)
{
	if (syscall(SYS_landlock_restrict_self, ruleset, 0))
		die("landlock: %m");
	close(ruleset);
}
