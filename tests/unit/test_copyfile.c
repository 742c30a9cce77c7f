/* A stranger's file becomes ours, and is measured as it is stored. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "core/copyfile.h"
#include "core/fs.h"
#include "core/mountfd.h"

static char *scratch(struct arena *a, int *at)
{
	char *dir = arena_dup(a, "/tmp/snapbox-test-XXXXXX");

	assert_non_null(mkdtemp(dir));
	*at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir;
}

static char *hex(struct arena *a, const uint8_t *p, size_t n)
{
	char *text = arena_alloc(a, 2 * n + 1, 1);

	for (size_t i = 0; i < n; i++)
		snprintf(text + 2 * i, 3, "%02x", p[i]);
	return text;
}

static void digests_are_those_of_the_standards(void **state)
{
	static const struct {
		enum digest_kind kind;
		const char *text, *hex;
	} known[] = {
		{DIGEST_SHA3_384, "",
		 "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2a"
		 "c3713831264adb47fb6bd1e058d5f004"},
		{DIGEST_SHA3_384, "abc",
		 "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2"
					 "98d88cea927ac7f539f1edf228376d25"},
		{DIGEST_SHA512_256, "abc",
		 "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"},
		{DIGEST_SHA512, "abc",
		 "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
	};
	uint8_t out[DIGEST_MAX];

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		size_t n = digest_of(known[i].kind, known[i].text, strlen(known[i].text), out);

		assert_int_equal(n, digest_size(known[i].kind));
		assert_string_equal(hex(*state, out, n), known[i].hex);
	}
	assert_string_equal(digest_text(*state, (const uint8_t *)"\xff\xfe\xfd", 3), "__79");
	assert_string_equal(digest_text(*state, (const uint8_t *)"\xff\xfe\xfd\xfc", 4), "__79_A");
	assert_string_equal(digest_text(*state, (const uint8_t *)"a", 1), "YQ");
}

static uint64_t last_done, last_total;

static void progress(void *arg, uint64_t done, uint64_t total)
{
	(void)arg;
	assert_true(done > last_done && done <= total);
	last_done = done;
	last_total = total;
}

static int target(int at)
{
	int fd = openat(at, "copy", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static int fill(int at, const char *name, size_t size)
{
	char *data = malloc(size + 1);

	for (size_t i = 0; i < size; i++)
		data[i] = (char)(i * 7 + i / 251);
	fs_write(at, name, data, size, 0644);
	free(data);
	return fs_open(at, name, O_RDONLY, 0);
}

static void r21_a_copy_is_an_own_inode_and_measured_as_stored(void **state)
{
	static const size_t sizes[] = {0, 1, 4096, (9 << 20) + 5};
	struct arena *a = *state;
	int at;
	char *dir = scratch(a, &at);

	for (size_t i = 0; i < 4; i++) {
		struct copyfile c = {.max = 10 << 20, .progress = progress,
				     .digests = 1 << DIGEST_SHA3_384 | 1 << DIGEST_SHA512_256};
		int source = fill(at, "source", sizes[i]);
		struct stat from, to;
		uint8_t want[DIGEST_MAX];

		last_done = 0;
		int copy = target(at);
		copyfile(a, &c, source, copy);
		assert_return_code(fstat(source, &from), errno);
		assert_return_code(fstat(copy, &to), errno);
		assert_int_not_equal(from.st_ino, to.st_ino);
		assert_int_equal(to.st_nlink, 1);
		assert_int_equal(to.st_mode, S_IFREG | 0600);
		assert_int_equal(to.st_uid, geteuid());
		assert_int_equal(to.st_size, sizes[i]);
		assert_int_equal(c.size, sizes[i]);
		size_t n, m;
		char *ours = fs_read_fd(a, copy, 10 << 20, &n);
		char *theirs = fs_read(a, at, "source", 10 << 20, &m);
		assert_true(n == m && !memcmp(ours, theirs, n));
		digest_of(DIGEST_SHA3_384, theirs, m, want);
		assert_memory_equal(c.digest[DIGEST_SHA3_384], want, 48);
		digest_of(DIGEST_SHA512_256, theirs, m, want);
		assert_memory_equal(c.digest[DIGEST_SHA512_256], want, 32);
		if (sizes[i]) {
			assert_int_equal(last_done, 2 * sizes[i]);
			assert_int_equal(last_total, 2 * sizes[i]);
		}
		close(source);
		close(copy);
		assert_return_code(unlinkat(at, "copy", 0), errno);
	}
	close(at);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static void a091_a211_only_a_plain_file_is_a_source(void **state)
{
	struct arena *a = *state;
	int at;
	char *dir = scratch(a, &at), *in;

	close(fill(at, "file", 10));
	assert_return_code(symlinkat("file", at, "link"), errno);
	assert_return_code(mkfifoat(at, "fifo", 0600), errno);
	assert_return_code(mkdirat(at, "dir", 0700), errno);
	int held = fs_open(at, "file", O_RDONLY, 0);
	const struct {
		const char *path, *why;
	} bad[] = {
		{arena_printf(a, "%s/link", dir), "not a file but a symbolic link"},
		{arena_printf(a, "%s/fifo", dir), "not a file but a FIFO"},
		{arena_printf(a, "%s/dir", dir), "not a file but a directory"},
		{arena_printf(a, "%s/none", dir), "No such file"},
		{"/dev/null", "not a file but a device"},
		{arena_printf(a, "/dev/fd/%d", held), "not a file but a symbolic link"},
		{arena_printf(a, "/proc/self/root%s/file", dir), "through a link of /proc"},
		{"-", "No such file"},
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_dies(copyfile_open(bad[i].path), bad[i].why);
	in = arena_printf(a, "%s/file", dir);
	int fd = copyfile_open(in);
	assert_true(fd >= 0);
	close(fd);
	close(held);
	close(at);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static int grown;

static void grow(void *arg, uint64_t done, uint64_t total)
{
	(void)done;
	(void)total;
	if (!grown++)
		assert_int_equal(write(*(int *)arg, "x", 1), 1);
}

static void a211_a_copy_that_cannot_be_true_is_refused(void **state)
{
	struct arena *a = *state;
	int at;
	char *dir = scratch(a, &at);
	struct copyfile c = {.max = 1000};
	int source = fill(at, "source", 1001);

	int to = target(at);
	assert_dies(copyfile(a, &c, source, to), "1001 bytes are more than 1000");
	c.max = 2000;
	assert_return_code(linkat(at, "copy", at, "other", 0), errno);
	assert_dies(copyfile(a, &c, source, to), "no empty file of its own");
	assert_return_code(unlinkat(at, "other", 0), errno);
	assert_return_code(fchmod(to, 0644), errno);
	assert_dies(copyfile(a, &c, source, to), "no empty file of its own");
	assert_return_code(fchmod(to, 0600), errno);
	int itself = fs_open(at, "source", O_RDWR, 0);
	assert_dies(copyfile(a, &c, source, itself), "no empty file of its own");
	close(itself);
	close(source);
	source = fs_open(at, "source", O_RDWR | O_APPEND, 0);
	c.progress = grow;
	c.arg = &source;
	assert_dies(copyfile(a, &c, source, to), "changed while it was read");
	assert_int_equal(grown, 1);
	int pipes[2];
	assert_return_code(pipe(pipes), errno);
	assert_dies(copyfile(a, &c, pipes[0], to), "not a file but a FIFO");
	close(pipes[0]);
	close(pipes[1]);
	close(to);
	close(source);
	close(at);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static void a_full_disk_says_what_is_needed_and_free(void **state)
{
	static const char *const options[] = {"size=256k", NULL};
	struct arena *a = *state;
	struct copyfile c = {.max = 10 << 20};
	int at;

	if (geteuid())
		skip();
	char *dir = scratch(a, &at);
	int small = mountfd_new("tmpfs", options, 0);
	int root = openat(small, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(root >= 0);
	int source = fill(at, "source", 1 << 20);
	int copy = target(root);
	assert_dies(copyfile(a, &c, source, copy),
		    "no room: 1048576 bytes are needed, 262144");
	/* between two filesystems, with room */
	close(copy);
	assert_return_code(unlinkat(root, "copy", 0), errno);
	copy = target(root);
	close(source);
	source = fill(at, "source", 100000);
	copyfile(a, &c, source, copy);
	size_t n;
	assert_non_null(fs_read_fd(a, copy, 1 << 20, &n));
	assert_int_equal(n, 100000);
	close(copy);
	close(source);
	close(root);
	close(small);
	close(at);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

int main(void)
{
	return RUN(UNIT(digests_are_those_of_the_standards),
		   UNIT(r21_a_copy_is_an_own_inode_and_measured_as_stored),
		   UNIT(a091_a211_only_a_plain_file_is_a_source),
		   UNIT(a211_a_copy_that_cannot_be_true_is_refused),
		   UNIT(a_full_disk_says_what_is_needed_and_free));
}
