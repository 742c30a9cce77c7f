/* state.c - what is installed: one plain text file a snap, below DIR_INSTALLED
 *
 * Strictness is had cheaply: lines are read in the one order that the writer
 * uses, and then the result is written again and compared byte by byte.
 */
#include "policy/model/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/fs.h"
#include "core/node.h"
#include "core/str.h"
#include "core/vec.h"
#include "policy/model/name.h"

#define STATE_MAX (256u << 10)
#define STATE_REVS_MAX 1000
#define LOCAL_MAX 2147483647

static const char *const types[] = {"app", "base", "kernel", "gadget", "os", "snapd", NULL};
static const char *const confinements[] = {"strict", "classic", "devmode", NULL};
static const char *const mode_words[] = {"devmode", "jailmode", "classic"};

char *state_key(struct arena *a, const char *name, const char *rev)
{
	return arena_printf(a, "%s_%s", name, rev);
}

char *state_time(struct arena *a, uint64_t seconds)
{
	char text[64];
	time_t t = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm))
		memset(&tm, 0, sizeof tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return arena_dup(a, text);
}

static bool time_parse(const char *s, uint64_t *out)
{
	struct tm tm = {0};
	const char *end = strlen(s) == 20 ? strptime(s, "%Y-%m-%dT%H:%M:%SZ", &tm) : NULL;
	time_t t = end && !*end ? timegm(&tm) : -1;

	*out = (uint64_t)t;
	return t >= 0;
}

static const char *print_modes(struct arena *a, unsigned modes)
{
	struct buf b = buf_new(a);

	for (size_t i = 0; i < 3; i++)
		if (modes & 1u << i)
			buf_printf(&b, "%s%s", b.len ? " " : "", mode_words[i]);
	return b.len ? buf_text(&b) : "-";
}

static bool parse_modes(struct arena *a, const char *s, unsigned *out)
{
	*out = 0;
	if (str_eq(s, "-"))
		return true;
	for (char **w = str_split(a, s, ' ', NULL); *w; w++) {
		size_t i = 0;

		while (i < 3 && strcmp(*w, mode_words[i]))
			i++;
		if (i == 3)
			return false;
		*out |= 1u << i;
	}
	return true;
}

/* printf would be half the time of listing a thousand snaps. */
static void line(struct buf *b, const char *key, const char *value)
{
	buf_str(b, key);
	buf_char(b, ' ');
	buf_str(b, value);
	buf_char(b, '\n');
}

static void number(struct buf *b, const char *key, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	line(b, key, text);
}

static void print_rev(struct arena *a, struct buf *b, const struct state_rev *r)
{
	line(b, "revision", r->id);
	line(b, "  version", r->version);
	line(b, "  base", r->base);
	line(b, "  confinement", r->confinement);
	line(b, "  installed", state_time(a, r->installed));
	number(b, "  size", r->size);
	line(b, "  sha3-384", r->sha3_384);
	line(b, "  commands", r->commands);
	line(b, "  kept", r->tree ? "tree" : "image");
	line(b, "  trust", r->dangerous ? "dangerous" : "signed");
}

char *state_print(struct arena *a, const struct state *s)
{
	struct buf b = buf_new(a);

	buf_str(&b, "snapbox-state 1\n");
	line(&b, "snap", s->name);
	line(&b, "type", s->type);
	line(&b, "modes", print_modes(a, s->modes));
	number(&b, "next", s->next);
	line(&b, "current", s->current);
	for (size_t i = 0; i < s->revs.len; i++)
		print_rev(a, &b, &s->revs.at[i]);
	buf_str(&b, "end\n");
	return b.data;
}

/* The lines of a file, taken one by one. */
struct lines {
	char **at;
	size_t number;
	char *why;
};

