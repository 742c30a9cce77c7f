/* Images of every kind that mksquashfs makes, read by us and by unsquashfs: the same. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "check.h"
#include "core/fs.h"
#include "core/proc.h"
#include "core/squash/walk.h"
#include "core/str.h"
#include "mksq.h"

static struct squash *open_image(struct arena *a, const struct image *m)
{
	const char *why = NULL;
	struct squash *s = squash_open(a, mksq_fd(m), NULL, &why);

	if (!s)
		fail_msg("refused: %s", why);
	return s;
}

/* A number that depends on a seed only. */
static uint32_t dice(uint64_t *seed, uint32_t sides)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % sides;
}

static void write_file(const char *path, uint64_t *seed, size_t size)
{
	FILE *f = fopen(path, "we");
	uint32_t kind = dice(seed, 4);

	assert_non_null(f);
	for (size_t i = 0; i < size; i++)
		putc(kind == 0 ? 0 : kind == 1 ? (int)dice(seed, 256) : "snapbox "[i % 8], f);
	fclose(f);
}

/* One random thing at path. Directories fill themselves from what is left of *count. */
static void grow(struct arena *a, const char *path, uint64_t *seed, int depth, int *count)
{
	static const size_t sizes[] = {0, 1, 4095, 4096, 4097, 8192, 20000, 131072, 300000};
	uint32_t what = dice(seed, 16);

	(*count)--;
	if (what < 5 && depth < 6) {
		assert_return_code(mkdir(path, 0755), errno);
		for (uint32_t i = dice(seed, 12); i && *count > 0; i--)
			grow(a, arena_printf(a, "%s/%c%" PRIu32, path, 'a' + (char)dice(seed, 26),
					     i), seed, depth + 1, count);
		assert_return_code(chmod(path, 0700 | dice(seed, 01000)), errno);
	} else if (what == 5) {
		const char *to = arena_printf(a, "../%" PRIu32, dice(seed, 999));
		assert_return_code(symlink(to, path), errno);
	} else if (what == 6) {
		assert_return_code(mkfifo(path, 0600), errno);
	} else if (what == 7 && !geteuid()) {
		dev_t dev = makedev(dice(seed, 300), dice(seed, 70000));
		assert_return_code(mknod(path, S_IFCHR | 0600, dev), errno);
	} else {
		write_file(path, seed, sizes[dice(seed, 9)] + dice(seed, 3));
		assert_return_code(chmod(path, dice(seed, 010000)), errno);
		if (dice(seed, 8) == 0)
			assert_return_code(link(path, arena_printf(a, "%s.hard", path)), errno);
		if (!geteuid())
			assert_return_code(lchown(path, dice(seed, 70000), dice(seed, 3)), errno);
	}
}

static void compare_contents(struct arena *a, struct squash *s, const struct squash_entry *e,
			     const char *path)
{
	size_t len, want;
	char *ours = squash_read(s, &e->node, (size_t)1 << 30, &len);
	char *theirs = fs_read(a, AT_FDCWD, path, (size_t)1 << 30, &want);

	if (!ours)
		fail_msg("%s: %s", path, squash_why(s));
	assert_non_null(theirs);
	assert_int_equal(len, want);
	assert_memory_equal(ours, theirs, len);
}

static void compare_entry(struct arena *a, struct squash *s, const struct squash_entry *e,
			  const char *dir)
{
	static const mode_t kinds[] = {0, S_IFDIR, S_IFREG, S_IFLNK, S_IFBLK, S_IFCHR,
				       S_IFIFO, S_IFSOCK};
	const char *path = arena_printf(a, "%s/%s", dir, e->path);
	const struct squash_node *n = &e->node;
	char target[4096] = "";
	struct stat st;

	assert_return_code(lstat(path, &st), errno);
	assert_int_equal(st.st_mode & S_IFMT, kinds[n->type]);
	if (n->type != SQUASH_LINK)
		assert_int_equal(st.st_mode & 07777, n->mode);
	assert_int_equal(st.st_mtime, n->mtime);
	if (!geteuid()) {
		assert_int_equal(st.st_uid, n->uid);
		assert_int_equal(st.st_gid, n->gid);
	}
	if (n->type == SQUASH_CHAR || n->type == SQUASH_BLOCK)
		assert_true(st.st_rdev == makedev(n->major, n->minor));
	if (n->type == SQUASH_LINK) {
		assert_true(readlink(path, target, sizeof target - 1) > 0);
		assert_string_equal(target, n->target);
	}
	if (n->type != SQUASH_FILE)
		return;
	assert_int_equal(st.st_size, n->size);
	assert_int_equal(st.st_nlink, n->nlink);
	compare_contents(a, s, e, path);
}

