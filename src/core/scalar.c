/* scalar.c - what a text means when a type is wanted
 *
 * The rules are those of YAML 1.1 as snapd's reader has them, so that a plug's
 * attributes have the types that its author tested with.
 */
#include "core/node.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"

static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
static const char *const yes[] = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE",
				  "on", "On", "ON", NULL};
static const char *const no[] = {"n", "N", "no", "No", "NO", "false", "False", "FALSE",
				 "off", "Off", "OFF", NULL};
static const char *const odd_floats[] = {".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf",
					 "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", NULL};

/* The digits of s in a base, "_" between them ignored. */
static bool digits(const char *s, unsigned base, bool negative, int64_t *out)
{
	uint64_t n = 0, max = (uint64_t)INT64_MAX + negative;
	bool any = false;

	for (; *s; s++) {
		unsigned d = *s >= '0' && *s <= '9' ? (unsigned)(*s - '0') :
			     (*s | 32) >= 'a' && (*s | 32) <= 'f' ?
			     (unsigned)((*s | 32) - 'a') + 10 : 99;

		if (*s == '_' && any)
			continue;
		if (d >= base || n > (max - d) / base)
			return false;
		n = n * base + d;
		any = true;
	}
	*out = negative ? (int64_t)(0 - n) : (int64_t)n;
	return any;
}

static bool read_int(const char *s, int64_t *out)
{
	bool negative = *s == '-';

	if (*s == '-' || *s == '+')
		s++;
	if (s[0] != '0' || !s[1])
		return digits(s, 10, negative, out);
	switch (s[1]) {
	case 'x':
		return digits(s + 2, 16, negative, out);
	case 'b':
		return digits(s + 2, 2, negative, out);
	case 'o':
		return digits(s + 2, 8, negative, out);
	}
	return digits(s + 1, 8, negative, out);
}

static bool is_float(const char *s)
{
	const char *p = s + (*s == '-' || *s == '+');
	size_t whole = strspn(p, "0123456789"), part = 0;

	p += whole;
	if (*p == '.') {
		part = strspn(p + 1, "0123456789");
		p += 1 + part;
	}
	if (!whole && !part)
		return false;
	if (*p == 'e' || *p == 'E') {
		p += 1 + (p[1] == '-' || p[1] == '+');
		if (!strspn(p, "0123456789"))
			return false;
		p += strspn(p, "0123456789");
	}
	return !*p;
}

enum node_type node_type(const struct node *n)
{
	int64_t number;

	if (n->quoted)
		return TYPE_TEXT;
	if (str_in(n->text, nulls))
		return TYPE_NULL;
	if (str_in(n->text, yes) || str_in(n->text, no))
		return TYPE_BOOL;
	if (read_int(n->text, &number))
		return TYPE_INT;
	return is_float(n->text) || str_in(n->text, odd_floats) ? TYPE_FLOAT : TYPE_TEXT;
}

bool node_bool(const struct node *n, bool *out)
{
	if (n->kind != NODE_TEXT || node_type(n) != TYPE_BOOL)
		return false;
	*out = str_in(n->text, yes);
	return true;
}

bool node_int(const struct node *n, int64_t *out)
{
	return n->kind == NODE_TEXT && node_type(n) == TYPE_INT && read_int(n->text, out);
}

bool node_is_null(const struct node *n)
{
	return !n || (n->kind == NODE_TEXT && node_type(n) == TYPE_NULL);
}
