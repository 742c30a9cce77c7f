/* One block of each compression: exactly one whole stream, with a window that fits. */
#include <errno.h>
#include <fcntl.h>
#include <lzma.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "core/fs.h"
#include "core/squash/unpack.h"
#include "mksq.h"

#define SIZE 100000u

static const unsigned kinds[] = {UNPACK_GZIP, UNPACK_LZO, UNPACK_XZ, UNPACK_LZ4, UNPACK_ZSTD};
static const char *const names[] = {"gzip", "lzo", "xz", "lz4", "zstd"};

/* A block as mksquashfs writes it, cut out of an image of one file. */
static struct image block(struct arena *a, const char *name)
{
	char *dir = mksq_dir(a);

	mksq_run(a, "seq 1 50000 | head -c %u >%s/f", SIZE, dir);
	struct image m = mksq_pack(a, dir, arena_printf(a, "%s -comp %s -b 128K -no-fragments",
							"-noI -noId", name));
	assert_true(fs_remove_tree(AT_FDCWD, dir));
	uint32_t size = (uint32_t)mksq_get(a, &m, "inode:f.block0");
	assert_true(size < 1 << 24);
	return (struct image){m.data + mksq_get(a, &m, "inode:f.start"), size};
}

static void only_what_was_packed_comes_out(void **state)
{
	struct arena *a = *state;
	uint8_t *out = NEW_N(a, uint8_t, 2 * SIZE);

	for (size_t i = 0; i < 5; i++) {
		struct image b = block(a, names[i]);
		struct unpack *u = unpack_new(a, kinds[i]);

		assert_string_equal(unpack_name(u), names[i]);
		for (int again = 0; again < 2; again++) {
			memset(out, 0, SIZE);
			assert_int_equal(unpack_run(u, b.data, b.len, out, 2 * SIZE), SIZE);
			assert_memory_equal(out, "1\n2\n3\n", 6);
		}
		assert_int_equal(unpack_run(u, b.data, b.len, out, SIZE), SIZE);
		assert_int_equal(unpack_run(u, b.data, b.len, out, SIZE - 1), -1);
		assert_int_equal(unpack_run(u, b.data, b.len, out, 0), -1);
		assert_int_equal(unpack_run(u, b.data, 0, out, SIZE), -1);
		unpack_end(u);
	}
	assert_null(unpack_new(a, UNPACK_LZMA));
	assert_null(unpack_new(a, 0));
	assert_null(unpack_new(a, 7));
}

static void what_is_cut_or_goes_on_is_refused(void **state)
{
	struct arena *a = *state;
	uint8_t *out = NEW_N(a, uint8_t, 2 * SIZE);

	for (size_t i = 0; i < 5; i++) {
		struct image b = block(a, names[i]);
		struct unpack *u = unpack_new(a, kinds[i]);
		uint8_t *longer = NEW_N(a, uint8_t, b.len + 8);

		for (size_t n = 0; n < b.len; n += 1 + n / 16) {
			ssize_t got = unpack_run(u, b.data, n, out, SIZE);

			if (got >= (ssize_t)SIZE)
				fail_msg("%s: %zu of %zu bytes are enough", names[i], n, b.len);
		}
		/* lz4 has no end of its own: it is told where it ends */
		memcpy(longer, b.data, b.len);
		if (kinds[i] != UNPACK_LZ4)
			assert_int_equal(unpack_run(u, longer, b.len + 8, out, 2 * SIZE), -1);
		for (size_t n = 0; n < b.len; n += 101) {
			memcpy(longer, b.data, b.len);
			longer[n] ^= 0x55;
			assert_true(unpack_run(u, longer, b.len, out, SIZE) <= (ssize_t)SIZE);
		}
		unpack_end(u);
	}
}

static void a209_windows_larger_than_a_block_are_refused(void **state)
{
	static const struct {
		unsigned kind;
		const char *pack;
		bool fits;
	} tries[] = {
		{UNPACK_XZ, "xz --check=crc32 --lzma2=dict=1MiB", true},
		{UNPACK_XZ, "xz --check=crc32 --x86 --lzma2=dict=1MiB", true},
		{UNPACK_XZ, "xz --check=crc32 --lzma2=dict=8MiB", false},
		{UNPACK_XZ, "xz --check=crc32 --lzma2=dict=1536MiB,mf=hc3,mode=fast,nice=3", false},
		{UNPACK_ZSTD, "zstd -1 --zstd=wlog=20", true},
		{UNPACK_ZSTD, "zstd -1 --zstd=wlog=21", false},
		{UNPACK_ZSTD, "zstd -1 --long=31", false},
	};
	struct arena *a = *state;
	uint8_t *out = NEW_N(a, uint8_t, SIZE);
	char *dir = mksq_dir(a);
	struct rusage before, after;

	for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
		/* a header of 1.5 GiB is made by hand: packing would take as much */
		bool huge = strstr(tries[i].pack, "1536MiB");
		const char *pack = huge ? "xz --check=crc32 --lzma2=dict=8MiB" : tries[i].pack;

		mksq_run(a, "seq 1 5000 | %s -c >%s/f", pack, dir);
		struct image b = mksq_load(a, arena_printf(a, "%s/f", dir));
		if (huge) {
			size_t end = 12u + b.data[12] * 4u; /* of the block header */

			assert_int_equal(b.data[16], 22); /* 8 MiB */
			b.data[16] = 37;                  /* 1.5 GiB */
			uint32_t sum = lzma_crc32(b.data + 12, end - 12, 0);
			memcpy(b.data + end, &sum, 4);
		}
		struct unpack *u = unpack_new(a, tries[i].kind);
		getrusage(RUSAGE_SELF, &before);
		ssize_t n = unpack_run(u, b.data, b.len, out, SIZE);
		getrusage(RUSAGE_SELF, &after);
		if ((n > 0) != tries[i].fits)
			fail_msg("%s: %zd", tries[i].pack, n);
		assert_true(after.ru_maxrss - before.ru_maxrss < 16 << 10);
		unpack_end(u);
	}
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static void a209_a_bomb_ends_at_the_size_of_a_block(void **state)
{
	static const char *const packs[] = {"xz", "zstd"};
	static const unsigned what[] = {UNPACK_XZ, UNPACK_ZSTD};
	struct arena *a = *state;
	uint8_t *out = NEW_N(a, uint8_t, 1 << 20);
	char *dir = mksq_dir(a);

	mksq_run(a, "cd %s && head -c 50000000 /dev/zero >z && xz -0c z >xz && "
		 "zstd -qc z >zstd", dir);
	for (size_t i = 0; i < 2; i++) {
		struct image b = mksq_load(a, arena_printf(a, "%s/%s", dir, packs[i]));
		struct unpack *u = unpack_new(a, what[i]);

		assert_int_equal(unpack_run(u, b.data, b.len, out, 1 << 20), -1);
		unpack_end(u);
	}
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

int main(void)
{
	return RUN(UNIT(only_what_was_packed_comes_out), UNIT(what_is_cut_or_goes_on_is_refused),
		   UNIT(a209_windows_larger_than_a_block_are_refused),
		   UNIT(a209_a_bomb_ends_at_the_size_of_a_block));
}
