/* rules.c - texts of policy to sets of single rules that can be compared */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

#include "core/str.h"

static int by_bytes(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static const char *sorted(struct arena *a, struct words *w, const char *glue)
{
	if (w->len)
		qsort(w->at, w->len, sizeof *w->at, by_bytes);
	return str_join(a, (char *const *)w->at, w->len, glue);
}

/* Words of s cut at any of the signs in cut, outside of brackets and quotes. */
static struct words cut_words(struct arena *a, const char *s, const char *cut)
{
	struct words out = {0};
	struct buf b = buf_new(a);
	int depth = 0;
	bool quoted = false;

	for (; *s; s++) {
		if (*s == '"')
			quoted = !quoted;
		if (!quoted && strchr("({[", *s))
			depth++;
		if (!quoted && strchr(")}]", *s))
			depth--;
		if (!quoted && !depth && strchr(cut, *s)) {
			if (b.len)
				vec_push(a, &out, buf_text(&b));
			b = buf_new(a);
		} else {
			buf_char(&b, *s);
		}
	}
	if (b.len)
		vec_push(a, &out, buf_text(&b));
	return out;
}

static const char *without_quotes(struct arena *a, const char *s)
{
	size_t n = strlen(s);

	return n >= 2 && s[0] == '"' && s[n - 1] == '"' ? arena_dupn(a, s + 1, n - 2) : s;
}

/* key=value, key=(list), (list), word */
static const char *condition(struct arena *a, const char *s)
{
	const char *open = strchr(s, '('), *equals = strchr(s, '=');
	size_t n = strlen(s);

	if (open && s[n - 1] == ')' && (open == s || open[-1] == '=')) {
		struct words list = cut_words(a, arena_dupn(a, open + 1, n - (size_t)(open - s) - 2),
					      " ,\t"), forms = {0};

		for (size_t i = 0; i < list.len; i++)
			vec_push(a, &forms, condition(a, list.at[i]));
		const char *inner = sorted(a, &forms, " ");
		const char *key = arena_dupn(a, s, (size_t)(open - s));
		return forms.len == 1 && !strchr(inner, '=') ?
			arena_printf(a, "%s%s", key, inner) : arena_printf(a, "%s(%s)", key, inner);
	}
	if (equals && equals > s && *s != '/' && *s != '@')
		return arena_printf(a, "%.*s%s", (int)(equals - s + 1), s,
				    without_quotes(a, equals + 1));
	return without_quotes(a, s);
}

/* rwk and krw are the same; what has an x in it keeps its order. */
static const char *letters(struct arena *a, const char *s)
{
	if (!*s || strspn(s, "rwalkmd") != strlen(s))
		return s;
	char *out = arena_dup(a, s);
	for (size_t i = 0; out[i]; i++)
		for (size_t j = i + 1; out[j]; j++)
			if (out[j] < out[i]) {
				char c = out[i];

				out[i] = out[j];
				out[j] = c;
			}
	return out;
}

/* [s.] and [.s] are the same set. */
static char *sorted_sets(struct arena *a, const char *s)
{
	char *out = arena_dup(a, s);

	for (char *open = strchr(out, '['); open; open = strchr(open + 1, '[')) {
		char *from = open + 1 + (open[1] == '^'), *close = strchr(from, ']');

		if (!close || memchr(from, '-', (size_t)(close - from)))
			continue;
		for (char *x = from; x < close; x++)
			for (char *y = x + 1; y < close; y++)
				if (*y < *x) {
					char c = *x;

					*x = *y;
					*y = c;
				}
	}
	return out;
}

#define BRANCHES_MAX 1024

/* Each way through the braces of a rule on its own: {a,b}c is ac and bc. One brace at
 * a time, innermost first, until none is left. */
static void spread(struct arena *a, const char *rule, struct words *out)
{
	struct words todo = {0};
	size_t before = out->len;

	vec_push(a, &todo, rule);
	while (todo.len) {
		const char *r = todo.at[--todo.len], *close = r - 1, *open = NULL;

		do { /* the first brace that is closed and not a variable's */
			close = strchr(close + 1, '}');
			for (open = close; open && open > r && *open != '{'; open--)
				;
		} while (close && open > r && open[-1] == '@');
		if (!close || *open != '{' ||
		    out->len - before + todo.len > BRANCHES_MAX) {
			vec_push(a, out, sorted_sets(a, r));
			continue;
		}
		char *inner = arena_dupn(a, open + 1, (size_t)(close - open - 1));
		for (char **w = str_split(a, inner, ',', NULL); *w; w++)
			vec_push(a, &todo, arena_printf(a, "%.*s%s%s", (int)(open - r), r, *w,
							close + 1));
	}
}

static bool is_file_rule(const struct words *w)
{
	for (size_t i = 0; i < w->len; i++)
		if (w->at[i][0] == '/' || str_starts(w->at[i], "@{") || str_starts(w->at[i], "\"/") ||
		    str_starts(w->at[i], "\"@{"))
			return i + 1 < w->len && !strchr(w->at[i + 1], '=');
		else if (!str_in(w->at[i], (const char *const[]){"audit", "deny", "owner", "prompt",
								 "allow", NULL}))
			return false;
	return false;
}

static const char *apparmor_form(struct arena *a, const char *rule)
{
	struct words w = cut_words(a, rule, " \t\n"), forms = {0};
	size_t head = 1; /* the word that says the kind stays in front */

	if (!w.len)
		return "";
	if (is_file_rule(&w) || str_eq(w.at[0], "include")) {
		for (size_t i = 0; i < w.len; i++)
			w.at[i] = i + 1 == w.len ? letters(a, w.at[i]) : without_quotes(a, w.at[i]);
		return str_join(a, (char *const *)w.at, w.len, " ");
	}
	while (head < w.len && str_in(w.at[head - 1], (const char *const[]){"audit", "deny", "owner",
									    "prompt", NULL}))
		head++;
	bool ordered = str_starts(w.at[head - 1], "mount") || str_eq(w.at[head - 1], "remount") ||
		       str_eq(w.at[head - 1], "umount") || str_eq(w.at[head - 1], "change_profile") ||
		       str_eq(w.at[head - 1], "pivot_root");
	for (size_t i = head; i < w.len; i++)
		vec_push(a, &forms, condition(a, w.at[i]));
	const char *front = str_join(a, (char *const *)w.at, head, " ");
	const char *rest = ordered ? str_join(a, (char *const *)forms.at, forms.len, " ") :
				     sorted(a, &forms, " ");
	return *rest ? arena_printf(a, "%s %s", front, rest) : front;
}

const char *rule_form(struct arena *a, enum backend k, const char *rule)
{
	if (k == BACK_APPARMOR || k == BACK_UPDATE_NS)
		return apparmor_form(a, rule);
	struct words w = cut_words(a, rule, " \t");
	return str_join(a, (char *const *)w.at, w.len, " ");
}

/* A profile within: all of it is one rule, in the facts one line. Returns its last line. */
static char **child_profile(struct arena *a, char **line, struct words *out)
{
	struct buf b = buf_new(a);

	for (;; line++) {
		const char *s = *line + strspn(*line, " \t");

		if (str_starts(s, "include"))
			buf_char(&b, '#');
		if (*s && *s != '#')
			buf_printf(&b, "%s%s", s, *s == '}' ? "" : " ");
		if (*s == '}' || !line[1])
			break;
	}
	spread(a, apparmor_form(a, buf_text(&b)), out);
	return line;
}

/* A rule of message queues with many permissions is as many rules with one. They are the
 * words that are neither a name nor a condition. */
static void add_rule(struct arena *a, const char *form, struct words *out)
{
	const char *rest = str_after(form, "mqueue ");
	char *flat = arena_dup(a, rest ? rest : "");
	struct words others = {0};

	if (!rest) {
		spread(a, form, out);
		return;
	}
	for (char *p = strpbrk(flat, "()"); p; p = strpbrk(p, "()"))
		*p = ' ';
	struct words w = cut_words(a, flat, " ");
	for (size_t i = 0; i < w.len; i++)
		if (strpbrk(w.at[i], "/="))
			vec_push(a, &others, w.at[i]);
	rest = sorted(a, &others, " ");
	for (size_t i = 0; i < w.len; i++)
		if (!strpbrk(w.at[i], "/="))
			spread(a, arena_printf(a, "mqueue %s %s", w.at[i], rest), out);
}

/* A rule ends at a comma at the end of a line; includes end with their line. */
static struct words apparmor_rules(struct arena *a, const char *text)
{
	struct words out = {0};
	struct buf b = buf_new(a);

	for (char **line = str_split(a, text, '\n', NULL); *line; line++) {
		const char *s = *line + strspn(*line, " \t");
		size_t n = strlen(s);

		if (str_starts(s, "profile ") && str_ends(s, "{")) {
			line = child_profile(a, line, &out);
			continue;
		}

		if (!*s || *s == '#')
			continue;
		while (n && strchr(" \t", s[n - 1]))
			n--;
		bool include = str_starts(s, "include") || str_starts(s, "#include");
		if (b.len)
			buf_char(&b, ' ');
		buf_add(&b, s, n - (!include && s[n - 1] == ','));
		if (include || s[n - 1] == ',') {
			add_rule(a, apparmor_form(a, buf_text(&b)), &out);
			b = buf_new(a);
		}
	}
	if (b.len)
		add_rule(a, apparmor_form(a, buf_text(&b)), &out);
	return out;
}

/* The facts know lines of XML, not which of them belong together: compare each attribute,
 * the first of an element with the element's name. Lines without any are comments. */
static void add_dbus(struct arena *a, const char *line, struct words *out)
{
	struct words w = cut_words(a, line, " \t");

	if (strstr(line, "</policy>"))
		vec_push(a, out, "</policy>");
	for (size_t i = 0; i < w.len; i++) {
		size_t n = strlen(w.at[i]);
		bool first = i && w.at[i - 1][0] == '<';

		if (!strstr(w.at[i], "=\"") || str_eq(w.at[i], "send_interface=\"...\""))
			continue;
		while (n && strchr("/>", w.at[i][n - 1]))
			n--;
		vec_push(a, out, arena_printf(a, "%s %.*s", first ? w.at[i - 1] : "", (int)n,
					      w.at[i]));
	}
}

struct words rules_of(struct arena *a, enum backend k, const char *text)
{
	struct words out = {0}, once = {0};

	if (k == BACK_APPARMOR || k == BACK_UPDATE_NS)
		out = apparmor_rules(a, text);
	else
		for (char **line = str_split(a, text, '\n', NULL); *line; line++)
			if (k == BACK_DBUS)
				add_dbus(a, *line, &out);
			else if (**line && **line != '#')
				vec_push(a, &out, rule_form(a, k, *line));
	if (out.len)
		qsort(out.at, out.len, sizeof *out.at, by_bytes);
	for (size_t i = 0; i < out.len; i++)
		if (*out.at[i] && (!once.len || strcmp(once.at[once.len - 1], out.at[i])))
			vec_push(a, &once, out.at[i]);
	return once;
}
