/* conns.c - which plug uses which slot: one plain text file for the whole system
 *
 * Ten thousand lines are read by every connect and list: a line is cut where it
 * lies, and what could be written in two ways is refused on the spot instead of
 * being written again and compared.
 */
#include "policy/model/conns.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/fs.h"
#include "core/node.h"
#include "core/str.h"
#include "core/vec.h"
#include "policy/model/name.h"

#define HEAD "snapbox-connections 1\n"
#define FILE_MAX ((size_t)64 << 20)

const char *const conn_how_names[] = {"auto", "manual", "undesired", NULL};

static int compare(const struct conn_line *x, const struct conn_line *y)
{
	int c = strcmp(x->plug_snap, y->plug_snap);

	c = c ? c : strcmp(x->plug, y->plug);
	c = c ? c : strcmp(x->slot_snap, y->slot_snap);
	return c ? c : strcmp(x->slot, y->slot);
}

/* Where like is, or would have to be. */
static size_t place_of(const struct conn_lines *lines, const struct conn_line *like)
{
	size_t low = 0, high = lines->len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(&lines->at[mid], like) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct conn_line *conns_find(const struct conn_lines *lines, const struct conn_line *like)
{
	size_t i = place_of(lines, like);

	return i < lines->len && !compare(&lines->at[i], like) ? &lines->at[i] : NULL;
}

void conns_put(struct arena *a, struct conn_lines *lines, struct conn_line line)
{
	size_t i = place_of(lines, &line);

	if (i < lines->len && !compare(&lines->at[i], &line)) {
		lines->at[i] = line;
		return;
	}
	if (lines->len == CONNS_MAX)
		die("more than %d connections", CONNS_MAX);
	vec_push(a, lines, line);
	memmove(&lines->at[i + 1], &lines->at[i], (lines->len - 1 - i) * sizeof line);
	lines->at[i] = line;
}

void conns_drop(struct conn_lines *lines, size_t i)
{
	memmove(&lines->at[i], &lines->at[i + 1], (lines->len - i - 1) * sizeof *lines->at);
	lines->len--;
}

bool conn_line_is_of(const struct conn_line *line, const char *snap)
{
	return line->how != CONN_UNDESIRED &&
	       (!strcmp(line->plug_snap, snap) || !strcmp(line->slot_snap, snap));
}

const char *conns_print(struct arena *a, const struct conn_lines *lines)
{
	struct buf b = buf_new(a);

	buf_str(&b, HEAD);
	for (size_t i = 0; i < lines->len; i++) {
		const struct conn_line *l = &lines->at[i];
		const char *const parts[] = {
			l->plug_snap, ":", l->plug,  " ", l->slot_snap,		   ":",
			l->slot,      " ", l->iface, " ", conn_how_names[l->how], "\n",
		};

		for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
			buf_str(&b, parts[k]);
	}
	buf_str(&b, "end\n");
	return buf_text(&b);
}

/* The text up to the mark, which is cut off; NULL when there is none. */
static const char *cut(char **rest, char mark)
{
	char *start = *rest, *end = strchr(start, mark);

	if (!end)
		return NULL;
	*end = '\0';
	*rest = end + 1;
	return start;
}

static bool read_how(const char *word, enum conn_how *out)
{
	for (size_t i = 0; conn_how_names[i]; i++)
		if (!strcmp(word, conn_how_names[i])) {
			*out = (enum conn_how)i;
			return true;
		}
	return false;
}

/* What is wrong with the line, or NULL. */
static const char *read_line(char *text, struct conn_line *l)
{
	l->plug_snap = cut(&text, ':');
	l->plug = l->plug_snap ? cut(&text, ' ') : NULL;
	l->slot_snap = l->plug ? cut(&text, ':') : NULL;
	l->slot = l->slot_snap ? cut(&text, ' ') : NULL;
	l->iface = l->slot ? cut(&text, ' ') : NULL;
	if (!l->iface)
		return "not of the form SNAP:PLUG SNAP:SLOT INTERFACE HOW";
	if (!name_is_instance(l->plug_snap) || !name_is_instance(l->slot_snap))
		return "not the name of a snap";
	if (!name_is_port(l->plug) || !name_is_port(l->slot))
		return "not the name of a plug or slot";
	if (!name_is_port(l->iface))
		return "not the name of an interface";
	return read_how(text, &l->how) ? NULL : "neither auto nor manual nor undesired";
}

static bool refuse(char *why, size_t number, const char *reason)
{
	snprintf(why, WHY_MAX, "line %zu: %s", number, reason);
	return false;
}

bool conns_parse(struct arena *a, const char *text, size_t len, struct conn_lines *out, char *why)
{
	char *copy = arena_dupn(a, text, len), *rest;
	size_t number = 2;

	*out = (struct conn_lines){0};
	if (strlen(copy) != len)
		return refuse(why, 1, "a NUL byte in the file");
	if (!str_starts(copy, HEAD))
		return refuse(why, 1, "a format of another version of snapbox");
	rest = copy + strlen(HEAD);
	for (;; number++) {
		struct conn_line l;
		char *line = (char *)cut(&rest, '\n');

		if (!line)
			return refuse(why, number, "the file ends here");
		if (!strcmp(line, "end"))
			break;
		const char *reason = read_line(line, &l);
		if (reason)
			return refuse(why, number, reason);
		if (out->len && compare(&out->at[out->len - 1], &l) >= 0)
			return refuse(why, number, "not in order");
		if (out->len == CONNS_MAX)
			return refuse(why, number, "a connection too many");
		vec_push(a, out, l);
	}
	return *rest ? refuse(why, number + 1, "text after the end") : true;
}

struct conn_lines conns_load(struct arena *a)
{
	struct conn_lines out = {0};
	char why[WHY_MAX];
	size_t len;
	int dir = dirs_open(DIR_STATE);
	char *text = dir < 0 ? NULL : fs_read(a, dir, CONNS_FILE, FILE_MAX, &len);
	int saved = errno;

	if (dir >= 0)
		close(dir);
	errno = saved;
	if (!text && errno != ENOENT)
		die("%s: %m", dirs_path(a, DIR_STATE, CONNS_FILE));
	if (text && !conns_parse(a, text, len, &out, why))
		die("%s: %s", dirs_path(a, DIR_STATE, CONNS_FILE), why);
	return out;
}

void conns_stage(struct txn *t, const struct conn_lines *lines)
{
	const char *text = conns_print(txn_arena(t), lines);

	if (!lines->len) {
		txn_drop(t, DIR_STATE, CONNS_FILE);
		return;
	}
	txn_write(t, DIR_STATE, CONNS_FILE, text, strlen(text), 0644);
}
