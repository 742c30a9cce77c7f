/* variables.c - variables in names and patterns
 *
 * One value stands as it is, several become {v1,v2}. Values that use variables
 * with several values become as many values themselves, first. Functions here
 * call each other as deep as variables use each other, VARIABLES_DEPTH_MAX at most.
 */
#include "policy/apparmor/variables.h"

#include <ctype.h>
#include <string.h>

#include "core/buf.h"

/* The first @{NAME} in text, or NULL; *end is behind it. */
static char *find(char *text, char **end)
{
	bool quoted = false;

	for (char *p = text; *p; p++) {
		if (*p == '\\') {
			quoted = !quoted;
			continue;
		}
		if (*p == '@' && p[1] == '{' && !quoted) {
			char *q = p + 2;

			if (isalpha((unsigned char)*q))
				while (isalnum((unsigned char)*q) || *q == '_')
					q++;
			if (*q == '}') {
				*end = q + 1;
				return p;
			}
		}
		quoted = false;
	}
	return NULL;
}

static struct ap_variable *lookup(struct expander *e, const char *name)
{
	for (int i = 0; i < 3; i++)
		if (e->own[i].name && !strcmp(e->own[i].name, name))
			return &e->own[i];
	for (size_t i = 0; i < e->policy->variables.len; i++)
		if (!strcmp(e->policy->variables.at[i]->name, name))
			return e->policy->variables.at[i];
	return NULL;
}

void variables_start(struct expander *e, struct arena *a, const struct ap_policy *policy,
		  char *profile_name, char *attachment)
{
	char *const values[] = {profile_name, attachment, attachment};
	static const char *const names[] = {"profile_name", "exec_path", "attach_path"};

	memset(e, 0, sizeof *e);
	e->arena = a;
	e->policy = policy;
	for (int i = 0; i < 3; i++) {
		if (!values[i])
			continue;
		e->own[i].name = (char *)names[i];
		vec_push(a, &e->own[i].values, values[i]);
	}
	for (size_t i = 0; i < policy->variables.len; i++)
		policy->variables.at[i]->done = policy->variables.at[i]->busy = false;
}

static bool spent(struct expander *e, const struct buf *b, const char *name)
{
	e->work += b->len;
	if (b->len <= VARIABLES_MAX && e->work <= VARIABLES_WORK_MAX)
		return false;
	e->why = arena_printf(e->arena, "@{%s} makes a text too long", name);
	return true;
}

static struct ap_strings *values_of(struct expander *e, const char *name);

/* Push what text becomes when its first variable has each of its values. */
static bool multiply(struct expander *e, struct ap_strings *list, char *text, char *at, char *end)
{
	const char *name = arena_dupn(e->arena, at + 2, (size_t)(end - at) - 3);
	const struct ap_strings *values = values_of(e, name);

	for (size_t i = 0; values && i < values->len; i++) {
		struct buf b = buf_new(e->arena);

		buf_add(&b, text, (size_t)(at - text));
		buf_str(&b, values->at[i]);
		buf_str(&b, end);
		if (spent(e, &b, name))
			return false;
		vec_push(e->arena, list, (char *)buf_text(&b));
	}
	return values != NULL;
}

static bool resolve(struct expander *e, struct ap_variable *v)
{
	struct ap_strings list = {0};
	char *end;

	v->expanded = (struct ap_strings){0};
	for (size_t i = v->values.len; i > 0; i--)
		vec_push(e->arena, &list, v->values.at[i - 1]);
	while (list.len) {
		char *text = list.at[--list.len], *at = find(text, &end);

		if (!at)
			vec_push(e->arena, &v->expanded, text);
		else if (!multiply(e, &list, text, at, end))
			return false;
		if (list.len + v->expanded.len > VARIABLES_VALUES_MAX) {
			e->why = arena_printf(e->arena, "@{%s} has too many values", v->name);
			return false;
		}
	}
	return true;
}

static struct ap_strings *values_of(struct expander *e, const char *name)
{
	struct ap_variable *v = lookup(e, name);

	if (!*name)
		e->why = "a variable without a name: @{}";
	else if (!v)
		e->why = arena_printf(e->arena, "the variable @{%s} is not set", name);
	else if (v->boolean)
		e->why = arena_printf(e->arena, "@{%s} is a boolean variable", name);
	else if (v->busy || e->depth == VARIABLES_DEPTH_MAX)
		e->why = arena_printf(e->arena, "the variable @{%s} uses itself", name);
	if (e->why)
		return NULL;
	if (!v->done) {
		v->busy = true;
		e->depth++;
		v->done = resolve(e, v);
		e->depth--;
		v->busy = false;
	}
	return v->done ? &v->expanded : NULL;
}

static void add_value(struct buf *b, const char *value, bool no_lead, bool no_trail)
{
	size_t n;

	while (no_lead && *value == '/')
		value++;
	n = strlen(value);
	while (no_trail && n && value[n - 1] == '/')
		n--;
	buf_add(b, value, n);
}

char *variables_expand(struct expander *e, char *text)
{
	char *at, *end;

	while (text && (at = find(text, &end))) {
		struct buf b = buf_new(e->arena);
		const char *name = arena_dupn(e->arena, at + 2, (size_t)(end - at) - 3);
		const struct ap_strings *values = values_of(e, name);
		bool before = at > text && at[-1] == '/', after = *end == '/';

		if (!values)
			return NULL;
		buf_add(&b, text, (size_t)(at - text));
		if (values->len == 1)
			buf_str(&b, values->at[0]);
		for (size_t i = 0; values->len > 1 && i < values->len; i++) {
			buf_char(&b, i ? ',' : '{');
			add_value(&b, values->at[i], before, after);
		}
		if (values->len > 1)
			buf_char(&b, '}');
		buf_str(&b, end);
		if (spent(e, &b, name))
			return NULL;
		text = (char *)buf_text(&b);
	}
	return text;
}

char *variables_quote(struct arena *a, const char *name)
{
	struct buf b = buf_new(a);

	for (; *name; name++) {
		if (*name == '\\' && name[1])
			buf_char(&b, *name++);
		else if (strchr("{}[]*?", *name))
			buf_char(&b, '\\');
		buf_char(&b, *name);
	}
	return (char *)buf_text(&b);
}
