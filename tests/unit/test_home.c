/* Whose home it is, and what is made there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "applets/lib/home.h"
#include "check.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/passwd.h"

static const char *scratch(struct arena *a)
{
	char *dir = arena_dup(a, "/tmp/snapbox-home-XXXXXX");

	assert_non_null(mkdtemp(dir));
	return dir;
}

static void put(const char *dir, const char *name, const char *text, size_t len)
{
	int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	fs_write(at, name, text, len, 0644);
	close(at);
}

/* A287. */
static void the_user_database_is_read_within_bounds(void **state)
{
	struct arena *a = *state;
	const char *root = scratch(a), *etc = arena_printf(a, "%s/etc", root);
	char *text = arena_alloc(a, (size_t)20 << 20, 1);

	dirs_set_root(root);
	assert_null(passwd_home(a, 7));
	assert_string_equal(passwd_home(a, 0), "/root"); /* nothing on board but us */
	assert_return_code(mkdir(etc, 0755), errno);
	static const char odd[] =
		"# a comment\n\nshort:x:7\nno:x:7:7::relative:/bin/sh\n:x:7:7::/noname:/bin/sh\n"
		"more:x:7:7::/h:/bin/sh:more\nneg:x:-7:7::/h:/bin/sh\nlead:x:07:7::/h:/bin/sh\n"
		"plus:x:+7:7::/h:/bin/sh\nwrap:x:4294967303:7::/h:/bin/sh\nnul\0:x:7:7::/nul:/bin/sh\n"
		"first:x:7:7:a, b:/home/first:/bin/sh\nsecond:x:7:7::/home/second:/bin/sh\n"
		"root:x:0:0::/:/bin/sh\nlast:x:8:8::/home/last:/bin/sh";
	put(etc, "passwd", odd, sizeof odd - 1);
	assert_string_equal(passwd_home(a, 7), "/home/first");
	assert_string_equal(passwd_home(a, 8), "/home/last");
	assert_string_equal(passwd_home(a, 0), "/root");
	assert_null(passwd_home(a, 9));
	assert_null(passwd_home(a, UINT32_MAX));
	memset(text, 'x', (size_t)20 << 20); /* no newline at all, then a user behind the bound */
	memcpy(text + ((size_t)17 << 20), "\nu:x:9:9::/h:/bin/sh\n", 21);
	put(etc, "passwd", text, (size_t)20 << 20);
	assert_null(passwd_home(a, 9));
	memcpy(text + (1 << 20), "\nu:x:9:9::/h:/bin/sh\n", 21);
	put(etc, "passwd", text, (size_t)20 << 20);
	assert_string_equal(passwd_home(a, 9), "/h");
	assert_return_code(unlink(arena_printf(a, "%s/passwd", etc)), errno);
	assert_return_code(mkfifo(arena_printf(a, "%s/passwd", etc), 0644), errno);
	assert_null(passwd_home(a, 9));
	assert_true(fs_remove_tree(AT_FDCWD, root));
	dirs_set_root("/");
}

static struct env_user somebody(const char *home)
{
	return (struct env_user){.uid = getuid(), .euid = geteuid(), .home = home, .instance = "foo_k",
				 .revision = "x2"};
}

static unsigned mode_of(struct arena *a, const char *home, const char *path)
{
	struct stat st;

	assert_return_code(lstat(arena_printf(a, "%s/%s", home, path), &st), errno);
	assert_int_equal(st.st_uid, geteuid());
	return st.st_mode;
}

static void directories_are_made_with_their_modes(void **state)
{
	struct arena *a = *state;
	const char *home = scratch(a);
	struct env_user u = somebody(home);
	char target[16] = "";

	umask(022); /* what entry_reset() gives */
	for (int round = 0; round < 2; round++) {
		home_prepare(a, &u);
		assert_int_equal(mode_of(a, home, "snap"), S_IFDIR | 0700);
		assert_int_equal(mode_of(a, home, "snap/foo_k/x2"), S_IFDIR | 0755);
		assert_int_equal(mode_of(a, home, "snap/foo_k/common"), S_IFDIR | 0755);
	}
	u.revision = "x3";
	home_prepare(a, &u);
	assert_int_equal(readlink(arena_printf(a, "%s/snap/foo_k/current", home), target, 15), 2);
	assert_string_equal(target, "x3");
	assert_true(fs_remove_tree(AT_FDCWD, home));
}

static void link_is_refused(struct arena *a, const char *place)
{
	const char *home = scratch(a), *trap = scratch(a);
	struct env_user u = somebody(home);
	const char *at = arena_printf(a, "%s/%s", home, place);
	const char *dir = arena_dupn(a, at, (size_t)(strrchr(at, '/') - at));

	home_prepare(a, &u);
	assert_return_code(rename(at, arena_printf(a, "%s.away", at)), errno);
	assert_return_code(symlink(trap, at), errno);
	assert_dies(home_prepare(a, &u), "is not a directory: remove it");
	assert_return_code(unlink(at), errno);
	put(dir, strrchr(at, '/') + 1, "x", 1);
	assert_dies(home_prepare(a, &u), "is not a directory: remove it");
	assert_return_code(rmdir(trap), errno); /* still empty */
	assert_true(fs_remove_tree(AT_FDCWD, home));
}

/* A093: links of an app's making are refused, and nothing is made behind them. */
static void links_are_not_followed(void **state)
{
	link_is_refused(*state, "snap");
	link_is_refused(*state, "snap/foo_k");
	link_is_refused(*state, "snap/foo_k/x2");
	link_is_refused(*state, "snap/foo_k/common");
}

/* A102. */
static void odd_homes(void **state)
{
	struct arena *a = *state;
	const char *home = scratch(a), *link = arena_printf(a, "%s.link", home);
	struct env_user u = somebody(link);

	assert_return_code(symlink(home, link), errno);
	home_prepare(a, &u); /* the way to a home may have links */
	assert_int_equal(mode_of(a, home, "snap/foo_k/x2"), S_IFDIR | 0755);
	u.home = "/";
	assert_dies(home_prepare(a, &u), "there is no place for a snap's data");
	u.home = "/no/such/home";
	assert_dies(home_prepare(a, &u), "/no/such/home: No such file");
	u.home = "/etc/passwd";
	assert_dies(home_prepare(a, &u), "Not a directory");
	if (!geteuid()) {
		assert_return_code(chown(home, 12345, 12345), errno);
		u.home = home;
		assert_dies(home_prepare(a, &u), "belongs to uid 12345");
		assert_return_code(chown(home, 0, 0), errno);
		assert_return_code(lchown(arena_printf(a, "%s/snap/foo_k/x2", home), 12345, 12345), errno);
		assert_dies(home_prepare(a, &u), "x2 below");
	} else {
		u.home = "/etc";
		assert_dies(home_prepare(a, &u), "belongs to uid 0");
	}
	assert_return_code(unlink(link), errno);
	assert_true(fs_remove_tree(AT_FDCWD, home));
}

int main(void)
{
	return RUN(UNIT(the_user_database_is_read_within_bounds),
		   UNIT(directories_are_made_with_their_modes), UNIT(links_are_not_followed),
		   UNIT(odd_homes));
}
