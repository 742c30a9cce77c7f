/* test_json.c - values for programs: nothing of a stranger becomes syntax, or is seen by a terminal */
#include "check.h"

#include "core/json.h"
#include "core/yaml.h"

static const char *as_json(struct arena *a, const char *yaml)
{
	char why[WHY_MAX];
	struct buf b = buf_new(a);
	struct node *n = yaml_parse(a, yaml, strlen(yaml), why);

	assert_non_null(n);
	json_node(&b, n);
	return buf_text(&b);
}

static void trees_keep_their_form(void **state)
{
	assert_string_equal(as_json(*state, "{}"), "{}");
	assert_string_equal(as_json(*state, "a: {}\nb: []\nc:\n- []\n- {}\n"),
			    "{\"a\":{},\"b\":[],\"c\":[[],{}]}");
	assert_string_equal(as_json(*state, "a: {b: {c: [v, w], d: z}}\ne: f\n"),
			    "{\"a\":{\"b\":{\"c\":[\"v\",\"w\"],\"d\":\"z\"}},\"e\":\"f\"}");
	assert_string_equal(as_json(*state, "'a\"b': '{'\nc: '['\n"),
			    "{\"a\\\"b\":\"{\",\"c\":\"[\"}");
}

static void texts_are_what_yaml_says(void **state)
{
	static const struct {
		const char *yaml, *json;
	} table[] = {
		{"a: 7", "{\"a\":7}"},
		{"a: '7'", "{\"a\":\"7\"}"},
		{"a: 0x10", "{\"a\":16}"},
		{"a: 0o17", "{\"a\":15}"},
		{"a: -1_000", "{\"a\":-1000}"},
		{"a: yes", "{\"a\":true}"},
		{"a: 'yes'", "{\"a\":\"yes\"}"},
		{"a: off", "{\"a\":false}"},
		{"a: ~", "{\"a\":null}"},
		{"a: 1.5", "{\"a\":1.5}"},
		{"a: .5", "{\"a\":0.5}"},
		{"a: 1.", "{\"a\":1}"},
		{"a: 0.1", "{\"a\":0.1}"},
		{"a: .inf", "{\"a\":\".inf\"}"},
		{"a: 1e999", "{\"a\":\"1e999\"}"},
		{"a: 99999999999999999999", "{\"a\":1e+20}"},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		assert_string_equal(as_json(*state, table[i].yaml), table[i].json);
}

static void A181_a_terminal_sees_no_character_that_steers_it(void **state)
{
	struct buf b = buf_new(*state);

	json_text(&b, "\x1b[2J \x7f \xc2\x9b \xe2\x80\xae \xf3\xa0\x81\x81 \xc3\xa4");
	assert_string_equal(buf_text(&b), "\"\\u001b[2J \\u007f \\u009b \\u202e \\udb40\\udc41 "
					  "\xc3\xa4\"");
}

int main(void)
{
	return RUN(UNIT(trees_keep_their_form), UNIT(texts_are_what_yaml_says),
		   UNIT(A181_a_terminal_sees_no_character_that_steers_it));
}
