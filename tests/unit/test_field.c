/* Nodes to structs by table, and the times people write. */
#include "check.h"
#include "core/field.h"
#include "core/yaml.h"

struct thing {
	const char *name;
	struct words list;
	struct pairs map;
	unsigned choice;
	int64_t time;
	const struct node *rest;
};

static bool is_short(const char *s)
{
	return strlen(s) < 6;
}

static const char *const choices[] = {"red", "green", NULL};
static const struct field table[] = {
	{"name", FIELD_TEXT, offsetof(struct thing, name), is_short, "a short name"},
	{"list", FIELD_WORDS, offsetof(struct thing, list), is_short, "a short word"},
	{"map", FIELD_PAIRS, offsetof(struct thing, map), is_short, "a short key"},
	{"choice", FIELD_CHOICE, offsetof(struct thing, choice), NULL, NULL, choices},
	{"time", FIELD_TIME, offsetof(struct thing, time)},
	{"rest", FIELD_MAP, offsetof(struct thing, rest)},
	{0},
};

static bool read_thing(struct arena *a, const char *text, struct thing *t, char *why)
{
	const struct node *root = yaml_parse(a, text, strlen(text), why);

	assert_non_null(root);
	*t = (struct thing){.time = -1};
	return field_read(a, table, root, "thing.", t, why);
}

static void every_kind_is_read(void **state)
{
	struct thing t;
	char why[WHY_MAX];

	assert_true(read_thing(*state, "name: 007\nlist: [a, 2]\nmap: {b: 1, a: ~}\nchoice: green\n"
				       "time: 1m\nrest: {x: y}\nunknown: [1]\n", &t, why));
	assert_string_equal(t.name, "007");
	assert_string_equal(t.list.at[1], "2");
	assert_true(words_have(&t.list, "a"));
	assert_false(words_have(&t.list, "1"));
	assert_string_equal(t.map.at[0].key, "b"); /* the order written */
	assert_string_equal(t.map.at[1].value, "");
	assert_int_equal(t.choice, 1);
	assert_int_equal(t.time, 60000);
	assert_string_equal(node_text(t.rest, "x"), "y");
	assert_true(read_thing(*state, "name:\nlist: ~\nchoice: null\n", &t, why));
	assert_null(t.name);
	assert_int_equal(t.time, -1);
	assert_true(field_read(*state, table, NULL, "", &t, why));
}

static void refusals_name_the_place(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"a: b\nname: too-long\n", "line 2: thing.name: \"too-long\" is not a short name"},
		{"name: [a]\n", "line 1: thing.name: not a text"},
		{"list: a\n", "line 1: thing.list: not a list"},
		{"list:\n- a\n- [b]\n", "line 3: thing.list: not a list of texts"},
		{"list:\n- a\n- ~\n", "line 3: thing.list: not a list of texts"},
		{"list:\n- a\n- too-long\n", "line 3: thing.list: \"too-long\" is not a short word"},
		{"map: [a]\n", "line 1: thing.map: not a map"},
		{"map: {a: [b]}\n", "line 1: thing.map.a: not a text"},
		{"map: {too-long: b}\n", "line 1: thing.map: \"too-long\" is not a short key"},
		{"choice: blue\n", "line 1: thing.choice: \"blue\" is not one of red, green"},
		{"choice: {}\n", "line 1: thing.choice: not a text"},
		{"time: soon\n", "line 1: thing.time: not a time such as 30s or 1m30s"},
		{"rest: x\n", "line 1: thing.rest: not a map"},
	};
	struct arena *a = *state;
	struct thing t;
	char why[WHY_MAX];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_false(read_thing(a, rows[i].text, &t, why));
		assert_string_equal(why, rows[i].why);
	}
	struct buf b = buf_new(a);
	for (int i = 0; i < 501; i++)
		buf_printf(&b, "%s%d", i ? "," : "list: [", i);
	buf_str(&b, "]\n");
	assert_false(read_thing(a, buf_text(&b), &t, why));
	assert_string_equal(why, "line 1: thing.list: a list of more than 500");
	assert_false(read_thing(a, arena_printf(a, "map: {a: %05000d}\n", 0), &t, why));
	assert_string_equal(why, "line 1: thing.map.a: longer than 4096 bytes");
	assert_false(read_thing(a, arena_printf(a, "name: %05000d\n", 0), &t, why));
}

static void times(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{"0", 0}, {"0s", 0}, {"30s", 30000}, {"1m30s", 90000}, {"1h", 3600000}, {"500ms", 500},
		{"1.5s", 1500}, {".5s", 500}, {"0.25h", 900000}, {"1500us", 1}, {"1h2m3s4ms", 3723004},
		{"1000\xc2\xb5s", 1}, {"5ns", 0}, {"8760h", 31536000000},
	};
	static const char *const bad[] = {"", "10", "s", "-1s", "+1s", " 1s", "1s ", "1 s", "1d", "1S", "1e3s",
					  "1..5s", "10000000s", "1s1", "abc", ".", "1h1m1s1h1m1s1h1m1s", NULL};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!field_time(good[i].text, &ms) || ms != good[i].ms)
			fail_msg("\"%s\" is %lld", good[i].text, (long long)ms);
	for (size_t i = 0; bad[i]; i++)
		if (field_time(bad[i], &ms))
			fail_msg("accepted \"%s\"", bad[i]);
}

int main(void)
{
	return RUN(UNIT(every_kind_is_read), UNIT(refusals_name_the_place), UNIT(times));
}
