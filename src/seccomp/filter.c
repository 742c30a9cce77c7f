/* filter.c - lines to rules
 *
 * The one reader of the language. It MUST refuse what it does not understand:
 * a deny line that is read as something else opens what it should close. It
 * never dies and never prints.
 */
#include "seccomp/filter.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "core/vec.h"
#include "seccomp/names.h"

#define LINE_LEN_MAX 1024

struct reader {
	struct arena *arena;
	enum sc_family family;
	const struct sc_users *users;
	unsigned line;
	char *why;
};

/* Always false, so that callers can return it. */
static bool PRINTF(2, 3) refuse(const struct reader *r, const char *fmt, ...)
{
	va_list ap;
	int n = snprintf(r->why, FILTER_WHY, "line %u: ", r->line);

	va_start(ap, fmt);
	vsnprintf(r->why + n, FILTER_WHY - (size_t)n, fmt, ap);
	va_end(ap);
	return false;
}

static bool hex(const char *s, uint64_t *value)
{
	size_t n = strlen(s);

	if (!n || n > 8 || !str_only(s, "0123456789abcdefABCDEF"))
		return false;
	*value = 0;
	for (; *s; s++)
		*value = *value << 4 | (uint64_t)(*s <= '9' ? *s - '0' : (*s | 32) - 'a' + 10);
	return true;
}

static bool number(const struct reader *r, const char *word, const char *call, uint64_t *value)
{
	uint32_t named;

	if (names_find(word, r->family, &named)) {
		*value = named;
		return true;
	}
	if (str_to_u64(word, UINT32_MAX, value))
		return true;
	if (str_starts(word, "0x") && hex(word + 2, value))
		return true;
	if (*word == '-' && str_to_u64(word + 1, (uint64_t)INT32_MAX + 1, value) && *value) {
		if (!names_takes_ids(call))
			return refuse(r, "%s: %s takes no negative numbers", word, call);
		*value = (uint32_t)-*value;
		return true;
	}
	return refuse(r, "\"%s\" is neither a number of 32 bits nor a known name", word);
}

static bool id(const struct reader *r, const char *word, uint64_t *value)
{
	const char *name = word + 2;
	uint32_t found;
	bool user = *word == 'u';

	if (!users_name_ok(name))
		return refuse(r, "\"%s\" cannot be the name of a %s", name,
			      user ? "user" : "group");
	if (!(user ? users_uid : users_gid)(r->users, name, &found))
		return refuse(r, "no %s \"%s\" in the target's /etc/%s", user ? "user" : "group",
			      name, user ? "passwd" : "group");
	*value = found;
	return true;
}

/* (arg & A) == B, as |M or A|B */
static bool masked(const struct reader *r, char *word, const char *call, struct sc_cond *c)
{
	char *bar = strchr(word, '|');

	*bar = '\0';
	if (strchr(bar + 1, '|'))
		return refuse(r, "\"|%s\" has one | too many", bar + 1);
	c->op = SC_MASKED;
	if (!number(r, bar + 1, call, &c->value))
		return false;
	c->mask = c->value;
	if (bar != word && !number(r, word, call, &c->mask))
		return false;
	if (c->value & ~c->mask)
		return refuse(r, "%s|%s can never hold: bits outside the mask", word, bar + 1);
	return true;
}

static bool condition(const struct reader *r, char *word, const char *call, struct sc_cond *c)
{
	static const struct {
		const char *sign;
		enum sc_op op;
	} signs[] = {{">=", SC_GE}, {"<=", SC_LE}, {"!", SC_NE},
		     {"<", SC_LT},  {">", SC_GT},  {"", SC_EQ}};
	size_t i = 0;

	if (str_starts(word, "u:") || str_starts(word, "g:")) {
		c->op = SC_EQ;
		if (!id(r, word, &c->value))
			return false;
	} else if (strchr(word, '|')) {
		if (!masked(r, word, call, c))
			return false;
	} else {
		while (!str_starts(word, signs[i].sign))
			i++;
		c->op = signs[i].op;
		if (!number(r, word + strlen(signs[i].sign), call, &c->value))
			return false;
	}
	if (names_takes_ids(call) && c->op != SC_EQ)
		return refuse(r, "argument %d: of %s only equality can be asked", c->arg + 1, call);
	return true;
}

