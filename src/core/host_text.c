/* host_text.c - facts of a system as text, for machines that are elsewhere
 *
 * The reader MUST accept exactly what the writer writes: policy for another
 * machine follows from these lines.
 */
#include "core/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "core/str.h"
#include "core/template.h"
#include "core/vec.h"

#define HEAD "snapbox-host 1"
#define FACTS_MAX 2000
#define IDS_MAX 5000
#define LINE_BYTES_MAX 8192
#define ID_MAX 0xfffffffeu

static const char *const states[] = {
	[HOST_MISSING] = "missing", [HOST_PRESENT] = "present", [HOST_UNKNOWN] = "unknown",
};

struct reader {
	struct arena *arena;
	char **lines;
	unsigned line;
	char *why;
	struct host *host;
	VEC(struct host_fact) facts;
	VEC(struct host_id) ids[2];
};

/* Text that can stand in a line; blanks only single ones between words. */
static bool is_text(const char *s)
{
	bool blank = true;

	for (; *s; s++) {
		if ((unsigned char)*s < ' ' || (unsigned char)*s > '~' || (*s == ' ' && blank))
			return false;
		blank = *s == ' ';
	}
	return !blank;
}

static bool is_word(const char *s)
{
	return is_text(s) && !strchr(s, ' ');
}

static bool is_group(const char *s)
{
	return *s && str_only(s, "abcdefghijklmnopqrstuvwxyz");
}

bool host_id_name_ok(const char *s)
{
	return ((*s >= 'a' && *s <= 'z') || *s == '_') && strlen(s) <= 32 &&
	       str_only(s, "abcdefghijklmnopqrstuvwxyz0123456789-_");
}

/* --- the writer --- */

/* Kernels say nothing odd; what would be is shown as "?", so that there is one form. */
static const char *tidy(struct arena *a, const char *s)
{
	char *copy = arena_dup(a, s), *to = copy;

	for (; *s; s++)
		if (*s != ' ')
			*to++ = *s > ' ' && *s <= '~' ? *s : '?';
		else if (to != copy && to[-1] != ' ')
			*to++ = ' ';
	while (to != copy && to[-1] == ' ')
		to--;
	*to = '\0';
	return copy;
}

static void print_fact(struct buf *out, const struct host_fact *f)
{
	const char *name = tidy(out->arena, f->name), *detail = tidy(out->arena, f->detail);

	buf_printf(out, "%s %s", states[f->state], f->group);
	if (*name)
		buf_printf(out, " %s", name);
	if (*detail)
		buf_printf(out, " = %s", detail);
	buf_char(out, '\n');
}

void host_print(struct buf *out, const struct host *h)
{
	static const char *const kinds[] = {"user", "group"};

	buf_printf(out,
		   HEAD "\nkernel %s\nmachine %s\ndistro %s\nremote-home %s\noverlay-root %s\n",
		   h->kernel, h->machine, *h->distro ? h->distro : "-",
		   h->remote_home ? "yes" : "no", *h->overlay_root ? h->overlay_root : "-");
	for (size_t i = 0; i < h->count; i++)
		print_fact(out, &h->facts[i]);
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < h->ids[k].count; i++)
			buf_printf(out, "%s %s %u\n", kinds[k], h->ids[k].at[i].name,
				   h->ids[k].at[i].id);
	buf_str(out, "end\n");
}

/* --- the reader --- */

static bool fail(struct reader *r, const char *what)
{
	snprintf(r->why, WHY_MAX, "line %u: %s", r->line, what);
	return false;
}

static const char *next(struct reader *r)
{
	const char *line = *r->lines;

	r->line++;
	if (line)
		r->lines++;
	return line ? line : "";
}

/* "KEY VALUE" */
static bool take(struct reader *r, const char *key, bool (*fits)(const char *), const char **out)
{
	const char *rest = str_after(next(r), key);

	if (!rest || *rest != ' ' || !fits(rest + 1))
		return fail(r, arena_printf(r->arena, "is not \"%s\" and its value", key));
	*out = rest + 1;
	return true;
}

bool host_distro_ok(const char *s)
{
	return *s && strlen(s) <= 64 && *s != '-' &&
	       str_only(s, "abcdefghijklmnopqrstuvwxyz0123456789._-");
}

static bool is_distro(const char *s)
{
	return str_eq(s, "-") || host_distro_ok(s);
}

static bool is_truth(const char *s)
{
	return str_eq(s, "yes") || str_eq(s, "no");
}

