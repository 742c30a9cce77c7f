/* dir.c - listings of directories
 *
 * MUST refuse a name that could climb, hide or be there twice, and a name whose
 * type or number is not its inode's.
 *
 * mksquashfs and every other writer sort by byte, the kernel's look-up needs it.
 */
#include <inttypes.h>
#include <string.h>

#include "core/squash/inner.h"

static const char what[] = "directory table";

bool dir_open(struct squash *s, const struct squash_node *n, struct dir_at *d)
{
	*d = (struct dir_at){
		.at = {s->dirs, s->dirs_end, 0, n->list_offset},
		.size = n->list_size - SQUASH_DIR_EMPTY,
		.left = n->list_size - SQUASH_DIR_EMPTY,
	};
	if (n->type != SQUASH_DIR)
		return squash_no(s, "inode %" PRIu32 " is not a directory", n->number);
	if (d->left && n->list_block >= s->dirs_end - s->dirs)
		return squash_no(s, "inode %" PRIu32 ": no listing can be at %" PRIu32, n->number,
				 n->list_block);
	d->at.block = s->dirs + n->list_block;
	return true;
}

static bool take(struct squash *s, struct dir_at *d, uint8_t *out, uint32_t n)
{
	if (n > d->left)
		return squash_no(s, "%s: a listing ends within a name", what);
	d->left -= n;
	return meta_read(s, &d->at, out, n, what);
}

static bool read_head(struct squash *s, struct dir_at *d)
{
	uint8_t raw[12];

	d->head_offset = d->size - d->left;
	if (!take(s, d, raw, sizeof raw))
		return false;
	/* Compared before one is added: the largest count must not wrap to none. */
	if (le32(raw) >= SQUASH_RUN_MAX)
		return squash_no(s, "%s: %" PRIu32 " names below one header", what, le32(raw));
	d->run = le32(raw) + 1;
	d->head_block = le32(raw + 4);
	d->head_number = le32(raw + 8);
	d->head = true;
	return true;
}

static bool name_fits(struct squash *s, const char *last, uint32_t last_len, const char *name,
		      uint32_t len)
{
	if (memchr(name, '\0', len) || memchr(name, '/', len))
		return squash_no(s, "%s: a name with %s in it", what,
				 memchr(name, '/', len) ? "\"/\"" : "NUL");
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return squash_no(s, "%s: a name that is \"%s\"", what, name);
	if (!last_len)
		return true;
	int order = strcmp(last, name);
	if (order >= 0)
		return squash_no(s, "%s: \"%s\" %s \"%s\"", what, name,
				 order ? "is listed after" : "is there twice: after", last);
	return true;
}

static bool read_name(struct squash *s, struct dir_at *d)
{
	uint8_t raw[8];
	char name[SQUASH_NAME_MAX + 1];

	if (!take(s, d, raw, sizeof raw))
		return false;
	uint32_t len = le16(raw + 6) + 1;
	if (len > SQUASH_NAME_MAX)
		return squash_no(s, "%s: a name of %" PRIu32 " bytes", what, len);
	if (!take(s, d, (uint8_t *)name, len))
		return false;
	name[len] = '\0';
	if (!name_fits(s, d->name, d->name_len, name, len))
		return false;
	memcpy(d->name, name, len + 1);
	d->name_len = len;
	/* Numbers are told as the distance, 16 bits with a sign, from the header's. */
	d->number = d->head_number + (uint32_t)(int32_t)(int16_t)le16(raw + 2);
	d->type = le16(raw + 4);
	d->ref = (uint64_t)d->head_block << 16 | le16(raw);
	if (++d->count > s->limits.dir)
		return squash_no(s, "%s: more than %" PRIu32 " names in one directory", what,
				 s->limits.dir);
	return true;
}

bool dir_next(struct squash *s, struct dir_at *d)
{
	d->head = false;
	if (s->why || (!d->run && !d->left))
		return false;
	if (!d->run && !read_head(s, d))
		return false;
	d->run--;
	return read_name(s, d);
}

bool dir_node(struct squash *s, const struct dir_at *d, struct squash_node *n)
{
	if (!inode_load(s, d->ref, n))
		return false;
	if (n->number != d->number || n->type != d->type)
		return squash_no(s, "\"%s\" is inode %" PRIu32 " of type %" PRIu32
				 " in its directory, but %" PRIu32 " of type %d in the table",
				 d->name, d->number, d->type, n->number, (int)n->type);
	return true;
}

bool squash_lookup(struct squash *s, const char *path, struct squash_node *n)
{
	struct dir_at d;

	if (s->why || !inode_load(s, s->root, n))
		return false;
	while (*path) {
		size_t len = strcspn(path, "/");
		bool found = false;

		if (n->type != SQUASH_DIR)
			return false;
		if (!dir_open(s, n, &d))
			return false;
		while (!found && dir_next(s, &d))
			found = d.name_len == len && !memcmp(d.name, path, len);
		if (!found || !dir_node(s, &d, n))
			return false;
		path += len;
		if (*path == '/' && !*++path)
			return false; /* ends in "/" */
	}
	return true;
}
