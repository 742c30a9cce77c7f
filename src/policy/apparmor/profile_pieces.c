/* profile_pieces.c - the body of a profile, piece by piece */
#include "policy/apparmor/profile_pieces.h"

#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "core/template.h"
#include "policy/except.h"
#include "policy/model/layout.h"
#include "policy/quote.h"

/* A line with $(snap) replaced. */
static void add_line(struct buf *out, const char *line, const struct snap *s)
{
	static const char mark[] = "$(snap)";
	const char *at;

	for (; (at = strstr(line, mark)); line = at + strlen(mark)) {
		buf_add(out, line, (size_t)(at - line));
		quote_name(out, s->instance);
	}
	buf_str(out, line);
	buf_char(out, '\n');
}

/* "  /lib/$(except a b)" and what follows, once for each pattern. */
static void add_except(struct buf *out, const char *line, const char *open, const struct snap *s)
{
	static const char mark[] = "$(except ";
	struct arena *a = out->arena;
	const char *from = open + strlen(mark), *close = strchr(from, ')');
	size_t count;

	if (!close)
		die("no closing bracket: %s", line);
	char **words = str_split(a, arena_dupn(a, from, (size_t)(close - from)), ' ', &count);
	struct words patterns = except_patterns(a, (const char *const *)words, count);
	for (size_t i = 0; i < patterns.len; i++)
		add_line(out, arena_printf(a, "%.*s%s%s", (int)(open - line), line,
					   patterns.at[i], close + 1), s);
}

void pieces_template(struct buf *out, const char *name, const struct snap *s)
{
	struct arena *a = out->arena;
	const char *text = template_text(a, name, NULL);

	if (!text)
		die("there is no template %s", name);
	DOING("use template", name);
	for (char **line = str_split(a, text, '\n', NULL); *line && (line[1] || **line); line++) {
		const char *open = strstr(*line, "$(except ");

		if (open)
			add_except(out, *line, open, s);
		else
			add_line(out, *line, s);
	}
}

void pieces_overlay(struct buf *out, const struct policy_target *t)
{
	if (!t->overlay_root || !*t->overlay_root)
		return;
	buf_str(out, "\n  # The root is an overlay, whose upper directory is looked at too.\n  ");
	quote_path(out, t->overlay_root, "/{,**/}");
	buf_str(out, " r,\n");
}

static void add_port(struct buf *b, const struct port *p)
{
	buf_str(b, p->side == PLUG ? "plug " : "slot ");
	quote_name(b, p->snap->instance);
	buf_char(b, ':');
	quote_name(b, p->name);
}

static const char *origin_of(struct arena *a, const struct piece *p)
{
	struct buf b = buf_new(a);

	quote_name(&b, p->iface->name);
	buf_str(&b, ": ");
	add_port(&b, p->port);
	if (p->peer) {
		buf_str(&b, ", ");
		add_port(&b, p->peer);
	}
	buf_printf(&b, "; %s.yaml line %u", p->iface->name, p->line);
	return buf_text(&b);
}

/* Nobody here asks people whether an app may: "prompt" before a rule would deny what
 * the connection grants. */
static const char *without_prompt(struct arena *a, const char *text)
{
	struct buf b = buf_new(a);

	for (char **line = str_split(a, text, '\n', NULL); *line; line++) {
		const char *rule = *line + strspn(*line, " \t");
		const char *rest = str_after(rule, "prompt ");

		if (!*rule)
			continue;
		buf_add(&b, *line, (size_t)(rule - *line));
		buf_str(&b, rest ? rest : rule);
		buf_char(&b, '\n');
	}
	return buf_text(&b);
}

void pieces_gather(struct arena *a, struct bodies *b, const struct policy *p, enum backend k)
{
	for (size_t i = 0; i < p->pieces[k].len; i++) {
		const struct piece *from = &p->pieces[k].at[i];
		struct body body = {without_prompt(a, from->text), origin_of(a, from)};

		vec_push(a, b, body);
	}
}

const char *pieces_path(struct arena *a, const struct snap *s, const char *path)
{
	const char *full = layout_expand(a, s, path);

	if (!full || !quote_is_path(full))
		die("layout: \"%s\" is no path that can stand in policy", path);
	return full;
}

void pieces_layouts(struct arena *a, struct bodies *b, const struct snap *s)
{
	for (size_t i = 0; i < s->layouts.len; i++) {
		const struct layout *l = &s->layouts.at[i];
		const char *path = pieces_path(a, s, l->path);
		struct buf text = buf_new(a);

		if (l->kind == LAYOUT_SYMLINK) /* where it leads is granted or not by itself */
			continue;
		quote_path(&text, path, l->kind == LAYOUT_BIND_FILE ? "" : "{,/**}");
		buf_str(&text, " mrwlkix,\n");
		struct body body = {buf_text(&text), arena_printf(a, "layout: %s", path)};
		vec_push(a, b, body);
	}
}

static int in_order(const void *x, const void *y)
{
	const struct body *a = x, *b = y;
	int d = strcmp(a->text, b->text);

	return d ? d : strcmp(a->origin, b->origin);
}

void pieces_print(struct buf *out, struct bodies *b)
{
	const struct body *last = NULL;

	if (b->len)
		qsort(b->at, b->len, sizeof *b->at, in_order);
	for (const struct body *p = b->at; p && p < b->at + b->len; last = p++) {
		bool same = last && !strcmp(last->text, p->text);
		bool more = p + 1 < b->at + b->len && !strcmp(p[1].text, p->text);

		if (!same || strcmp(last->origin, p->origin))
			buf_printf(out, "%s  # %s\n", same ? "" : "\n", p->origin);
		if (more)
			continue;
		for (char **line = str_split(out->arena, p->text, '\n', NULL); *line; line++)
			if (**line)
				buf_printf(out, "  %s\n", *line);
	}
}