/* It becomes part of AppArmor text. */
bool host_overlay_ok(const char *s)
{
	if (*s != '/' || !s[1] || strlen(s) > 1024 || str_ends(s, "/") || strstr(s, "//"))
		return false;
	return str_only(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+");
}

static bool is_overlay(const char *s)
{
	return str_eq(s, "-") || host_overlay_ok(s);
}

static bool read_head(struct reader *r)
{
	struct host *h = r->host;
	const char *distro, *remote, *overlay;

	if (!str_eq(next(r), HEAD))
		return fail(r, "is not \"" HEAD "\"");
	if (!take(r, "kernel", is_word, &h->kernel) || !take(r, "machine", is_word, &h->machine) ||
	    !take(r, "distro", is_distro, &distro) || !take(r, "remote-home", is_truth, &remote) ||
	    !take(r, "overlay-root", is_overlay, &overlay))
		return false;
	h->distro = str_eq(distro, "-") ? "" : distro;
	h->remote_home = str_eq(remote, "yes");
	h->overlay_root = str_eq(overlay, "-") ? "" : overlay;
	return true;
}

/* "GROUP[ NAME][ = DETAIL]" */
static bool read_fact(struct reader *r, enum host_state state, const char *text)
{
	const char *equals = strstr(text, " = ");
	char *left = arena_dupn(r->arena, text, equals ? (size_t)(equals - text) : strlen(text));
	char *blank = strchr(left, ' ');
	struct host_fact f = {left, "", state, equals ? equals + 3 : ""};

	if (blank) {
		*blank = '\0';
		f.name = blank + 1;
	}
	if (!is_group(f.group) || (blank && (!is_text(f.name) || strchr(f.name, '='))) ||
	    (equals && !is_text(f.detail)))
		return fail(r, "is not a fact");
	for (size_t i = 0; i < r->facts.len; i++)
		if (str_eq(r->facts.at[i].group, f.group) && str_eq(r->facts.at[i].name, f.name))
			return fail(r, "says something a second time");
	if (r->facts.len == FACTS_MAX)
		return fail(r, "there are too many facts");
	vec_push(r->arena, &r->facts, f);
	return true;
}

static bool read_id(struct reader *r, size_t kind, const char *text)
{
	const char *blank = strchr(text, ' ');
	struct host_id id = {0};
	uint64_t n;

	if (!blank || !str_to_u64(blank + 1, ID_MAX, &n))
		return fail(r, "is not a name and a number");
	id.name = arena_dupn(r->arena, text, (size_t)(blank - text));
	id.id = (uint32_t)n;
	if (!host_id_name_ok(id.name))
		return fail(r, "is not the name of a user or group");
	if (r->ids[kind].len == IDS_MAX)
		return fail(r, "there are too many users");
	if (r->ids[kind].len && strcmp(r->ids[kind].at[r->ids[kind].len - 1].name, id.name) >= 0)
		return fail(r, "is not in the order of names");
	vec_push(r->arena, &r->ids[kind], id);
	return true;
}

/* Facts, then users, then groups. */
static bool read_line(struct reader *r, const char *line)
{
	const char *rest;

	if (strlen(line) > LINE_BYTES_MAX)
		return fail(r, "is too long");
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if ((rest = str_after(line, states[i])) && *rest == ' ')
			return r->ids[0].len || r->ids[1].len ?
				fail(r, "is a fact behind the users") :
				read_fact(r, (enum host_state)i, rest + 1);
	if ((rest = str_after(line, "user ")))
		return r->ids[1].len ? fail(r, "is a user behind the groups") :
				       read_id(r, 0, rest);
	if ((rest = str_after(line, "group ")))
		return read_id(r, 1, rest);
	return fail(r, "is not a fact, a user, a group or the end");
}

static void derive(struct reader *r)
{
	struct host *h = r->host;
	const struct host_fact *f;
	const char *abi;
	uint64_t n = 0;

	h->facts = r->facts.at;
	h->count = r->facts.len;
	for (size_t k = 0; k < 2; k++) {
		h->ids[k].at = r->ids[k].at;
		h->ids[k].count = r->ids[k].len;
	}
	f = host_fact(h, "apparmor", "");
	h->apparmor = f && f->state == HOST_PRESENT;
	f = host_fact(h, "landlock", "");
	if (f && (abi = str_after(f->detail, "ABI ")) && str_to_u64(abi, 1000, &n))
		h->landlock_abi = (int)n;
}

const struct host *host_parse(struct arena *a, const char *text, size_t len, char *why)
{
	struct reader r = {.arena = a, .why = why, .host = NEW(a, struct host)};
	const char *line;

	if (len > HOST_TEXT_MAX || memchr(text, 0, len)) {
		snprintf(why, WHY_MAX, "not a file of facts about a host: too large, or no text");
		return NULL;
	}
	r.lines = str_split(a, text, '\n', NULL);
	if (!read_head(&r))
		return NULL;
	while (!str_eq(line = next(&r), "end"))
		if (!read_line(&r, line))
			return NULL;
	if (!r.lines[0] || *r.lines[0] || r.lines[1]) {
		r.line++;
		fail(&r, "the file does not end behind \"end\"");
		return NULL;
	}
	derive(&r);
	return r.host;
}

const struct host *host_default(struct arena *a)
{
	size_t len;
	const char *text = template_text(a, "host/default", &len);
	char why[WHY_MAX] = "there is no such template";
	const struct host *h = text ? host_parse(a, text, len, why) : NULL;

	if (!h)
		die("host/default: %s", why);
	return h;
}