static size_t counted;

static int count_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)path;
	(void)st;
	(void)type;
	(void)f;
	counted++;
	return 0;
}

/* Our view of the image and what unsquashfs made of it. */
static void same_as_unsquashfs(struct arena *a, const struct image *m)
{
	char *top = mksq_dir(a), *file = arena_printf(a, "%s/image", top);
	struct squash_sum sum;
	struct squash_entry e;
	size_t n = 0;

	fs_write(AT_FDCWD, file, m->data, m->len, 0600);
	mksq_run(a, "unsquashfs -no-progress -quiet -processors 1 -d %s/out %s >/dev/null", top,
		 file);
	struct squash *s = open_image(a, m);
	if (!squash_check(s, &sum))
		fail_msg("refused: %s", squash_why(s));
	struct squash_walk *w = squash_walk(s, "");
	while (squash_next(w, &e)) {
		compare_entry(a, s, &e, arena_printf(a, "%s/out", top));
		n++;
	}
	assert_null(squash_why(s));
	counted = 0;
	assert_int_equal(nftw(arena_printf(a, "%s/out", top), count_one, 20, FTW_PHYS), 0);
	assert_int_equal(n, counted);
	assert_int_equal(sum.entries, n);
	assert_int_equal(sum.inodes, squash_info(s)->inodes);
	squash_close(s);
	assert_true(fs_remove_tree(AT_FDCWD, top));
}

static char *random_tree(struct arena *a, uint64_t seed, int count)
{
	char *dir = mksq_dir(a);

	for (int i = 0; count > 0; i++)
		grow(a, arena_printf(a, "%s/top%d", dir, i), &seed, 0, &count);
	return dir;
}

static void p1_random_trees_in_every_compression_read_as_unsquashfs_does(void **state)
{
	static const char *const options[] = {
		"-comp gzip -b 4096", "-comp lzo -b 8192", "-comp xz -b 131072",
		"-comp lz4 -b 65536", "-comp zstd -b 16384",
		"-comp xz -b 1M -Xbcj x86 -Xdict-size 100%",
		"-comp gzip -b 1M -no-fragments",
		"-comp zstd -b 32768 -always-use-fragments -no-xattrs",
		"-comp lz4 -b 4096 -Xhc -no-exports -no-duplicates", MKSQ_PLAIN " -b 4096",
		"-comp gzip -no-tailends", "-comp zstd -Xcompression-level 22 -b 1M",
	};

	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		char *dir = random_tree(*state, i + 1, 150);
		struct image m = mksq_pack(*state, dir, options[i]);

		same_as_unsquashfs(*state, &m);
		assert_true(fs_remove_tree(AT_FDCWD, dir));
	}
}

