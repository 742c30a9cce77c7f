/* Images broken on purpose: each is refused with a line that names what and where. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "core/fs.h"
#include "core/squash/walk.h"
#include "mksq.h"

static void a203_names_that_climb_hide_or_repeat_are_refused(void **state)
{
	static const struct {
		const char *path, *name, *why;
	} bad[] = {
		{"aa", "..", "a name that is \"..\""},
		{"d/link", "/abs", "a name with \"/\" in it"},
		{"abc", "a/b", "a name with \"/\" in it"},
		{"abc", "../", "a name with \"/\" in it"},
		{"a", ".", "a name that is \".\""},
		{"a", "/", "a name with \"/\" in it"},
		{"ab", "aa", "is there twice"},
		{"ab", "a0", "is listed after"},
		{"d/hard", "zzzz", "is listed after"},
		{"d/e/f", ".", "a name that is \".\""},
	};
	struct arena *a = *state;
	struct image good = mksq_sample(a);

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct image m = mksq_copy(a, &good);

		mksq_rename(a, &m, bad[i].path, bad[i].name);
		const char *why = mksq_refusal(a, &m, NULL);
		if (!why || !strstr(why, bad[i].why))
			fail_msg("%s as \"%s\": %s", bad[i].path, bad[i].name,
				 why ? why : "accepted");
	}
	struct image m = mksq_copy(a, &good);
	mksq_set(a, &m, "name:abc.text0", 0);
	assert_non_null(strstr(mksq_refusal(a, &m, NULL), "a name with NUL in it"));
}

/* Is the directory refused wherever it is put? a is the name that leads there. */
static void a207_a_directory_that_is_reached_twice_is_refused(void **state)
{
	struct arena *a = *state;
	struct image m = mksq_sample(a);

	/* d/e/f becomes d/e itself: head, name and number as those of e */
	mksq_set(a, &m, "head:d/e.block", mksq_get(a, &m, "head:d.block"));
	mksq_set(a, &m, "name:d/e/f.offset", mksq_get(a, &m, "name:d/e.offset"));
	mksq_set(a, &m, "head:d/e.number", mksq_get(a, &m, "inode:d/e.number"));
	mksq_set(a, &m, "name:d/e/f.number", 0);
	mksq_set(a, &m, "inode:d/e.parent", mksq_get(a, &m, "inode:d/e.number"));
	assert_non_null(strstr(mksq_refusal(a, &m, NULL), "parent"));
	mksq_set(a, &m, "inode:d/e.parent", mksq_get(a, &m, "inode:d.number"));
	assert_non_null(strstr(mksq_refusal(a, &m, NULL), "parent"));

	/* and the root below itself, whose parent is nobody */
	m = mksq_sample(a);
	uint64_t root = mksq_get(a, &m, "super.root"), number = mksq_get(a, &m, "inode:.number");
	mksq_set(a, &m, "head:d/e.block", root >> 16);
	mksq_set(a, &m, "head:d/e.number", number);
	mksq_set(a, &m, "name:d/e/f.offset", root & 0xffff);
	mksq_set(a, &m, "name:d/e/f.number", 0);
	mksq_set(a, &m, "inode:.parent", mksq_get(a, &m, "inode:d/e.number"));
	assert_non_null(strstr(mksq_refusal(a, &m, NULL), "can be reached twice"));
}