static const char *take(struct lines *l, const char *key)
{
	const char *line = l->at[l->number], *value = line ? str_after(line, key) : NULL;

	if (!value || *value != ' ' || !value[1]) {
		if (!*l->why)
			snprintf(l->why, WHY_MAX, "line %zu: no \"%s\" here", l->number + 1, key);
		return NULL;
	}
	l->number++;
	return value + 1;
}

static bool fail(struct lines *l, const char *what)
{
	if (!*l->why)
		snprintf(l->why, WHY_MAX, "line %zu: %s", l->number, what);
	return false;
}

static bool are_commands(struct arena *a, const char *text, const char *snap)
{
	const char *instance, *app;

	if (str_eq(text, "-"))
		return true;
	for (char **w = str_split(a, text, ' ', NULL); *w; w++)
		if (!command_parse(a, *w, &instance, &app) || strcmp(instance, snap))
			return false;
	return true;
}

static bool parse_rev(struct arena *a, struct lines *l, const char *snap, struct state_rev *r)
{
	const char *v;

	if (!(r->id = take(l, "revision")))
		return false;
	if (!name_is_revision(r->id))
		return fail(l, "not a revision");
	if (!(r->version = take(l, "  version")))
		return false;
	if (!str_eq(r->version, "-") && !name_is_version(r->version))
		return fail(l, "not a version");
	if (!(r->base = take(l, "  base")))
		return false;
	if (!str_eq(r->base, "-") && !name_is_snap(r->base))
		return fail(l, "not a base");
	if (!(r->confinement = take(l, "  confinement")))
		return false;
	if (!str_in(r->confinement, confinements))
		return fail(l, "not a confinement");
	if (!(v = take(l, "  installed")))
		return false;
	if (!time_parse(v, &r->installed))
		return fail(l, "not a time");
	if (!(v = take(l, "  size")))
		return false;
	if (!str_to_u64(v, INT64_MAX, &r->size))
		return fail(l, "not a size");
	if (!(r->sha3_384 = take(l, "  sha3-384")))
		return false;
	if (strlen(r->sha3_384) != 64)
		return fail(l, "not a SHA3-384 digest");
	if (!(r->commands = take(l, "  commands")))
		return false;
	if (!are_commands(a, r->commands, snap))
		return fail(l, "not commands of this snap");
	if (!(v = take(l, "  kept")))
		return false;
	r->tree = str_eq(v, "tree");
	if (!(v = take(l, "  trust")))
		return false;
	r->dangerous = str_eq(v, "dangerous");
	return true;
}

static bool parse_head(struct arena *a, struct lines *l, struct state *s)
{
	const char *v;

	if (!(v = take(l, "snapbox-state")))
		return false;
	if (!str_eq(v, "1"))
		return fail(l, "a format of another version of snapbox");
	if (!(s->name = take(l, "snap")))
		return false;
	if (!name_is_instance(s->name))
		return fail(l, "not a snap name");
	if (!(s->type = take(l, "type")))
		return false;
	if (!str_in(s->type, types))
		return fail(l, "not a type");
	if (!(v = take(l, "modes")))
		return false;
	if (!parse_modes(a, v, &s->modes))
		return fail(l, "not a mode");
	if (!(v = take(l, "next")))
		return false;
	if (!str_to_u64(v, LOCAL_MAX, &s->next))
		return fail(l, "not a number");
	return (s->current = take(l, "current")) != NULL;
}

bool state_parse(struct arena *a, const char *text, size_t len, struct state *out, char *why)
{
	struct lines l = {.why = why};

	*why = '\0';
	*out = (struct state){0};
	if (strlen(text) != len) {
		snprintf(why, WHY_MAX, "a NUL byte at %zu", strlen(text));
		return false;
	}
	l.at = str_split(a, text, '\n', NULL);
	if (!parse_head(a, &l, out))
		return false;
	while (l.at[l.number] && strcmp(l.at[l.number], "end")) {
		struct state_rev r = {0};

		if (!parse_rev(a, &l, out->name, &r))
			return false;
		if (state_find(out, r.id) || out->revs.len == STATE_REVS_MAX)
			return fail(&l, "a revision too many");
		vec_push(a, &out->revs, r);
	}
	if (!state_current(out))
		return fail(&l, "the current revision is not in the list");
	const char *again = state_print(a, out);
	if (!strcmp(again, text))
		return true;
	size_t same = 0, line = 1;
	for (; again[same] && again[same] == text[same]; same++)
		line += again[same] == '\n';
	snprintf(why, WHY_MAX, "line %zu: not written as snapbox writes it", line);
	return false;
}

