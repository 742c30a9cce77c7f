/* lower_base.c - what all classes of rules are lowered with */
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/lower_internal.h"

void lower_fail(struct lower *l, const char *fmt, ...)
{
	va_list ap;

	if (l->why)
		return;
	const char *file = l->rule ? l->rule->file : l->profile->file;
	int line = l->rule ? l->rule->line : l->profile->line;
	va_start(ap, fmt);
	char *what = arena_vprintf(l->arena, fmt, ap);
	va_end(ap);
	l->why = arena_printf(l->arena, "%s:%d: profile %s: %s", file, line, l->profile->name,
			      what);
}

void lower_say(struct lower *l, const char *what)
{
	const char *line = arena_printf(l->arena, "%s: %s", l->profile->name, what);

	for (size_t i = 0; i < l->report->lines.len; i++)
		if (str_eq(l->report->lines.at[i], line))
			return;
	vec_push(l->arena, &l->report->lines, line);
}

struct buf lower_re(struct lower *l, const char *bytes, size_t n)
{
	struct buf b = buf_new(l->arena);

	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "\\x%02x", (unsigned char)bytes[i]);
	return b;
}

void lower_bytes(struct buf *b, unsigned value, unsigned n)
{
	while (n--)
		buf_printf(b, "\\x%02x", value >> 8 * n & 0xff);
}

void lower_glob(struct lower *l, struct buf *b, const char *pattern, bool nul)
{
	const char *why;

	if (glob_regex(b, pattern, nul, &why) == GLOB_BAD)
		lower_fail(l, "the pattern \"%s\": %s", pattern, why);
}

void lower_glob_or(struct lower *l, struct buf *b, const char *pattern, const char *otherwise)
{
	if (pattern)
		lower_glob(l, b, pattern, false);
	else
		buf_str(b, otherwise);
}

void lower_accept(struct lower *l, struct machine *m, const struct buf *re, struct accept accept)
{
	if (l->why)
		return;
	if (!machine_add(m, re, accept))
		lower_fail(l, "%s", m->why);
	m->why = NULL;
}

void lower_add(struct lower *l, const struct buf *re, uint32_t perms, uint32_t audit)
{
	const struct ap_rule *r = l->rule;

	lower_accept(l, &l->rest, re, (struct accept){
		.priority = r->prefix.priority, .mode = r->prefix.mode, .perms = perms,
		.audit = r->log ? audit : 0});
}

uint32_t lower_net_perms(uint32_t p)
{
	return (p & 0x7f) | (p & 0x300) << 6 | (p & 0x700000) >> 4 | (p & 0x3000000) >> 5;
}