static void truncated_images_are_refused_wherever_they_end(void **state)
{
	struct arena *a = *state;
	char *dir = mksq_dir(a);

	mksq_run(a, "cd %s && mkdir d && seq 1 3000 >d/f && ln -s x l && "
		 "seq 1 20 | xargs touch", dir);
	static const char *const options[] = {MKSQ_PLAIN, "-comp xz", "-comp zstd", "-comp lz4"};
	for (size_t i = 0; i < 4; i++) {
		struct image m = mksq_pack(a, dir, options[i]);
		size_t bytes = (size_t)mksq_get(a, &m, "super.bytes");

		for (m.len = 0; m.len < bytes; m.len++) {
			struct arena_mark mark = arena_mark(a);

			if (!mksq_refusal(a, &m, NULL))
				fail_msg("accepted %zu of %zu bytes", m.len, bytes);
			arena_rewind(a, mark);
			if (m.len > 200 && m.len < bytes - 1500)
				m.len += 97;
		}
		m.len = bytes;
		assert_null(mksq_refusal(a, &m, NULL));
	}
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

/* Tables cut at each boundary of theirs, with a superblock that agrees. */
static void tables_that_end_early_are_refused(void **state)
{
	static const char *const tables[] = {"super.dir_table", "super.fragment_table",
					     "super.export_table", "super.id_table"};
	struct arena *a = *state;
	struct image good = mksq_sample(a);

	for (size_t i = 0; i < 4; i++) {
		uint64_t end = mksq_get(a, &good, tables[i]);

		for (int delta = -9; delta <= 9; delta++) {
			struct image m = mksq_copy(a, &good);

			mksq_set(a, &m, "super.bytes", end + (uint64_t)(int64_t)delta);
			bool whole = i == 3 && delta == 8; /* an index of one block */
			if (!whole && !mksq_refusal(a, &m, NULL))
				fail_msg("accepted an end at %s %d", tables[i], delta);
			if (!delta)
				continue;
			m = mksq_copy(a, &good);
			mksq_set(a, &m, tables[i], end + (uint64_t)(int64_t)delta);
			if (!mksq_refusal(a, &m, NULL))
				fail_msg("accepted %s %d off", tables[i], delta);
		}
	}
}

/* No single byte may make us crash or hang; many change nothing that matters. */
static void any_byte_may_be_anything(void **state)
{
	struct arena *a = *state;
	struct image good = mksq_sample(a);
	size_t from = (size_t)mksq_get(a, &good, "super.inode_table");

	for (size_t i = 0; i < good.len; i = i == 96 ? from : i + 1) {
		static const uint8_t flips[] = {0x01, 0x80, 0xff};

		for (size_t j = 0; j < 3; j++) {
			struct arena_mark mark = arena_mark(a);
			struct image m = mksq_copy(a, &good);

			m.data[i] ^= flips[j];
			mksq_refusal(a, &m, NULL);
			arena_rewind(a, mark);
		}
		if (i >= from + 2000)
			i += 6;
	}
}

static long peak_kib(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

static void a209_what_is_too_much_is_refused_quickly(void **state)
{
	struct arena *a = *state;
	char *dir = mksq_dir(a);
	struct squash_limits few = squash_limits;

	/* the documented numbers */
	assert_int_equal(squash_limits.inodes, 1048576);
	assert_int_equal(squash_limits.dir, 131072);
	assert_int_equal(squash_limits.depth, 128);
	mksq_run(a, "cd %s && mkdir -p $(seq -s/ 1 127) && seq 1 50 | xargs touch && "
		 "touch 1x && "
		 "for i in $(seq 1 30); do ln 1x l$i; done; truncate -s 100M big1 big2", dir);
	struct image m = mksq_pack(a, dir, "-comp gzip");
	assert_null(mksq_refusal(a, &m, NULL));
	few.inodes = 100;
	assert_non_null(strstr(mksq_refusal(a, &m, &few), "inodes, not 1 to 100"));
	few = squash_limits;
	few.dir = 60;
	assert_non_null(strstr(mksq_refusal(a, &m, &few), "more than 60 names in one directory"));
	few = squash_limits;
	few.entries = 200;
	assert_non_null(strstr(mksq_refusal(a, &m, &few), "more than 200 names"));
	few = squash_limits;
	few.file = 100 << 20;
	assert_null(mksq_refusal(a, &m, &few));
	few.file--;
	assert_non_null(strstr(mksq_refusal(a, &m, &few), "the file is too large"));
	few = squash_limits;
	few.total = (200 << 20) - 1;
	assert_non_null(strstr(mksq_refusal(a, &m, &few), "files have more than"));
	few = squash_limits;
	few.metadata = 1000;
	assert_non_null(strstr(mksq_refusal(a, &m, &few), "more than 1000 bytes of tables"));
	assert_true(fs_remove_tree(AT_FDCWD, dir));
	dir = mksq_dir(a);
	mksq_run(a, "cd %s && mkdir -p $(seq -s/ 1 128)", dir);
	m = mksq_pack(a, dir, "-comp zstd");
	assert_non_null(strstr(mksq_refusal(a, &m, NULL), "more than 128 directories"));
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static void a209_a_small_image_with_a_huge_meaning_is_refused(void **state)
{
	struct arena *a = *state;
	char *dir = mksq_dir(a);
	struct squash_limits few = squash_limits;

	assert_int_equal(squash_limits.ratio, 100);
	mksq_run(a, "cd %s && yes | head -c 5000000 >a && for i in 1 2 3 4; do cp a $i; done", dir);
	struct image m = mksq_pack(a, dir, "-comp xz");
	assert_null(mksq_refusal(a, &m, NULL));
	few.small = 24 << 20;
	assert_null(mksq_refusal(a, &m, &few));
	few.small = 20 << 20;
	assert_non_null(strstr(mksq_refusal(a, &m, &few), "unpacks to 25000000 bytes"));
	few.ratio = 100000;
	assert_null(mksq_refusal(a, &m, &few));
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static void a209_a_hundred_thousand_names_are_read_in_bounds(void **state)
{
	struct arena *a = *state;
	char *dir = mksq_dir(a);
	struct timespec from, to;

	mksq_run(a, "cd %s && mkdir d && cd d && seq -f n%%06.0f 1 131073 | xargs touch", dir);
	struct image m = mksq_pack(a, dir, "-comp lz4");
	clock_gettime(CLOCK_MONOTONIC, &from);
	const char *why = mksq_refusal(a, &m, NULL);
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_non_null(why);
	assert_non_null(strstr(why, "more than 131072 names"));
	assert_true(to.tv_sec - from.tv_sec < 10);
	assert_true(peak_kib() < 1 << 20);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

int main(void)
{
	return RUN(UNIT(a203_names_that_climb_hide_or_repeat_are_refused),
		   UNIT(a207_a_directory_that_is_reached_twice_is_refused),
		   UNIT(truncated_images_are_refused_wherever_they_end),
		   UNIT(tables_that_end_early_are_refused), UNIT(any_byte_may_be_anything),
		   UNIT(a209_what_is_too_much_is_refused_quickly),
		   UNIT(a209_a_small_image_with_a_huge_meaning_is_refused),
		   UNIT(a209_a_hundred_thousand_names_are_read_in_bounds));
}
