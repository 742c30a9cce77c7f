/* Labels of compatibility: which expressions there are, and which go together. */
#include "check.h"
#include "policy/compat.h"
#include "policy/decl.h"
#include "core/yaml.h"

static void what_is_no_expression_is_refused(void **state)
{
	static const char *const good[] = {
		"a", "a1-2", "gl-1-(3..5)-ubuntu-2404", "a-1-2-3-b-1-c", "(a)", "a AND b AND c",
		"a OR (b AND c-(0..99999999))", "((a OR b)) AND c", "a-(3..3)", " a\tOR b ",
	};
	static const char *const bad[] = {
		"", " ", "A", "1", "-a", "a-", "a--1", "a-(1..)", "a-(5..3)", "a-(1..2", "a-123456789",
		"a-1-2-3-4", "a-b-c-d", "a-1-a-2", "a b", "a AND", "AND a", "a AND b OR c", "(a", "a)",
		"()", "a,b", "a\"b", "a OR OR b", "(a OR b) c",
	};
	const char *why;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!compat_is_valid(*state, good[i], &why))
			fail_msg("%s: %s", good[i], why);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (compat_is_valid(*state, bad[i], &why))
			fail_msg("took %s", bad[i]);
		assert_non_null(why);
	}
}

static void depth_and_number_have_limits(void **state)
{
	struct buf many = buf_new(*state), deep = buf_new(*state);
	const char *why;

	for (int i = 0; i < 65; i++)
		buf_printf(&many, "%sa%d", i ? " OR " : "", i);
	for (int i = 0; i < 1000; i++)
		buf_char(&deep, '(');
	assert_false(compat_is_valid(*state, buf_text(&many), &why));
	assert_false(compat_is_valid(*state, buf_text(&deep), &why));
}

static void ranges_meet_where_they_have_a_number_in_common(void **state)
{
	static const struct {
		const char *x, *y;
		bool fit;
	} pairs[] = {
		{"a-1", "a-1", true}, {"a-1", "a-2", false}, {"a", "a-0", true}, {"a", "b", false},
		{"a-(1..3)", "a-3", true}, {"a-(1..3)", "a-(4..9)", false}, {"a-1-2", "a-1", false},
		{"gl-1-(3..5)-ubuntu-2404", "gl-1-4-ubuntu-2404", true},
		{"gl-1-4-ubuntu-2404", "gl-1-4", false},
		{"a OR b", "a", true}, {"a AND b", "a", false}, {"a AND b", "a OR b", true},
		{"a AND b", "b AND a", true}, {"a OR b", "c", false},
		{"(a-1 OR a-2) AND b", "a-2 AND b", true}, {"(a-1 OR a-2) AND b", "a-3 AND b", false},
		{"a", "a AND (", false},
	};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (compat_fits(*state, pairs[i].x, pairs[i].y) != pairs[i].fit ||
		    compat_fits(*state, pairs[i].y, pairs[i].x) != pairs[i].fit)
			fail_msg("%s and %s", pairs[i].x, pairs[i].y);
}

static struct port *content(struct arena *a, enum side side, const char *attrs)
{
	struct port *p = NEW(a, struct port);
	char why[WHY_MAX];

	p->side = side;
	p->name = side == PLUG ? "p" : "s";
	p->interface = "content";
	p->attrs = yaml_parse(a, attrs, strlen(attrs), why);
	return p;
}

static void content_may_connect_by_either_label(void **state)
{
	const char *why;
	struct decl_question q = {
		.iface = iface_load(*state, "content"), .distro = "",
		.plug = {content(*state, PLUG, "compatibility: gl-(1..3)\n"), "app", "", "", NULL},
		.slot = {content(*state, SLOT, "compatibility: gl-2\n"), "app", "", "", NULL},
	};

	assert_true(decl_allows(*state, DECL_CONNECTION, &q, NULL, &why));
	q.slot.port = content(*state, SLOT, "compatibility: gl-4\n");
	assert_false(decl_allows(*state, DECL_CONNECTION, &q, NULL, &why));
	q.slot.port = content(*state, SLOT, "content: gl\n");
	assert_false(decl_allows(*state, DECL_CONNECTION, &q, NULL, &why));
	q.plug.port = content(*state, PLUG, "content: gl\n");
	assert_true(decl_allows(*state, DECL_CONNECTION, &q, NULL, &why));
}

int main(void)
{
	return RUN(UNIT(what_is_no_expression_is_refused), UNIT(depth_and_number_have_limits),
		   UNIT(ranges_meet_where_they_have_a_number_in_common),
		   UNIT(content_may_connect_by_either_label));
}
