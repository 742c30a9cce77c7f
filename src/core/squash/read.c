/* read.c - the contents of files
 *
 * MUST NOT hand out a block that is not exactly as long as the file needs it.
 *
 * A file is whole blocks, then a tail, which is either a block of its own or a
 * part of a fragment block shared with other files. A block of no stored bytes
 * is a hole.
 */
#include <inttypes.h>
#include <string.h>

#include "core/squash/inner.h"

bool data_fits(struct squash *s, uint64_t at, uint32_t word, uint32_t len, const char *what)
{
	uint32_t stored = word & (SQUASH_DATA_PLAIN - 1);

	if (word >= SQUASH_DATA_PLAIN * 2 || !stored || stored > s->info.block_size)
		return squash_no(s, "%s at byte %" PRIu64 ": cannot have size %#" PRIx32, what, at,
				 word);
	if (word & SQUASH_DATA_PLAIN && len && stored != len)
		return squash_no(s, "%s at byte %" PRIu64 ": %" PRIu32 " bytes stored, but %" PRIu32
				 " needed", what, at, stored, len);
	if (at < s->data_start || at >= s->inodes || stored > s->inodes - at)
		return squash_no(s, "%s at byte %" PRIu64 " lies outside of the data", what, at);
	return true;
}

/* The bytes of a block that lies at at; its length, or -1. */
static int32_t load_block(struct squash *s, uint64_t at, uint32_t word, uint8_t *out,
			  const char *what)
{
	uint32_t stored = word & (SQUASH_DATA_PLAIN - 1);
	bool plain = word & SQUASH_DATA_PLAIN;

	if (!s->stored)
		s->stored = arena_alloc(s->arena, s->info.block_size, 1);
	if (!squash_pread(s, at, plain ? out : s->stored, stored, what))
		return -1;
	if (plain)
		return (int32_t)stored;
	ssize_t n = unpack_run(s->unpack, s->stored, stored, out, s->info.block_size);
	if (n < 0)
		squash_no(s, "%s at byte %" PRIu64 ": not valid %s of at most %" PRIu32 " bytes",
			  what, at, s->info.compression, s->info.block_size);
	return (int32_t)n;
}

struct meta_at inode_blocks(const struct squash *s, const struct squash_node *n)
{
	return (struct meta_at){s->inodes, s->dirs, n->block, n->offset};
}

static struct fragment *load_fragment(struct squash *s, uint32_t index)
{
	static const char what[] = "fragment block";
	uint8_t raw[16];

	for (size_t i = 0; i < FRAGMENTS_KEPT; i++)
		if (s->kept[i].index == index)
			return &s->kept[i];
	struct fragment *f = &s->kept[s->kept_next++ % FRAGMENTS_KEPT];
	if (!table_get(s, &s->fragments, index, raw) ||
	    !data_fits(s, le64(raw), le32(raw + 8), 0, what))
		return NULL;
	if (!f->data)
		f->data = arena_alloc(s->arena, s->info.block_size, 1);
	f->index = SQUASH_NO_FRAGMENT;
	int32_t len = load_block(s, le64(raw), le32(raw + 8), f->data, what);
	if (len < 0)
		return NULL;
	f->index = index;
	f->len = (uint32_t)len;
	return f;
}

bool squash_file(struct squash *s, const struct squash_node *n, struct squash_file *f)
{
	if (s->why)
		return false;
	if (n->type != SQUASH_FILE)
		return squash_no(s, "inode %" PRIu32 " is not a regular file", n->number);
	*f = (struct squash_file){n, n->size, n->start, n->block, n->offset};
	return true;
}

static int tail(struct squash *s, struct squash_file *f, const uint8_t **data, size_t *len)
{
	const struct squash_node *n = f->node;
	struct fragment *g = load_fragment(s, n->fragment);

	if (!g)
		return -1;
	if (n->fragment_at > g->len || f->left > g->len - n->fragment_at) {
		squash_no(s, "inode %" PRIu32 ": its tail goes beyond the fragment block",
			  n->number);
		return -1;
	}
	*data = g->data + n->fragment_at;
	*len = (size_t)f->left;
	f->left = 0;
	return 1;
}

int squash_block(struct squash *s, struct squash_file *f, const uint8_t **data, size_t *len)
{
	struct meta_at list = {s->inodes, s->dirs, f->block, f->offset};
	uint32_t size = s->info.block_size;
	uint8_t raw[4];

	if (s->why)
		return -1;
	if (!f->left)
		return 0;
	if (f->left < size && f->node->fragment != SQUASH_NO_FRAGMENT)
		return tail(s, f, data, len);
	if (f->left < size)
		size = (uint32_t)f->left;
	if (!meta_read(s, &list, raw, sizeof raw, "list of blocks"))
		return -1;
	uint32_t word = le32(raw);
	*data = NULL;
	if (word) {
		static const char what[] = "data block";

		if (!s->block)
			s->block = arena_alloc(s->arena, s->info.block_size, 1);
		if (!data_fits(s, f->at, word, size, what))
			return -1;
		int32_t n = load_block(s, f->at, word, s->block, what);
		if (n >= 0 && (uint32_t)n != size)
			squash_no(s, "%s at byte %" PRIu64 ": has %" PRId32 " bytes, but %" PRIu32
				  " are needed", what, f->at, n, size);
		if (s->why)
			return -1;
		*data = s->block;
	}
	f->at += word & (SQUASH_DATA_PLAIN - 1);
	f->left -= size;
	f->block = list.block;
	f->offset = list.offset;
	*len = size;
	return 1;
}

char *squash_read(struct squash *s, const struct squash_node *n, size_t max, size_t *len)
{
	struct squash_file f;
	const uint8_t *data;
	size_t got, at = 0;
	int more;

	if (!squash_file(s, n, &f))
		return NULL;
	if (n->size > max) {
		squash_no(s, "inode %" PRIu32 " has %" PRIu64 " bytes, more than %zu", n->number,
			  n->size, max);
		return NULL;
	}
	char *out = arena_alloc(s->arena, (size_t)n->size + 1, 1);
	while ((more = squash_block(s, &f, &data, &got)) > 0) {
		if (data)
			memcpy(out + at, data, got);
		at += got;
	}
	if (more < 0)
		return NULL;
	if (len)
		*len = at;
	return out;
}
