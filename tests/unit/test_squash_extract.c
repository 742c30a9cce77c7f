/* Images unpacked to trees: the same that the kernel shows, or refused whole. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "check.h"
#include "core/fs.h"
#include "core/loop.h"
#include "core/mountfd.h"
#include "core/squash/extract.h"
#include "core/squash/verify.h"
#include "core/squash/walk.h"
#include "mksq.h"

/* A private directory with an empty one, "out", in it. */
static int target(struct arena *a, char **dir)
{
	if (geteuid())
		skip();
	*dir = mksq_dir(a);
	assert_return_code(chmod(*dir, 0700), errno);
	assert_return_code(mkdir(arena_printf(a, "%s/out", *dir), 0755), errno);
	return open(arena_printf(a, "%s/out", *dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void make_tree(struct arena *a, const char *dir)
{
	mksq_run(a, "cd %s && mkdir -p a/b/c d.d && echo one >a/one && ln a/one a/b/two && "
		 "ln a/one d.d/three && ln -s ../nowhere a/link && ln -s /etc/passwd a/out && "
		 "truncate -s 5M a/hole && printf x | dd of=a/hole bs=1 seek=3000000 conv=notrunc "
		 "status=none && head -c 700000 /dev/urandom >noise && "
		 "yes | head -c 300001 >words && "
		 ": >empty && cp /bin/true suid && chmod 6755 suid && chmod 1777 d.d && "
		 "chmod 0 words && chmod 0500 a/b && chown 7:9 a/b/c noise && "
		 "chown -h 3:4 a/link && "
		 "touch -hd @1000000001 a/link && touch -d @1000000002 a/b noise && "
		 "touch -d @1 empty && chmod 0711 .", dir);
}

/* All that is in a tree, one line a name, contents as a sum. */
static char *describe(struct arena *a, const char *dir)
{
	char *file = arena_printf(a, "%s.list", dir);

	mksq_run(a, "cd %s && { find . -type f -printf '%%p %%m %%U %%G %%s %%T@ %%n\\n' ; "
		 "find . -type d -printf '%%p %%m %%U %%G %%T@\\n' ; "
		 "find . -type l -printf '%%p %%U %%G %%T@ %%l\\n' ; "
		 "find . -type f -print0 | xargs -0 sha256sum ; } | sort >%s", dir, file);
	char *text = fs_read(a, AT_FDCWD, file, 1 << 20, NULL);
	unlink(file);
	return text;
}

static void p12_an_unpacked_tree_is_what_the_kernel_shows(void **state)
{
	static const char *const kinds[] = {"gzip", "lzo -b 4096", "xz -b 1M", "lz4 -no-fragments",
					    "zstd -b 32768"};
	struct arena *a = *state;
	struct loop_failure f;
	char *dir, *in = mksq_dir(a);
	struct stat st;

	close(target(a, &dir));
	make_tree(a, in);
	assert_return_code(unshare(CLONE_NEWNS), errno);
	int root = open("/", O_PATH | O_CLOEXEC);
	assert_return_code(mountfd_attr(root, 0, 0, MS_PRIVATE, true), errno);
	close(root);
	for (size_t i = 0; i < 5; i++) {
		struct image m = mksq_pack(a, in, arena_printf(a, "-comp %s", kinds[i]));
		const char *why = NULL, *out = arena_printf(a, "%s/out%zu", dir, i);

		assert_return_code(mkdir(out, 0700), errno);
		fs_write(AT_FDCWD, arena_printf(a, "%s/image", dir), m.data, m.len, 0600);
		int image = open(arena_printf(a, "%s/image", dir), O_RDONLY | O_CLOEXEC);
		int at = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct extract e = {.image = image, .dir = at};
		if (!extract(a, &e, &why))
			fail_msg("%s: %s", kinds[i], why);
		assert_return_code(fstatat(at, "a/hole", &st, 0), errno);
		assert_true(st.st_blocks * 512 < 2 << 20);
		char *ours = describe(a, out);
		int mount = loop_mount(image, "squashfs", &f);
		if (mount < 0 && !f.unsupported)
			fail_msg("%s", f.why);
		if (mount >= 0) {
			assert_return_code(mountfd_attach(mount, at), errno);
			assert_string_equal(ours, describe(a, out));
			assert_return_code(mountfd_detach(mount, ""), errno);
			close(mount);
		}
		mksq_run(a, "unsquashfs -no-progress -quiet -d %s/oracle %s/image >/dev/null", dir,
			 dir);
		assert_string_equal(ours, describe(a, arena_printf(a, "%s/oracle", dir)));
		assert_true(fs_remove_tree(AT_FDCWD, arena_printf(a, "%s/oracle", dir)));
		close(at);
		close(image);
	}
	assert_true(fs_remove_tree(AT_FDCWD, dir));
	assert_true(fs_remove_tree(AT_FDCWD, in));
}

static bool run(struct arena *a, const struct image *m, int out, const char **why)
{
	struct extract e = {.image = mksq_fd(m), .dir = out};

	*why = NULL;
	bool ok = extract(a, &e, why);
	close(e.image);
	return ok;
}

static size_t names_in(struct arena *a, int dir)
{
	size_t n = 0;

	assert_non_null(fs_list(a, dir, ".", &n));
	return n;
}

static void p13_special_files_are_refused_before_anything_is_made(void **state)
{
	static const struct {
		const char *make, *why;
	} kinds[] = {
		{"mknod z/x b 7 0", "\"z/x\" is a block device"},
		{"mknod z/x c 1 3", "\"z/x\" is a character device"},
		{"mkfifo z/x", "\"z/x\" is a FIFO"},
		{"perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local=>\"z/x\",Listen=>1)'",
		 "\"z/x\" is a socket"},
	};
	struct arena *a = *state;
	const char *why;
	char *dir;
	int out = target(a, &dir);

	for (size_t i = 0; i < 4; i++) {
		char *in = mksq_dir(a);

		mksq_run(a, "cd %s && echo a >a && mkdir z && %s", in, kinds[i].make);
		struct image m = mksq_pack(a, in, "-comp gzip");
		assert_false(run(a, &m, out, &why));
		assert_string_equal(why, kinds[i].why);
		assert_int_equal(names_in(a, out), 0);
		assert_true(fs_remove_tree(AT_FDCWD, in));
	}
	close(out);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static void a203_an_image_that_climbs_is_refused_before_anything_is_made(void **state)
{
	struct arena *a = *state;
	const char *why;
	char *dir, *in = mksq_dir(a);
	int out = target(a, &dir);

	mksq_run(a, "cd %s && mkdir aa && echo x >aa/bbb && echo y >z", in);
	struct image m = mksq_pack(a, in, MKSQ_PLAIN);
	mksq_rename(a, &m, "aa/bbb", "/..");
	assert_false(run(a, &m, out, &why));
	assert_non_null(strstr(why, "a name with \"/\""));
	m = mksq_pack(a, in, MKSQ_PLAIN);
	mksq_rename(a, &m, "aa", "..");
	assert_false(run(a, &m, out, &why));
	assert_int_equal(names_in(a, out), 0);
	m.len /= 2;
	assert_false(run(a, &m, out, &why));
	assert_int_equal(names_in(a, out), 0);
	close(out);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
	assert_true(fs_remove_tree(AT_FDCWD, in));
}

static void broken_contents_are_found_while_unpacking(void **state)
{
	struct arena *a = *state;
	const char *why;
	char *dir, *in = mksq_dir(a);
	int out = target(a, &dir);

	mksq_run(a, "cd %s && yes | head -c 900000 >words", in);
	struct image m = mksq_pack(a, in, "-comp gzip -noI -noF");
	memset(m.data + 100, 0xff, 20);
	assert_false(run(a, &m, out, &why));
	assert_non_null(strstr(why, "not valid gzip"));
	close(out);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
	assert_true(fs_remove_tree(AT_FDCWD, in));
}

static void p1_broken_contents_are_found_by_looking(void **state)
{
	struct arena *a = *state;
	const char *why = NULL;
	char *in = mksq_dir(a);
	struct squash_sum sum;

	mksq_run(a, "cd %s && yes | head -c 900000 >words && seq 1 900 >tail", in);
	struct image m = mksq_pack(a, in, "-comp gzip -noI");
	for (int broken = 0; broken < 3; broken++) {
		if (broken)
			m.data[broken == 1 ? 120 : mksq_get(a, &m, "fragment.0") + 20] ^= 0xff;
		int fd = mksq_fd(&m);
		struct squash *s = squash_open(a, fd, NULL, &why);

		assert_non_null(s);
		if (!squash_check(s, &sum))
			fail_msg("%s", squash_why(s));
		assert_int_equal(squash_verify(s), !broken);
		assert_int_equal(verify(a, fd, &why), !broken);
		if (broken)
			assert_string_equal(squash_why(s), why);
		if (broken == 1)
			m.data[120] ^= 0xff;
		squash_close(s);
		close(fd);
	}
	assert_true(fs_remove_tree(AT_FDCWD, in));
}

static void a205_nothing_that_is_there_is_followed_or_replaced(void **state)
{
	struct arena *a = *state;
	const char *why;
	char *dir, *in = mksq_dir(a), *canary = mksq_dir(a);
	int out = target(a, &dir);

	mksq_run(a, "cd %s && mkdir sub && echo x >sub/file && echo y >top", in);
	struct image m = mksq_pack(a, in, "-comp gzip");
	static const char *const traps[] = {"sub", "top", NULL};
	for (size_t i = 0; traps[i]; i++) {
		assert_return_code(symlinkat(canary, out, traps[i]), errno);
		assert_dies(run(a, &m, out, &why), "File exists");
		mksq_run(a, "rm -rf %s/out/*", dir);
	}
	int there = open(canary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(names_in(a, there), 0);
	assert_true(run(a, &m, out, &why));
	assert_dies(run(a, &m, out, &why), "File exists");
	assert_return_code(chmod(dir, 0755), errno);
	assert_dies(run(a, &m, out, &why), "others can reach");
	close(there);
	close(out);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
	assert_true(fs_remove_tree(AT_FDCWD, in));
	assert_true(fs_remove_tree(AT_FDCWD, canary));
}

static uint64_t seen, calls;

static void progress(void *arg, uint64_t done, uint64_t total)
{
	(void)arg;
	assert_true(done > seen && done <= total);
	seen = done;
	calls++;
}

static void progress_is_told_and_a_full_disk_is_known_before(void **state)
{
	static const char *const options[] = {"size=1m", "mode=0700", NULL};
	struct arena *a = *state;
	const char *why;
	char *dir, *in = mksq_dir(a);
	int out = target(a, &dir);

	mksq_run(a, "cd %s && head -c 9000000 /dev/zero | tr '\\0' x >big", in);
	struct image m = mksq_pack(a, in, "-comp gzip");
	struct extract e = {.image = mksq_fd(&m), .dir = out, .progress = progress};
	assert_true(extract(a, &e, &why));
	assert_int_equal(seen, 9000000);
	assert_int_equal(calls, 3);
	int small = mountfd_new("tmpfs", options, 0);
	assert_return_code(mkdirat(small, "out", 0755), errno);
	e.dir = openat(small, "out", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	e.progress = NULL;
	assert_dies(extract(a, &e, &why), "no room: 9000000 bytes are needed, 1048576 are free");
	assert_int_equal(names_in(a, e.dir), 0);
	close(e.dir);
	close(e.image);
	close(small);
	close(out);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
	assert_true(fs_remove_tree(AT_FDCWD, in));
}

int main(void)
{
	return RUN(UNIT(p12_an_unpacked_tree_is_what_the_kernel_shows),
		   UNIT(p13_special_files_are_refused_before_anything_is_made),
		   UNIT(a203_an_image_that_climbs_is_refused_before_anything_is_made),
		   UNIT(broken_contents_are_found_while_unpacking),
		   UNIT(p1_broken_contents_are_found_by_looking),
		   UNIT(a205_nothing_that_is_there_is_followed_or_replaced),
		   UNIT(progress_is_told_and_a_full_disk_is_known_before));
}
