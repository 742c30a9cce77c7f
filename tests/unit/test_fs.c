/* test_fs.c - trees and places that strangers prepared */
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static int scratch(struct arena *a)
{
	char *dir = mkdtemp(arena_dup(a, "/tmp/fs.XXXXXX"));
	int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	assert_true(fd >= 0);
	assert_return_code(mkdirat(fd, "canary", 0755), 0);
	close(openat(fd, "canary/file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	return fd;
}

static void finish(int fd)
{
	char path[256] = "";
	char link[64];

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	assert_true(readlink(link, path, sizeof path - 1) > 0);
	close(fd);
	assert_true(fs_remove_tree(AT_FDCWD, path));
}

/* A file and a link to the canary on each level. */
static void nest(int top, const char *name, int depth)
{
	assert_return_code(mkdirat(top, name, 0700), 0);
	int at = openat(top, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int i = 0; i < depth; i++) {
		assert_return_code(mkdirat(at, "d", 0700), 0);
		assert_return_code(symlinkat("/tmp", at, "link"), 0);
		close(openat(at, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
		int next = openat(at, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		close(at);
		at = next;
	}
	close(at);
}

static void a_tree_goes_however_deep_it_is(void **state)
{
	static const int depths[] = {0, 1, 62, 63, 64, 65, 128, 300, 3000};
	struct rlimit few = {100, 100}, before;
	int top = scratch(*state);

	getrlimit(RLIMIT_NOFILE, &before);
	few.rlim_max = before.rlim_max;
	assert_return_code(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++) {
		nest(top, "tree", depths[i]);
		assert_true(fs_remove_tree(top, "tree"));
		assert_int_equal(faccessat(top, "tree", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	}
	assert_return_code(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_return_code(faccessat(top, "canary/file", F_OK, 0), 0);
	finish(top);
}

static void several_deep_trees_side_by_side_go_too(void **state)
{
	int top = scratch(*state);

	assert_return_code(mkdirat(top, "tree", 0700), 0);
	int in = openat(top, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < 5; i++)
		nest(in, arena_printf(*state, "t%d", i), 200);
	close(in);
	assert_true(fs_remove_tree(top, "tree"));
	assert_int_equal(faccessat(top, "tree", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	finish(top);
}

static void links_and_files_go_themselves(void **state)
{
	int top = scratch(*state);

	assert_return_code(symlinkat("canary", top, "link"), 0);
	assert_true(fs_remove_tree(top, "link"));
	assert_return_code(faccessat(top, "canary/file", F_OK, 0), 0);
	assert_true(fs_remove_tree(top, "missing"));
	assert_true(fs_remove_tree(top, "canary/file"));
	assert_int_equal(faccessat(top, "canary/file", F_OK, 0), -1);
	finish(top);
}

static void a_place_that_a_stranger_took_is_told_and_not_died_of(void **state)
{
	int top = scratch(*state);
	size_t n;

	assert_return_code(symlinkat("canary", top, "x1"), 0);
	assert_int_equal(fs_try_dir(top, "x1", 0755, getuid(), getgid()), -1);
	assert_int_equal(fs_try_dir(top, "canary/file", 0755, getuid(), getgid()), -1);
	assert_return_code(mkdirat(top, "current", 0755), 0);
	assert_false(fs_try_link(top, "current", "x1"));
	assert_false(fs_try_link(top, "", "x1"));
	fs_list(*state, top, ".", &n);
	assert_int_equal(n, 3); /* and nothing else was left */
	assert_true(fs_try_link(top, "other", "x1"));
	int fd = fs_try_dir(top, "x2", 0750, getuid(), getgid());
	struct stat st;
	assert_return_code(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0750);
	close(fd);
	finish(top);
}

int main(void)
{
	return RUN(UNIT(a_tree_goes_however_deep_it_is),
		   UNIT(several_deep_trees_side_by_side_go_too),
		   UNIT(links_and_files_go_themselves),
		   UNIT(a_place_that_a_stranger_took_is_told_and_not_died_of));
}
