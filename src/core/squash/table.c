/* table.c - tables of equal entries with an index: owners, fragments, exports, xattrs
 *
 * MUST know where every block of a table is, and that they lie in order right
 * before the index, before the first entry is read.
 */
#include <inttypes.h>
#include <string.h>

#include "core/squash/inner.h"

static bool blocks_fit(struct squash *s, const struct table *t, uint32_t blocks)
{
	for (uint32_t i = 0; i < blocks; i++) {
		uint64_t from = t->block[i], to = t->block[i + 1];

		if (from < SQUASH_SUPER || from >= to || to - from < 3 ||
		    to - from > SQUASH_META_STORED)
			return squash_no(s, "%s table: block %" PRIu32 " cannot be at byte %" PRIu64
					 " to %" PRIu64, t->name, i, from, to);
	}
	return true;
}

bool table_open(struct squash *s, struct table *t, const char *name, uint64_t at, uint64_t end,
		uint64_t blocks_end, uint32_t count, uint32_t entry, uint64_t *first)
{
	uint64_t blocks = ((uint64_t)count * entry + SQUASH_META - 1) / SQUASH_META;

	*t = (struct table){.name = name, .count = count, .entry = entry};
	/* The index fills its place exactly, as the kernel wants it too. */
	if (at < SQUASH_SUPER || at > end || end - at != blocks * 8)
		return squash_no(s, "%s table: its index at byte %" PRIu64 " does not fit %" PRIu32
				 " entries before byte %" PRIu64, name, at, count, end);
	t->block = NEW_N(s->arena, uint64_t, blocks + 1);
	for (uint64_t i = 0; i < blocks; i++) {
		uint8_t raw[8];

		if (!squash_pread(s, at + i * 8, raw, sizeof raw, name))
			return false;
		t->block[i] = le64(raw);
	}
	t->block[blocks] = blocks_end;
	*first = t->block[0];
	return blocks_fit(s, t, (uint32_t)blocks);
}

bool table_get(struct squash *s, const struct table *t, uint32_t i, uint8_t *out)
{
	uint32_t per_block = SQUASH_META / t->entry, b = i / per_block;

	if (i >= t->count)
		return squash_no(s, "%s table: number %" PRIu32 " of %" PRIu32, t->name, i,
				 t->count);
	struct meta *m = meta_block(s, t->block[b], t->block[b + 1], t->name);
	if (!m)
		return false;
	uint32_t rest = t->count - b * per_block;
	uint32_t want = (rest < per_block ? rest : per_block) * t->entry;
	if (m->len != want || m->next != t->block[b + 1])
		return squash_no(s, "%s table: the block at byte %" PRIu64 " has %" PRIu32
				 " bytes where %" PRIu32 " are needed", t->name, m->at, m->len,
				 want);
	memcpy(out, m->data + (i % per_block) * t->entry, t->entry);
	return true;
}
