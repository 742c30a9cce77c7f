/* Automata: what the tables answer is what the expressions say, at every stage. */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "core/str.h"
#include "policy/apparmor/glob.h"
#include "policy/apparmor/machine.h"
#include "policy/apparmor/table.h"

static struct buf re_of(struct arena *a, const char *text)
{
	struct buf b = buf_new(a);

	buf_str(&b, text);
	return b;
}

/* Does the tree match exactly s[from..to)? By definition, not by automaton. */
static bool matches(const struct regex *r, const unsigned char *s, size_t from, size_t to);

static bool cat_matches(const struct regex *r, size_t kid, const unsigned char *s, size_t from,
			size_t to)
{
	if (kid == r->len)
		return from == to;
	for (size_t mid = from; mid <= to; mid++)
		if (matches(r->kids[kid], s, from, mid) && cat_matches(r, kid + 1, s, mid, to))
			return true;
	return false;
}

static bool in_set(const struct regex_set *set, unsigned char c)
{
	return set->w[c >> 6] >> (c & 63) & 1;
}

static bool matches(const struct regex *r, const unsigned char *s, size_t from, size_t to)
{
	switch (r->kind) {
	case REGEX_EMPTY:
		return from == to;
	case REGEX_SET:
		return to == from + 1 && in_set(&r->set, s[from]);
	case REGEX_STAR:
		for (; from < to; from++)
			if (!in_set(&r->set, s[from]))
				return false;
		return true;
	case REGEX_CAT:
		return cat_matches(r, 0, s, from, to);
	case REGEX_ALT:
		for (size_t i = 0; i < r->len; i++)
			if (matches(r->kids[i], s, from, to))
				return true;
		return false;
	}
	return false;
}

#define RULES_MAX 400

struct trial {
	const struct regex *trees[RULES_MAX];
	uint32_t perms[RULES_MAX];
	size_t n;
};

static uint32_t table_perms(const struct table *t, const struct automaton *m,
			    const unsigned char *s, size_t len)
{
	uint32_t state = 1;

	for (size_t i = 0; i < len; i++)
		state = table_step(t, state, s[i]);
	return m->perms.at[t->perms[state]].allow;
}

static void compare(struct arena *a, const struct trial *tr, const char *const *texts,
		    const char *alphabet, unsigned seed)
{
	struct machine m;
	struct automaton out;
	struct table plain, diff;
	unsigned char s[12];

	machine_start(&m, &(struct memo){.arena = a}, false);
	for (size_t i = 0; i < tr->n; i++) {
		struct buf re = re_of(a, texts[i]);

		assert_true(machine_add(&m, &re, (struct accept){.perms = tr->perms[i]}));
	}
	assert_true(machine_end(&m, &out));
	assert_true(table_make(&plain, a, &out, false));
	assert_true(table_make(&diff, a, &out, true));
	srand(seed);
	for (int k = 0; k < 3000; k++) {
		size_t len = (size_t)rand() % 9;
		uint32_t want = 0;

		for (size_t i = 0; i < len; i++)
			s[i] = (unsigned char)alphabet[(size_t)rand() % strlen(alphabet)];
		for (size_t i = 0; i < len; i++)
			s[i] = s[i] == '0' ? 0 : s[i];
		for (size_t i = 0; i < tr->n; i++)
			if (matches(tr->trees[i], s, 0, len))
				want |= tr->perms[i];
		uint32_t got = table_perms(&plain, &out, s, len), at = 1;
		for (size_t i = 0; i < len; i++)
			at = dfa_step(out.dfa, at, out.class_of[s[i]]);
		assert_int_equal(out.perms.at[out.dfa->label.at[at]].allow, want);
		if (got != want)
			fail_msg("seed %u: \"%.*s\": %#x, not %#x (first rule %s)", seed, (int)len, s,
				 got, want, texts[0]);
		assert_int_equal(table_perms(&diff, &out, s, len), want);
	}
}

static const char *random_piece(void)
{
	static const char *const pieces[] = {
		"a", "b", "c", "/", "[^/\\x00]*", "[^\\x00]*", ".*", "\\x00", "[ab]", "[^a]", "(a|b)",
		"(a|)", "(ab|c|)", "[a-c]", ".", "[^/\\x00]", "/[^/\\x00][^\\x00]*",
	};

	return pieces[(size_t)rand() % (sizeof pieces / sizeof pieces[0])];
}

static void answers_are_those_of_the_expressions(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < 60; seed++) {
		struct arena *a = arena_new();
		struct trial *tr = NEW(a, struct trial);
		const char *texts[RULES_MAX], *why;

		srand(seed);
		tr->n = seed % 6 == 5 ? 300 : 1 + (size_t)rand() % 8;
		for (size_t i = 0; i < tr->n; i++) {
			struct buf b = buf_new(a);

			for (int k = 1 + rand() % 5; k; k--)
				buf_str(&b, random_piece());
			texts[i] = buf_text(&b);
			tr->trees[i] = regex_parse(a, texts[i], b.len, &why);
			tr->perms[i] = 1u << i % 20;
			assert_non_null(tr->trees[i]);
		}
		compare(a, tr, texts, "abcd/0", seed);
		arena_drop(a);
	}
}

