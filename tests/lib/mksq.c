/* mksq.c - squashfs images for tests: made by mksquashfs, then broken by name */
#include "mksq.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/fs.h"
#include "core/squash/inner.h"
#include "core/squash/walk.h"
#include "core/str.h"

struct field {
	const char *name;
	unsigned types; /* of inodes: bit per type on disk; 0 for all */
	size_t at, size;
};

#define T(n) (1u << (n))

static const struct field super[] = {
	{"inodes", 0, 4, 4}, {"made", 0, 8, 4}, {"block_size", 0, 12, 4}, {"fragments", 0, 16, 4},
	{"kind", 0, 20, 2}, {"block_log", 0, 22, 2}, {"flags", 0, 24, 2}, {"ids", 0, 26, 2},
	{"major", 0, 28, 2}, {"minor", 0, 30, 2}, {"root", 0, 32, 8}, {"bytes", 0, 40, 8},
	{"id_table", 0, 48, 8}, {"xattr_table", 0, 56, 8}, {"inode_table", 0, 64, 8},
	{"dir_table", 0, 72, 8}, {"fragment_table", 0, 80, 8}, {"export_table", 0, 88, 8}, {0},
};

static const struct field inode[] = {
	{"type", 0, 0, 2}, {"mode", 0, 2, 2}, {"uid", 0, 4, 2}, {"gid", 0, 6, 2},
	{"mtime", 0, 8, 4}, {"number", 0, 12, 4},
	{"list_block", T(1), 16, 4}, {"nlink", T(1), 20, 4}, {"list_size", T(1), 24, 2},
	{"list_offset", T(1), 26, 2}, {"parent", T(1), 28, 4},
	{"start", T(2), 16, 4}, {"fragment", T(2), 20, 4}, {"fragment_at", T(2), 24, 4},
	{"size", T(2), 28, 4}, {"block0", T(2), 32, 4},
	{"nlink", T(3) | T(4) | T(5) | T(6) | T(7) | T(10), 16, 4}, {"size", T(3) | T(10), 20, 4},
	{"target0", T(3) | T(10), 24, 8}, {"rdev", T(4) | T(5), 20, 4},
	{"nlink", T(8), 16, 4}, {"list_size", T(8), 20, 4}, {"list_block", T(8), 24, 4},
	{"parent", T(8), 28, 4}, {"indexes", T(8), 32, 2}, {"list_offset", T(8), 34, 2},
	{"xattr", T(8), 36, 4}, {"index0", T(8), 40, 4}, {"index0_block", T(8), 44, 4},
	{"index0_size", T(8), 48, 4}, {"index0_text0", T(8), 52, 1},
	{"start", T(9), 16, 8}, {"size", T(9), 24, 8}, {"nlink", T(9), 40, 4},
	{"fragment", T(9), 44, 4}, {"fragment_at", T(9), 48, 4}, {"xattr", T(9), 52, 4},
	{"block0", T(9), 56, 4}, {0},
};

static const struct field head[] = {
	{"count", 0, 0, 4}, {"block", 0, 4, 4}, {"number", 0, 8, 4}, {0},
};

static const struct field name[] = {
	{"offset", 0, 0, 2}, {"number", 0, 2, 2}, {"type", 0, 4, 2}, {"size", 0, 6, 2},
	{"text0", 0, 8, 1}, {0},
};

char *mksq_dir(struct arena *a)
{
	/* Memory where there is some: disks are slow at thousands of small files. */
	const char *top = access("/dev/shm", W_OK | X_OK) ? "/tmp" : "/dev/shm";
	char *dir = arena_printf(a, "%s/snapbox-test-XXXXXX", top);

	assert_non_null(mkdtemp(dir));
	assert_return_code(chmod(dir, 0755), errno);
	return dir;
}

void mksq_run(struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *line = arena_vprintf(a, fmt, ap);
	va_end(ap);
	if (system(line))
		fail_msg("failed: %s", line);
}

struct image mksq_load(struct arena *a, const char *path)
{
	struct image m;

