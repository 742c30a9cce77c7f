/* meta.c - metadata blocks and the tables made of them
 *
 * MUST NOT hand out a byte of a block before the block's place, its stored size
 * and its unpacked size are checked.
 *
 * A block is unpacked once and kept: the sum is bounded by limits.metadata, so
 * an image that refers to ever new places in a table ends there.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "core/squash/inner.h"

bool squash_no(struct squash *s, const char *fmt, ...)
{
	va_list ap;

	if (s->why)
		return false;
	va_start(ap, fmt);
	s->why = arena_vprintf(s->arena, fmt, ap);
	va_end(ap);
	return false;
}

bool squash_pread(struct squash *s, uint64_t at, void *out, size_t n, const char *what)
{
	uint8_t *p = out;

	while (n) {
		ssize_t got = pread(s->fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return squash_no(s, "%s at byte %" PRIu64 ": %s", what, at,
					 strerror(errno));
		if (!got)
			return squash_no(s, "%s: the file ends at byte %" PRIu64, what, at);
		p += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}

static struct meta *find_slot(const struct meta_cache *c, uint64_t at)
{
	size_t i = (size_t)(at * 0x9e3779b97f4a7c15u >> 32) & (c->slots - 1);

	while (c->slot[i].at && c->slot[i].at != at)
		i = (i + 1) & (c->slots - 1);
	return &c->slot[i];
}

static void make_room(struct squash *s)
{
	struct meta_cache old = s->cache;

	if (old.used * 2 < old.slots)
		return;
	s->cache.slots = old.slots ? old.slots * 2 : 64;
	s->cache.slot = NEW_N(s->arena, struct meta, s->cache.slots);
	for (size_t i = 0; i < old.slots; i++)
		if (old.slot[i].at)
			*find_slot(&s->cache, old.slot[i].at) = old.slot[i];
}

/* Unpack a block's stored bytes into out (SQUASH_META bytes); its length, or 0. */
static uint32_t unpack_meta(struct squash *s, uint64_t at, uint32_t header, uint8_t *out,
			    const char *what)
{
	uint32_t stored = header & ~SQUASH_META_PLAIN;
	uint8_t in[SQUASH_META];

	if (!squash_pread(s, at + 2, header & SQUASH_META_PLAIN ? out : in, stored, what))
		return 0;
	if (header & SQUASH_META_PLAIN)
		return stored;
	ssize_t n = unpack_run(s->unpack, in, stored, out, SQUASH_META);
	if (n <= 0) {
		squash_no(s, "%s: the block at byte %" PRIu64 " is not valid %s of at most "
			  "%u bytes", what, at, s->info.compression, SQUASH_META);
		return 0;
	}
	return (uint32_t)n;
}

/* Read the block at at into its free slot. The buffers are here and not in
 * meta_block(): what ships clears locals, and most blocks are there already. */
__attribute__((noinline))
static bool load_meta(struct squash *s, struct meta *m, uint64_t at, uint64_t end,
		      const char *what)
{
	uint8_t head[2], out[SQUASH_META];

	if (!squash_pread(s, at, head, 2, what))
		return false;
	uint32_t stored = le16(head) & ~SQUASH_META_PLAIN;
	if (!stored || stored > SQUASH_META || stored > end - at - 2)
		return squash_no(s, "%s: the block at byte %" PRIu64 " says it has %" PRIu32
				 " bytes", what, at, stored);
	uint32_t len = unpack_meta(s, at, le16(head), out, what);
	if (!len)
		return false;
	if (s->cache.bytes + len > s->limits.metadata)
		return squash_no(s, "%s: more than %" PRIu64 " bytes of tables", what,
				 s->limits.metadata);
	s->cache.bytes += len;
	s->cache.used++;
	*m = (struct meta){.at = at, .next = at + 2 + stored, .len = len,
			   .data = (uint8_t *)arena_dupn(s->arena, (char *)out, len)};
	return true;
}

struct meta *meta_block(struct squash *s, uint64_t at, uint64_t end, const char *what)
{
	if (at < SQUASH_SUPER || at >= end || end - at < 3) {
		squash_no(s, "%s: no block can be at byte %" PRIu64, what, at);
		return NULL;
	}
	make_room(s);
	struct meta *m = find_slot(&s->cache, at);
	if (!m->at && !load_meta(s, m, at, end, what))
		return NULL;
	if (m->next > end) {
		squash_no(s, "%s: the block at byte %" PRIu64 " goes beyond the table", what, at);
		return NULL;
	}
	return m;
}

bool meta_read(struct squash *s, struct meta_at *at, void *out, size_t n, const char *what)
{
	uint8_t *p = out;

	while (n) {
		struct meta *m = meta_block(s, at->block, at->end, what);

		if (!m)
			return false;
		if (at->offset >= m->len) {
			/* Only full blocks are followed by another. */
			if (at->offset > m->len || m->len != SQUASH_META)
				return squash_no(s, "%s: offset %" PRIu32 " in the block at byte %"
						 PRIu64 ", which has %" PRIu32, what, at->offset,
						 m->at, m->len);
			at->block = m->next;
			at->offset = 0;
			continue;
		}
		size_t here = m->len - at->offset < n ? m->len - at->offset : n;

		if (p) {
			memcpy(p, m->data + at->offset, here);
			p += here;
		}
		at->offset += (uint32_t)here;
		n -= here;
	}
	return true;
}

bool meta_chain(struct squash *s, uint64_t start, uint64_t end, const char *what)
{
	while (start < end) {
		struct meta *m = meta_block(s, start, end, what);

		if (!m)
			return false;
		if (m->len != SQUASH_META && m->next != end)
			return squash_no(s, "%s: the block at byte %" PRIu64 " has %" PRIu32
					 " bytes and is not the last", what, start, m->len);
		m->chained = true;
		start = m->next;
	}
	return true;
}

bool meta_all_chained(struct squash *s, uint64_t start, uint64_t end, const char *what)
{
	for (size_t i = 0; i < s->cache.slots; i++) {
		const struct meta *m = &s->cache.slot[i];

		if (m->at >= start && m->at < end && !m->chained)
			return squash_no(s, "%s: byte %" PRIu64 " is inside of another block", what,
					 m->at);
	}
	return true;
}