/* The lower half alone, where a full compare would open something: ids always, and
 * what the kernel cuts off when the line denies or asks for "not this". */
static bool low_only(const struct sc_rule *rule, const struct sc_cond *c)
{
	if (names_takes_ids(rule->call))
		return true;
	return names_truncated(rule->call, c->arg) &&
	       (rule->deny || c->op == SC_NE || c->op == SC_GT || c->op == SC_GE);
}

static bool parse_rule(const struct reader *r, char *text, struct sc_rule *rule)
{
	char *save, *word = strtok_r(text, " \t", &save);

	rule->line = r->line;
	rule->absent = *word == '?';
	rule->deny = *word == '~' || rule->absent;
	word += rule->deny;
	if (*word == '#')
		return refuse(r, "# begins a comment only as the first byte of a line");
	if (*word == '@')
		return refuse(r, "\"%s\" is no marker: only @unrestricted and @complain, alone",
			      word);
	if (!*word ||
	    !str_only(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"))
		return refuse(r, "\"%s\" cannot be the name of a system call", word);
	rule->call = arena_dup(r->arena, word);
	for (uint8_t arg = 0; (word = strtok_r(NULL, " \t", &save)); arg++) {
		struct sc_cond *c = &rule->cond[rule->count];

		if (arg == SC_ARGS)
			return refuse(r, "%s with more than %d arguments", rule->call, SC_ARGS);
		if (str_eq(word, "-"))
			continue;
		c->arg = arg;
		if (!condition(r, word, rule->call, c))
			return false;
		c->low = low_only(rule, c);
		rule->count++;
	}
	if (rule->absent && rule->count)
		return refuse(r, "?%s: a call that is not there has no arguments", rule->call);
	return true;
}

static bool line_ok(const struct reader *r, const char *line, size_t len)
{
	if (len > LINE_LEN_MAX)
		return refuse(r, "longer than %d bytes", LINE_LEN_MAX);
	for (size_t i = 0; i < len; i++)
		if ((line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f)
			return refuse(r, "byte 0x%02x is not text", (unsigned char)line[i]);
	return true;
}

bool filter_parse(struct arena *a, const char *text, size_t len, enum sc_family family,
		  const struct sc_users *users, struct sc_filter *out, char *why)
{
	struct reader r = {.arena = a, .family = family, .users = users, .why = why};
	VEC(struct sc_rule) rules = {0};
	const char *end = text + len;

	*out = (struct sc_filter){0};
	if (len > FILTER_TEXT_MAX)
		return refuse(&r, "the text is longer than %zu bytes", FILTER_TEXT_MAX);
	for (const char *line = text, *next; line < end; line = next) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((stop ? stop : end) - line);
		struct sc_rule rule = {0};

		next = stop ? stop + 1 : end;
		r.line++;
		if (!line_ok(&r, line, n))
			return false;
		char *copy = arena_dupn(a, line, n);
		if (*copy == '#' || !copy[strspn(copy, " \t")])
			continue;
		if (str_eq(copy, "@unrestricted")) {
			out->unrestricted = true;
		} else if (str_eq(copy, "@complain")) {
			out->complain = true;
		} else {
			if (!parse_rule(&r, copy, &rule))
				return false;
			vec_push(a, &rules, rule);
		}
		if (rules.len > FILTER_RULES_MAX)
			return refuse(&r, "more than %d rules", FILTER_RULES_MAX);
	}
	out->rules = rules.at;
	out->count = rules.len;
	return true;
}
