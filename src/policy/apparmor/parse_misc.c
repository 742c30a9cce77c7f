/* parse_misc.c - capability, rlimit and "all" */
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/parse_internal.h"

static void add_caps(struct ap_caps *c, uint64_t bits, const struct ap_prefix *prefix)
{
	if (prefix->mode == AP_DENY) {
		c->deny |= bits;
		c->quiet |= prefix->audit ? 0 : bits;
	} else {
		c->allow |= bits;
		c->audit |= prefix->audit ? bits : 0;
	}
}

void parse_capability(struct parse *p, struct ap_profile *body, const struct ap_prefix *prefix)
{
	uint64_t bits = 0;
	struct lex_token t;

	if (prefix->owner)
		lex_fail(&p->lex, "owner and other go with file rules only");
	while ((t = lex_next(&p->lex, LEX_RULES)).kind == LEX_WORD || t.kind == LEX_ID) {
		int cap = ap_capability(t.text);

		if (cap < 0)
			lex_fail(&p->lex, "no capability \"%s\"", t.text);
		else
			bits |= 1ull << cap;
	}
	if (t.kind != LEX_COMMA)
		lex_fail(&p->lex, "no comma at the end of the rule");
	add_caps(&body->caps, bits ? bits : UINT64_MAX, prefix);
}

/* "all": one rule of every class; x comes from a weaker rule of its own. */
void parse_all(struct parse *p, struct ap_profile *body, const struct ap_prefix *prefix)
{
	static const enum ap_kind kinds[] = {AP_UNIX, AP_DBUS, AP_IO_URING, AP_MQUEUE, AP_PTRACE,
					     AP_SIGNAL, AP_USERNS};
	static const uint32_t bits[] = {AP_NET_ALL, 0x66, 0x18, 0x376, 0x1e, 6, 8};
	struct ap_rule *list[16];
	size_t n = 0;

	if (prefix->priority)
		lex_fail(&p->lex, "the rule \"all\" has no priority");
	if (!parse_comma(p, LEX_RULES))
		return;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		list[n] = parse_new(p, kinds[i]);
		list[n]->narrow = kinds[i] == AP_UNIX;
		list[n++]->perms = bits[i];
	}
	list[n++] = parse_network_all(p);
	list[n++] = parse_mount_all(p, AP_MAY_MOUNT, false);
	list[n++] = parse_mount_all(p, AP_MAY_MOUNT, true);
	list[n++] = parse_mount_all(p, AP_MAY_UMOUNT, false);
	list[n++] = parse_mount_all(p, AP_MAY_PIVOT, false);
	for (int x = 0; x < 2; x++) {
		struct ap_rule *r = list[n++] = parse_new(p, AP_FILE);

		r->str[AP_PATH] = arena_dup(p->arena, "/{**,}");
		r->perms = AP_BOTH(AP_W | AP_R | AP_A | AP_L | AP_K | AP_M);
		if (x) {
			r->perms = AP_BOTH(AP_X | (prefix->mode == AP_DENY ? 0 : AP_IX));
			r->prefix.priority = -2;
		}
	}
	for (size_t i = 0; i < n; i++) {
		list[i]->implied = true;
		parse_prefix_rule(p, list[i], prefix);
		vec_push(p->arena, &body->rules, list[i]);
	}
	add_caps(&body->caps, UINT64_MAX, prefix);
}

static const struct ap_word units[] = { /* microseconds; 1: 1 s and so on below */
	{"us", 1}, {"microsecond", 1}, {"microseconds", 1}, {"ms", 1000}, {"millisecond", 1000},
	{"milliseconds", 1000}, {"s", 1000000}, {"sec", 1000000}, {"second", 1000000},
	{"seconds", 1000000}, {"min", 60000000}, {"minute", 60000000}, {"minutes", 60000000}, {0},
};
static const struct ap_word long_units[] = { /* minutes */
	{"h", 60}, {"hour", 60}, {"hours", 60}, {"d", 1440}, {"day", 1440}, {"days", 1440},
	{"week", 10080}, {"weeks", 10080}, {0},
};

static int64_t unit_us(const char *name)
{
	for (const struct ap_word *u = units; u->name; u++)
		if (str_eq(u->name, name))
			return u->value;
	for (const struct ap_word *u = long_units; u->name; u++)
		if (str_eq(u->name, name))
			return u->value * 60000000ll;
	return -1;
}

/* The value of a limit in the kernel's unit; -1: not one. */
static int64_t limit_value(int limit, const char *number, const char *unit)
{
	bool time = limit == 0 || limit == 15;
	bool plain = limit == 6 || limit == 7 || limit == 10 || limit == 11 || limit == 14;
	char *end;
	int64_t value = strtoll(number, &end, 0), scale;

	if (*end || strlen(number) > 18)
		return -1;
	if (limit == 13)
		return unit || value < -20 || value > 19 ? -1 : value + 20;
	if (value < 0 || (plain && unit))
		return -1;
	if (!unit)
		return value;
	if (time) {
		scale = unit_us(unit);
		if (scale < 0 || __builtin_mul_overflow(value, scale, &value))
			return -1;
		if (limit == 0)
			value = value < 1000000 ? -1 : value / 1000000;
		return value;
	}
	if (!str_starts("KB", unit) && !str_starts("MB", unit) && !str_starts("GB", unit))
		return -1;
	scale = *unit == 'K' ? 1 << 10 : *unit == 'M' ? 1 << 20 : 1 << 30;
	return __builtin_mul_overflow(value, scale, &value) ? -1 : value;
}

void parse_rlimit(struct parse *p, struct ap_profile *body)
{
	if (!parse_word(p, "rlimit")) {
		lex_fail(&p->lex, "set needs rlimit");
		return;
	}
	struct lex_token name = lex_next(&p->lex, LEX_RLIMIT);
	struct lex_token le = lex_next(&p->lex, LEX_RLIMIT);
	struct lex_token number = lex_next(&p->lex, LEX_RLIMIT);
	struct lex_token unit = lex_next(&p->lex, LEX_RLIMIT);
	int limit = name.kind == LEX_WORD ? ap_rlimit(name.text) : -1;
	bool infinite = number.kind == LEX_WORD && str_eq(number.text, "infinity");
	bool has_unit = unit.kind == LEX_WORD;

	if (has_unit && lex_next(&p->lex, LEX_RLIMIT).kind != LEX_COMMA)
		lex_fail(&p->lex, "no comma at the end of the rule");
	if (limit < 0 || le.kind != LEX_LESS_EQ || (number.kind != LEX_NUM && !infinite) ||
	    (!has_unit && unit.kind != LEX_COMMA)) {
		lex_fail(&p->lex, "expected set rlimit NAME <= VALUE [UNIT],");
		return;
	}
	int64_t value = infinite ? -1 :
			limit_value(limit, number.text, has_unit ? unit.text : NULL);
	if (value < 0 && !infinite)
		lex_fail(&p->lex, "rlimit %s: %s is not valid", name.text, number.text);
	body->rlimits.set |= 1u << limit;
	body->rlimits.value[limit] = (uint64_t)value;
}
