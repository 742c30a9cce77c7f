/* send.c - read an image and tell what is in it
 *
 * MUST run where nothing can be done but this: it is what a hostile image
 * would take over.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/squash/stream.h"
#include "core/squash/walk.h"

#define BUFFER ((size_t)64 << 10)

struct sender {
	struct arena *arena;
	struct squash *s;
	int out;
	size_t len;
	uint8_t buffer[BUFFER];
};

static bool put(int out, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t done = write(out, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static bool flush(struct sender *t)
{
	size_t n = t->len;

	t->len = 0;
	return put(t->out, t->buffer, n);
}

/* Small pieces are gathered, large ones go straight through. */
static bool add(struct sender *t, const void *data, size_t n)
{
	if (n > BUFFER - t->len && !flush(t))
		return false;
	if (n > BUFFER)
		return put(t->out, data, n);
	if (n)
		memcpy(t->buffer + t->len, data, n);
	t->len += n;
	return true;
}

static bool message(struct sender *t, enum stream_kind kind, const void *data, size_t n)
{
	struct stream_head h = {kind, (uint32_t)n};

	return add(t, &h, sizeof h) && add(t, data, n);
}

static bool send_contents(struct sender *t, const struct squash_node *n)
{
	struct squash_file f;
	const uint8_t *data;
	size_t len;
	int more;

	if (!squash_file(t->s, n, &f))
		return false;
	while ((more = squash_block(t->s, &f, &data, &len)) > 0) {
		uint64_t hole = len;
		bool sent = data ? message(t, STREAM_DATA, data, len) :
				   message(t, STREAM_HOLE, &hole, sizeof hole);

		if (!sent)
			return false;
	}
	return !more;
}

static bool send_entry(struct sender *t, const struct squash_entry *e)
{
	const struct squash_node *n = &e->node;
	struct stream_entry m = {
		.size = n->size, .type = n->type, .mode = n->mode, .uid = n->uid, .gid = n->gid,
		.mtime = n->mtime, .depth = e->depth, .number = n->number, .links = n->nlink,
		.again = e->again, .name_len = (uint16_t)strlen(e->name),
		.target_len = n->type == SQUASH_LINK ? (uint16_t)n->size : 0,
	};
	struct stream_head h = {STREAM_ENTRY, sizeof m + m.name_len + m.target_len};

	if (!add(t, &h, sizeof h) || !add(t, &m, sizeof m) || !add(t, e->name, m.name_len) ||
	    !add(t, n->target, m.target_len))
		return false;
	return n->type != SQUASH_FILE || e->again || send_contents(t, n);
}

static const char *no_special_files(struct sender *t)
{
	static const char *const names[] = {
		[SQUASH_BLOCK] = "a block device", [SQUASH_CHAR] = "a character device",
		[SQUASH_FIFO] = "a FIFO", [SQUASH_SOCKET] = "a socket",
	};
	struct squash_walk *w = squash_walk(t->s, "");
	struct squash_entry e;

	while (w && squash_next(w, &e))
		if (e.node.type >= SQUASH_BLOCK)
			return arena_printf(t->arena, "\"%s\" is %s", e.path, names[e.node.type]);
	return squash_why(t->s);
}

/* Everything is looked at before anything is told. */
static bool send_all(struct sender *t, const char **why)
{
	struct squash_sum sum;
	struct squash_entry e;

	if (!squash_check(t->s, &sum))
		return false;
	if ((*why = no_special_files(t)))
		return false;
	struct stream_begin b = {sum.stored_blocks, squash_info(t->s)->inodes, 0};
	if (!message(t, STREAM_BEGIN, &b, sizeof b))
		return false;
	struct squash_walk *w = squash_walk(t->s, "");
	while (w && squash_next(w, &e))
		if (!send_entry(t, &e))
			return false;
	return !squash_why(t->s) && message(t, STREAM_END, NULL, 0) && flush(t);
}

bool stream_send(int out, void *arg)
{
	struct arena *a = arena_new();
	struct sender *t = NEW(a, struct sender);
	const char *why = NULL;

	t->arena = a;
	t->out = out;
	t->s = squash_open(a, *(int *)arg, NULL, &why);
	if (t->s && send_all(t, &why))
		return true;
	if (!why && t->s)
		why = squash_why(t->s);
	if (why && message(t, STREAM_REFUSED, why, strlen(why)))
		flush(t);
	return false;
}