static void p1_large_and_sparse_files_read_as_unsquashfs_does(void **state)
{
	struct arena *a = *state;
	char *dir = mksq_dir(a);

	mksq_run(a, "cd %s && truncate -s 9M holes && printf x | dd of=holes bs=1 seek=5000000 "
		 "conv=notrunc status=none && head -c 3000000 /dev/urandom >noise && "
		 "yes snap | head -c 7000001 >words && truncate -s 4097 hole+1", dir);
	static const char *const options[] = {"-comp gzip", "-comp xz -b 4096", "-comp zstd -b 1M"};
	for (size_t i = 0; i < 3; i++) {
		struct image m = mksq_pack(a, dir, options[i]);
		struct squash *s = open_image(a, &m);
		struct squash_sum sum;

		same_as_unsquashfs(a, &m);
		assert_true(squash_check(s, &sum));
		assert_int_equal(sum.bytes, (9u << 20) + 3000000 + 7000001 + 4097);
		assert_in_range(sum.stored_blocks, 10000001, 12500000);
	}
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static void p1_directories_with_an_index_are_read_whole(void **state)
{
	struct arena *a = *state;
	char *dir = mksq_dir(a);
	struct squash_node n;
	size_t count;

	mksq_run(a, "mkdir %s/d && cd %s/d && seq -f 'a-name-that-is-long-enough-%%06.0f' 1 4000 | "
		 "xargs touch", dir, dir);
	struct image m = mksq_pack(a, dir, MKSQ_PLAIN);
	assert_true(mksq_get(a, &m, "inode:d.indexes") > 5);
	same_as_unsquashfs(a, &m);
	struct squash *s = open_image(a, &m);
	char **names = squash_list(s, "d", &count);
	assert_non_null(names);
	assert_int_equal(count, 4000);
	assert_string_equal(names[3999], "a-name-that-is-long-enough-004000");
	assert_true(squash_lookup(s, "d/a-name-that-is-long-enough-003999", &n));
	assert_int_equal(n.type, SQUASH_FILE);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static void only_what_is_there_is_found(void **state)
{
	struct arena *a = *state;
	char *dir = mksq_dir(a);
	struct squash_node n;
	size_t len;

	mksq_run(a, "cd %s && mkdir -p meta/gui empty && echo 'name: foo' >meta/snap.yaml && "
		 "ln -s snap.yaml meta/link", dir);
	struct image m = mksq_pack(a, dir, "-comp xz");
	struct squash *s = open_image(a, &m);
	assert_true(squash_lookup(s, "meta/snap.yaml", &n));
	assert_string_equal(squash_read(s, &n, 4096, &len), "name: foo\n");
	assert_int_equal(len, 10);
	assert_true(squash_lookup(s, "", &n));
	assert_int_equal(n.type, SQUASH_DIR);
	assert_true(squash_lookup(s, "meta/link", &n));
	assert_int_equal(n.type, SQUASH_LINK);
	static const char *const missing[] = {
		"meta/no", "no", "meta/snap.yaml/x", "meta/link/x", "/meta", "meta/", "meta//gui",
		".", "..", "meta/../meta", "met", "meta2", "meta/snap.yam", "/", "empty/x", NULL};
	for (size_t i = 0; missing[i]; i++) {
		if (squash_lookup(s, missing[i], &n))
			fail_msg("found \"%s\"", missing[i]);
		assert_null(squash_why(s));
	}
	assert_null(squash_list(s, "meta/snap.yaml", &len));
	assert_non_null(squash_list(s, "empty", &len));
	assert_int_equal(len, 0);
	assert_true(squash_lookup(s, "meta/snap.yaml", &n));
	assert_null(squash_read(s, &n, 9, &len));
	assert_non_null(strstr(squash_why(s), "has 10 bytes, more than 9"));
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

struct jail_job {
	int fd;
};

static bool read_in_jail(int out, void *arg)
{
	const struct jail_job *job = arg;
	const char *why = NULL;
	struct arena *a = arena_new();
	struct squash *s = squash_open(a, job->fd, NULL, &why);
	struct squash_sum sum;
	struct squash_node n;
	size_t len;

	if (!s || !squash_check(s, &sum) || !squash_lookup(s, "big", &n))
		return false;
	char *text = squash_read(s, &n, 1 << 20, &len);
	return text && write(out, text, len) == (ssize_t)len;
}

static void r20_an_image_is_read_in_the_jail(void **state)
{
	static const char *const kinds[] = {"gzip", "lzo", "xz", "lz4", "zstd"};
	struct arena *a = *state;
	char *dir = mksq_dir(a);

	mksq_run(a, "cd %s && seq 1 40000 >big && head -c 1000 big >small", dir);
	struct image big = mksq_load(a, arena_printf(a, "%s/big", dir));
	for (size_t i = 0; i < 5; i++) {
		struct image m = mksq_pack(a, dir, arena_printf(a, "-comp %s", kinds[i]));
		struct jail_job job = {mksq_fd(&m)};
		struct proc_jail j = {.max = 1 << 20, .cpu_seconds = 10, .fn = read_in_jail,
				      .arg = &job, .keep = {job.fd, -1}};
		const char *why = "";
		size_t len;
		char *text = proc_jailed(a, &j, &len, &why);

		if (!text)
			fail_msg("%s: %s", kinds[i], why);
		assert_int_equal(len, big.len);
		assert_memory_equal(text, big.data, len);
		close(job.fd);
	}
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

int main(void)
{
	return RUN(UNIT(p1_random_trees_in_every_compression_read_as_unsquashfs_does),
		   UNIT(p1_large_and_sparse_files_read_as_unsquashfs_does),
		   UNIT(p1_directories_with_an_index_are_read_whole),
		   UNIT(only_what_is_there_is_found), UNIT(r20_an_image_is_read_in_the_jail));
}