static void patterns_become_expressions(void **state)
{
	static const struct {
		const char *glob, *re;
	} cases[] = {
		{"/a/*", "/a/[^/\\x00][^/\\x00]*"}, {"/a/**", "/a/[^/\\x00][^\\x00]*"},
		{"/a/*b", "/a/[^/\\x00]*b"}, {"/{a,b}/?", "/(a|b)/[^/\\x00]"}, {"a.b+", "a\\.b\\+"},
		{"/[a-z]", "/[a-z]"}, {"/\\*", "/\\*"}, {"/a^$", "/a\\^\\$"},
	};
	static const char *const bad[] = {"/{a", "/a}", "/{a}", "/[a", "/a]", "/a\\", NULL};
	const char *why;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf b = buf_new(*state);

		assert_int_not_equal(glob_regex(&b, cases[i].glob, false, &why), GLOB_BAD);
		assert_string_equal(buf_text(&b), cases[i].re);
	}
	for (size_t i = 0; bad[i]; i++) {
		struct buf b = buf_new(*state);

		if (glob_regex(&b, bad[i], false, &why) != GLOB_BAD)
			fail_msg("accepted %s", bad[i]);
	}
	char path[] = "//a//b///c/";
	glob_fold_slashes(path);
	assert_string_equal(path, "//a/b/c/");
}

static struct perms decide(struct arena *a, const struct accept *list, size_t n)
{
	struct labels l;
	struct perms p = {0};
	uint32_t ids[8];

	labels_start(&l, a, true);
	for (size_t i = 0; i < n; i++)
		ids[i] = labels_accept(&l, list[i]);
	p.prompt = labels_perms(&l, labels_of(&l, ids, n), &p) ? p.prompt : UINT32_MAX;
	return p;
}

#define PX (AP_X | 2u << AP_INDEX_SHIFT)

static void several_rules_on_one_name(void **state)
{
	struct arena *a = *state;
	struct perms p;

	p = decide(a, (struct accept[]){{.perms = AP_R | AP_W}, {.mode = AP_DENY, .perms = AP_W,
		   .audit = AP_W}}, 2);
	assert_int_equal(p.allow, AP_R);
	assert_int_equal(p.quiet, AP_W);
	/* a rule of higher priority decides its bits alone */
	p = decide(a, (struct accept[]){{.perms = AP_W, .priority = 1}, {.mode = AP_DENY,
		   .perms = AP_R | AP_W, .audit = AP_W}}, 2);
	assert_int_equal(p.allow, AP_W);
	/* an exact name wins over a pattern, and only for execution */
	p = decide(a, (struct accept[]){{.perms = AP_X | AP_IX | AP_R}, {.perms = PX, .exact = true}},
		   2);
	assert_int_equal(p.allow, PX | AP_R);
	p = decide(a, (struct accept[]){{.perms = AP_X | AP_IX}, {.perms = PX}}, 2);
	assert_int_equal(p.prompt, UINT32_MAX); /* two ways to execute */
	/* ix maps too, unless that is denied */
	p = decide(a, (struct accept[]){{.perms = AP_X | AP_IX}}, 1);
	assert_int_equal(p.allow, AP_X | AP_IX | AP_M);
	p = decide(a, (struct accept[]){{.perms = AP_X | AP_IX}, {.mode = AP_DENY, .perms = AP_M}}, 2);
	assert_int_equal(p.allow, AP_X | AP_IX);
	p = decide(a, (struct accept[]){{.perms = PX}, {.mode = AP_DENY, .perms = AP_X}}, 2);
	assert_int_equal(p.allow, 0);
	p = decide(a, (struct accept[]){{.mode = AP_PROMPT, .perms = AP_R | AP_W}, {.perms = AP_R}},
		   2);
	assert_int_equal(p.prompt, AP_W);
}

static void too_much_is_refused(void **state)
{
	struct arena *a = *state;
	struct machine m;
	struct automaton out;
	const char *why;
	struct buf re = buf_new(a), deep = buf_new(a);

	/* every position where the name may have begun is a state of its own */
	buf_str(&re, ".*a");
	for (int i = 0; i < 40; i++)
		buf_str(&re, "[^/\\x00]");
	machine_start(&m, &(struct memo){.arena = a}, false);
	assert_true(machine_add(&m, &re, (struct accept){.perms = 1}));
	assert_false(machine_end(&m, &out));
	assert_non_null(strstr(m.why, "too large"));

	for (int i = 0; i < 1000; i++)
		buf_char(&deep, '(');
	assert_null(regex_parse(a, buf_text(&deep), deep.len, &why));
	assert_non_null(strstr(why, "too deep"));
}

int main(void)
{
	return RUN(UNIT(patterns_become_expressions), UNIT(answers_are_those_of_the_expressions),
		   UNIT(several_rules_on_one_name), UNIT(too_much_is_refused));
}