struct state *state_try_in(struct arena *a, int dir, const char *name, char *why)
{
	struct state *s = NEW(a, struct state);
	size_t len;

	*why = '\0';
	if (dir < 0 || !name_is_instance(name))
		return NULL;
	char *text = fs_read(a, dir, name, STATE_MAX, &len);
	if (!text && errno != ENOENT)
		snprintf(why, WHY_MAX, "%m");
	if (!text || !state_parse(a, text, len, s, why))
		return NULL;
	if (!strcmp(s->name, name))
		return s;
	snprintf(why, WHY_MAX, "is about %s", s->name);
	return NULL;
}

struct state *state_try(struct arena *a, const char *name, char *why)
{
	int dir = dirs_open(DIR_INSTALLED);

	if (dir < 0 && errno != ENOENT) {
		snprintf(why, WHY_MAX, "%m");
		return NULL;
	}
	struct state *s = state_try_in(a, dir, name, why);
	if (dir >= 0)
		close(dir);
	return s;
}

struct state *state_load(struct arena *a, const char *name)
{
	char why[WHY_MAX];
	struct state *s = state_try(a, name, why);

	if (*why)
		die("%s: %s", dirs_path(a, DIR_INSTALLED, "%s", name), why);
	return s;
}

char **state_names(struct arena *a, size_t *count)
{
	size_t all = 0, n = 0;
	int dir = dirs_open(DIR_INSTALLED);

	if (dir < 0 && errno == ENOENT) {
		*count = 0;
		return NEW(a, char *);
	}
	char **names = dir < 0 ? NULL : fs_list(a, dir, ".", &all);
	if (!names)
		die("%s: %m", dirs_path(a, DIR_INSTALLED, "%s", ""));
	close(dir);
	for (size_t i = 0; i < all; i++) /* what a crashed writer left is not a name */
		if (name_is_instance(names[i]))
			names[n++] = names[i];
	names[n] = NULL;
	*count = n;
	return names;
}

struct state_rev *state_find(const struct state *s, const char *id)
{
	for (size_t i = 0; i < s->revs.len; i++)
		if (!strcmp(s->revs.at[i].id, id))
			return &s->revs.at[i];
	return NULL;
}

struct state_rev *state_current(const struct state *s)
{
	return state_find(s, s->current);
}

void state_forget(struct state *s, const char *id)
{
	struct state_rev *r = state_find(s, id);

	if (!r)
		return;
	size_t i = (size_t)(r - s->revs.at);
	memmove(r, r + 1, (s->revs.len - i - 1) * sizeof *r);
	s->revs.len--;
}

void state_stage(struct txn *t, const struct state *s)
{
	struct arena *a = txn_arena(t);
	char *text = state_print(a, s);

	txn_write(t, DIR_INSTALLED, s->name, text, strlen(text), 0644);
}

void state_stage_gone(struct txn *t, const char *name)
{
	txn_drop(t, DIR_INSTALLED, name);
}

void state_drop_files(struct txn *t, const char *name, const struct state_rev *r)
{
	struct arena *a = txn_arena(t);
	char *key = state_key(a, name, r->id);

	txn_drop(t, DIR_RECORDS, key);
	if (r->tree)
		txn_drop(t, DIR_TREES, key);
	else
		txn_drop(t, DIR_SNAP_FILES, arena_printf(a, "%s.snap", key));
}