	m.data = (uint8_t *)fs_read(a, AT_FDCWD, path, (size_t)1 << 30, &m.len);
	if (!m.data)
		fail_msg("%s: %s", path, strerror(errno));
	return m;
}

struct image mksq_pack(struct arena *a, const char *dir, const char *options)
{
	const char *file = arena_printf(a, "%s.squashfs", dir);

	mksq_run(a, "mksquashfs %s %s -noappend -quiet -no-progress -processors 1 %s >/dev/null",
		 dir, file, options);
	struct image m = mksq_load(a, file);
	assert_return_code(unlink(file), errno);
	return m;
}

int mksq_fd(const struct image *m)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	assert_true(fd >= 0);
	fs_write_all(fd, m->data, m->len);
	return fd;
}

static const struct field *find(const struct field *f, unsigned type, const char *wanted)
{
	for (; f->name; f++)
		if (!strcmp(f->name, wanted) && (!f->types || f->types & T(type)))
			return f;
	fail_msg("no field %s", wanted);
	return NULL;
}

/* Where offset of the metadata block at at is in the file. */
static size_t in_block(const struct image *m, uint64_t at, uint32_t offset)
{
	assert_true(at + 2 + offset < m->len);
	assert_true(le16(m->data + at) & SQUASH_META_PLAIN);
	return (size_t)at + 2 + offset;
}

static size_t inode_at(struct squash *s, const struct image *m, const char *path)
{
	struct squash_node n;

	if (!squash_lookup(s, path, &n))
		fail_msg("no %s: %s", path, squash_why(s));
	return in_block(m, s->inodes + (n.ref >> 16), (uint32_t)(n.ref & 0xffff));
}

static size_t listing_at(struct squash *s, const struct image *m, const char *path)
{
	struct squash_node n;

	if (!squash_lookup(s, path, &n))
		fail_msg("no %s: %s", path, squash_why(s));
	return in_block(m, s->dirs + n.list_block, n.list_offset);
}

static size_t name_at(struct squash *s, struct arena *a, const struct image *m, const char *path)
{
	const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
	struct squash_node n;
	struct dir_at d;

	assert_true(squash_lookup(s, slash ? arena_dupn(a, path, (size_t)(slash - path)) : "", &n));
	assert_true(dir_open(s, &n, &d));
	while (dir_next(s, &d))
		if (!strcmp(d.name, last))
			return in_block(m, d.at.block, d.at.offset - d.name_len - 8);
	fail_msg("no name %s", path);
	return 0;
}

static size_t of_path(struct squash *s, struct arena *a, const struct image *m, const char *text,
		      size_t *size)
{
	const char *colon = strchr(text, ':'), *dot = strrchr(text, '.');
	const char *path = arena_dupn(a, colon + 1, (size_t)(dot - colon - 1));
	const struct field *f;
	size_t at;

	if (str_starts(text, "inode:")) {
		at = inode_at(s, m, path);
		f = find(inode, le16(m->data + at), dot + 1);
	} else if (str_starts(text, "head:")) {
		at = listing_at(s, m, path);
		f = find(head, 0, dot + 1);
	} else {
		at = name_at(s, a, m, path);
		f = find(name, 0, dot + 1);
	}
	*size = f->size;
	return at + f->at;
}

static size_t of_table(struct squash *s, const struct image *m, const char *text, size_t *size)
{
	static const struct {
		const char *prefix;
		size_t table, at, size;
	} entries[] = {
		{"owner.", offsetof(struct squash, ids), 0, 4},
		{"fragment.", offsetof(struct squash, fragments), 0, 8},
		{"fragment_size.", offsetof(struct squash, fragments), 8, 4},
		{"export.", offsetof(struct squash, exports), 0, 8},
		{"xattr.", offsetof(struct squash, xattrs), 0, 8},
		{"xattr_pairs.", offsetof(struct squash, xattrs), 8, 4},
	}, indexes[] = {
		{"owner_index.", 0, 48, 8}, {"fragment_index.", 0, 80, 8},
		{"export_index.", 0, 88, 8},
	};

	for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
		const char *number = str_after(text, entries[i].prefix);
		struct table *t = (struct table *)((char *)s + entries[i].table);

		*size = entries[i].size;
		if (number)
			return in_block(m, t->block[0],
					(uint32_t)(strtoul(number, NULL, 10) * t->entry +
						   entries[i].at));
	}
	for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
		const char *number = str_after(text, indexes[i].prefix);

		*size = 8;
		if (number)
			return (size_t)le64(m->data + indexes[i].at) +
			       strtoul(number, NULL, 10) * 8;
	}
	*size = 2;
	if (str_eq(text, "block:inode"))
		return (size_t)s->inodes;
	if (str_eq(text, "block:dir"))
		return (size_t)s->dirs;
	if (str_eq(text, "block:xattr"))
		return (size_t)s->xattr_start;
	fail_msg("no field %s", text);
	return 0;
}

