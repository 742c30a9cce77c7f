/* Our own directories and locks: made with exact modes, refused when not ours. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/lock.h"

static char *fresh_root(struct arena *a)
{
	char *root = arena_dup(a, "/tmp/snapbox-test-XXXXXX");

	assert_non_null(mkdtemp(root));
	dirs_set_root(root);
	return root;
}

static void drop_root(const char *root)
{
	dirs_set_root("/");
	assert_true(fs_remove_tree(AT_FDCWD, root));
}

static mode_t mode_of(struct arena *a, const char *root, const char *path)
{
	struct stat st;

	assert_return_code(lstat(arena_printf(a, "%s%s", root, path), &st), errno);
	return st.st_mode & 07777;
}

static void modes_are_exact_whatever_the_umask(void **state)
{
	static const mode_t masks[] = {0000, 0027, 0777};

	for (size_t i = 0; i < 3; i++) { /* A045 */
		char *root = fresh_root(*state);
		mode_t old = umask(masks[i]);

		dirs_make(DIR_NS);
		dirs_make(DIR_PLANS);
		umask(old);
		assert_int_equal(mode_of(*state, root, "/run/snapbox"), 0755);
		assert_int_equal(mode_of(*state, root, "/run/snapbox/ns"), 0700);
		assert_int_equal(mode_of(*state, root, "/var/lib/snapbox/plans"), 0755);
		drop_root(root);
	}
}

static void a_linked_var_is_followed_but_not_out_of_the_root(void **state)
{
	char *root = fresh_root(*state);

	assert_return_code(mkdir(arena_printf(*state, "%s/data", root), 0755), errno);
	assert_return_code(symlink("/data", arena_printf(*state, "%s/var", root)), errno);
	dirs_make(DIR_STATE);
	assert_int_equal(mode_of(*state, root, "/data/lib/snapbox"), 0755);
	int fd = dirs_open(DIR_STATE);
	assert_true(fd >= 0);
	close(fd);
	drop_root(root);
}

static void a_directory_that_others_may_write_is_refused(void **state)
{
	char *root = fresh_root(*state);

	dirs_make(DIR_PLANS);
	assert_return_code(chmod(dirs_path(*state, DIR_PLANS, "%s", ""), 0777), errno);
	assert_dies(dirs_open(DIR_PLANS), "lets others write");
	assert_dies(dirs_make(DIR_PLANS), "lets others write");
	drop_root(root);
}

static void a_file_in_the_place_of_a_directory_is_refused(void **state)
{
	char *root = fresh_root(*state);

	fs_write(AT_FDCWD, arena_printf(*state, "%s/run", root), "", 0, 0644);
	assert_dies(dirs_make(DIR_RUN), "/run");
	drop_root(root);
}

static void a_missing_directory_is_no_error_to_ask_for(void **state)
{
	char *root = fresh_root(*state);

	assert_int_equal(dirs_open(DIR_PLANS), -1);
	assert_int_equal(errno, ENOENT);
	drop_root(root);
}

static void locks_exclude_and_end_with_their_holder(void **state)
{
	char *root = fresh_root(*state);
	int fd = lock_take("state", false);

	assert_int_equal(lock_try("state", true), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	lock_drop(fd);
	int one = lock_try("state", true), two = lock_try("state", true);
	assert_true(one >= 0 && two >= 0);
	assert_int_equal(lock_try("state", false), -1);
	lock_drop(one);
	lock_drop(two);
	pid_t child = fork();
	if (!child)
		_exit(lock_take("state", false) < 0);
	waitpid(child, NULL, 0);
	fd = lock_try("state", false);
	assert_true(fd >= 0);
	lock_drop(fd);
	assert_int_equal(mode_of(*state, root, "/run/snapbox/lock"), 0700); /* A132 */
	assert_int_equal(mode_of(*state, root, "/run/snapbox/lock/state.lock"), 0600);
	drop_root(root);
}

static void a_link_is_no_lock(void **state)
{
	char *root = fresh_root(*state);

	lock_drop(lock_take("other", false));
	assert_return_code(symlink("/etc/passwd", dirs_path(*state, DIR_LOCK, "state.lock")), 0);
	assert_dies(lock_take("state", false), "lock state"); /* A132 */
	drop_root(root);
}

int main(void)
{
	return RUN(UNIT(modes_are_exact_whatever_the_umask),
		   UNIT(a_linked_var_is_followed_but_not_out_of_the_root),
		   UNIT(a_directory_that_others_may_write_is_refused),
		   UNIT(a_file_in_the_place_of_a_directory_is_refused),
		   UNIT(a_missing_directory_is_no_error_to_ask_for),
		   UNIT(locks_exclude_and_end_with_their_holder), UNIT(a_link_is_no_lock));
}