static size_t locate(struct arena *a, const struct image *m, const char *text, size_t *size)
{
	const char *why = NULL, *rest = str_after(text, "super.");

	if (rest) {
		const struct field *f = find(super, 0, rest);

		*size = f->size;
		return f->at;
	}
	int fd = mksq_fd(m);
	struct squash *s = squash_open(a, fd, NULL, &why);
	if (!s)
		fail_msg("%s: %s", text, why);
	bool path = strchr(text, ':') && !str_starts(text, "block:");
	size_t at = path ? of_path(s, a, m, text, size) : of_table(s, m, text, size);
	squash_close(s);
	close(fd);
	assert_true(at + *size <= m->len);
	return at;
}

uint64_t mksq_get(struct arena *a, const struct image *m, const char *field)
{
	uint64_t value = 0;
	size_t size, at = locate(a, m, field, &size);

	while (size--)
		value = value << 8 | m->data[at + size];
	return value;
}

void mksq_set(struct arena *a, struct image *m, const char *field, uint64_t value)
{
	size_t size, at = locate(a, m, field, &size);

	for (size_t i = 0; i < size; i++, value >>= 8)
		m->data[at + i] = (uint8_t)value;
}

void mksq_rename(struct arena *a, struct image *m, const char *path, const char *text)
{
	const char *slash = strrchr(path, '/');
	size_t size, at = locate(a, m, arena_printf(a, "name:%s.text0", path), &size);

	assert_int_equal(strlen(text), strlen(slash ? slash + 1 : path));
	memcpy(m->data + at, text, strlen(text));
}

const char *mksq_refusal(struct arena *a, const struct image *m,
			 const struct squash_limits *limits)
{
	int fd = mksq_fd(m);
	const char *why = NULL;
	struct squash *s = squash_open(a, fd, limits, &why);
	struct squash_sum sum;

	if (s && !squash_check(s, &sum))
		why = squash_why(s) ? squash_why(s) : "refused without a reason";
	squash_close(s);
	close(fd);
	return why;
}

struct image mksq_copy(struct arena *a, const struct image *m)
{
	return (struct image){(uint8_t *)arena_dupn(a, (const char *)m->data, m->len), m->len};
}

/* Something of every kind, in tables that are not compressed. */
struct image mksq_sample(struct arena *a)
{
	char *dir = mksq_dir(a);

	mksq_run(a, "cd %s && echo 1 >a && echo 2 >aa && echo 3 >ab && echo 4 >abc && "
		 "mkdir -p d/e/f && ln a d/hard && ln -s a-longer-target d/link && "
		 "seq 1 5000 >blocks && chown 5:6 blocks && truncate -s 100k sparse && "
		 "echo x >>sparse && mkfifo fifo && mkdir many && cd many && "
		 "seq -f %%0200.0f 1 100 | xargs touch", dir);
	if (!geteuid())
		mksq_run(a, "cd %s && mknod dev c 1 3", dir);
	else
		mksq_run(a, "cd %s && mkfifo dev", dir);
	struct image m = mksq_pack(a, dir, MKSQ_PLAIN " -b 4096");
	assert_true(fs_remove_tree(AT_FDCWD, dir));
	assert_null(mksq_refusal(a, &m, NULL));
	return m;
}

