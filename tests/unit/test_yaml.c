/* Strangers' YAML, and the record that is kept of it. */
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "check.h"
#include "core/str.h"
#include "core/yaml.h"

static struct node *read_text(struct arena *a, const char *text, char *why)
{
	return yaml_parse(a, text, strlen(text), why);
}

static const char *record(struct arena *a, const struct node *n)
{
	struct buf b = buf_new(a);

	node_print(&b, n);
	return buf_text(&b);
}

static void documents_become_trees(void **state)
{
	struct arena *a = *state;
	char why[WHY_MAX];
	struct node *n = read_text(a, "# a snap\n--- \nname: hello\nversion: 1.10\nlong: |\n  a\n  b \\ c\n"
				      "list: [a, 'b c', {d: e}]\n\"odd key\": ~\nempty: {}\n", why);

	assert_non_null(n);
	assert_string_equal(record(a, n),
			    "snapbox-record 1\n"
			    "{ 3:1\n"
			    "\tname ' 3:7 hello\n"
			    "\tversion ' 4:10 1.10\n"
			    "\tlong \" 5:7 a\\x0ab \\x5c c\\x0a\n"
			    "\tlist [ 8:7\n"
			    "\t\t' 8:8 a\n"
			    "\t\t\" 8:11 b c\n"
			    "\t\t{ 8:18\n"
			    "\t\t\td ' 8:22 e\n"
			    "\todd\\x20key ' 9:12 ~\n"
			    "\tempty { 10:8\n");
	struct node *again = node_parse(a, record(a, n), strlen(record(a, n)), why);
	assert_non_null(again);
	assert_string_equal(record(a, again), record(a, n));
	assert_string_equal(node_text(n, "version"), "1.10");
	assert_null(node_text(n, "list"));
	assert_null(node_get(n, "nothing"));
}

static void hostile_files_are_refused_with_a_place(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		/* A219 */
		{"a: &x [1]\nb: *x\n", "1:4: anchors and aliases"},
		{"a: &x 1\n", "1:4: anchors and aliases"},
		{"a: *x\n", "1:4: anchors and aliases"},
		{"&k a: 1\n", "1:1: anchors and aliases"},
		{"&m\na: 1\n", "1:1: anchors and aliases"},
		/* A225 */
		{"name: a\nversion: 1\nname: b\n", "3:7: the key \"name\" is there twice"},
		{"apps:\n  x: {command: a}\n  y: {command: a, command: b}\n", "3:28: the key \"command\""},
		{"a: 1\n\"a\": 2\n", "the key \"a\" is there twice"},
		{"a: 1\n'a': 2\n", "the key \"a\" is there twice"},
		/* A227 */
		{"a: !!binary aGk=\n", "1:4: a tag that is not allowed"},
		{"a: !!python/object:os.system x\n", "a tag that is not allowed"},
		{"a: !foo x\n", "a tag that is not allowed"},
		{"a: ! x\n", "a tag that is not allowed"},
		{"a: !!int x\n", "a tag that is not allowed"},
		{"a: !!map x\n", "a tag that is not allowed"},
		{"a: !!set {x}\n", "a tag that is not allowed"},
		{"a: !!seq {x: y}\n", "a tag that is not allowed"},
		{"!!str a: 1\n", "1:1: a key with a tag"},
		{"<<: {a: 1}\n", "1:1: merge keys"},
		{"? [a]\n: b\n", "a key that is not a text"},
		{"? {a: b}\n: b\n", "a key that is not a text"},
		{": b\n", "1:1"},
		{"? \n: b\n", "an empty key"},
		{"\"\": b\n", "1:1: an empty key"},
		/* A229 */
		{"a: 1\n---\nb: 2\n", "2:1: a second document"},
		{"a: 1\n...\n---\nb: 2\n", "3:1: a second document"},
		{"a: 1\n...\nb: 2\n", "3:1"},
		{"%YAML 1.1\n---\na: 1\n", "directives are not allowed"},
		{"%YAML 2.0\n---\na: 1\n", "1:1: found incompatible YAML document"},
		{"%TAG ! tag:x,2000:\n---\na: 1\n", "directives are not allowed"},
		{"", "no document"},
		{"\n\n", "no document"},
		{"# only a comment\n", "no document"},
		{"---\n", "not a map"},
		{"hello\n", "1:1: not a map"},
		{"- a\n", "1:1: not a map"},
		{"[a]\n", "not a map"},
		/* A223, A231 */
		{"a: \"x\\0y\"\n", "1:4: a text with a NUL"},
		{"\"a\\0b\": y\n", "a text with a NUL"},
		{"a: \"\\x\"\n", "1:"},
		{"a: \"\\ud800\"\n", "1:"},
		{"a: \"\\UFFFFFFFF\"\n", "1:"},
		{"a: \"x", "1:"},
		{"a: [1, 2\n", "2:1"},
		{"a: !<%41%42%zz> b\n", "1:"},
		{"a: \x01\n", "1:4: a control character"},
		{"a: b\n# \x7f\n", "2:3: a control character"},
		{"a: \xff\n", "1:4: not UTF-8"},
		{"a: \xc0\x80\n", "1:4: not UTF-8"},
		{"a: \xed\xa0\x80\n", "1:4: not UTF-8"},
		{"a: \xf4\x90\x80\x80\n", "1:4: not UTF-8"},
		{"a: \xe2\x82", "1:4: not UTF-8"},
		{"\xef\xbb\xbf""a: b\n", "1:1: a byte order mark"},
		{"\xff\xfe""a\n", "1:1: not UTF-8"},
		{"a: b\xe2\x80\xa8""c: d\n", "1:5: a byte order mark or a Unicode line break"},
		{"a: b\xc2\x85""c: d\n", "1:5: a control character"}, /* A217: NEL */
		{"a:\tb\n c: d\n", "2:"},
		{"\ta: b\n", "1:"},
	};
	struct arena *a = *state;
	char why[WHY_MAX];

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (read_text(a, bad[i].text, why))
			fail_msg("accepted \"%s\"", str_show(a, bad[i].text));
		if (!strstr(why, bad[i].why))
			fail_msg("\"%s\": \"%s\", not \"%s\"", str_show(a, bad[i].text), why, bad[i].why);
	}
}

/* A223: the whole file is looked at, whatever a parser would stop at. */
static void a_nul_anywhere_refuses_the_file(void **state)
{
	static const char *const parts[] = {"name: a", "name: a # c", "name: a\n...\n", "na", "\"a", NULL};
	static const char utf16[] = "a\0:\0 \0b\0\n";
	struct arena *a = *state;
	char why[WHY_MAX];

	for (size_t i = 0; parts[i]; i++) {
		size_t n = strlen(parts[i]);
		char *text = arena_alloc(a, n + 6, 1);

		memcpy(text, parts[i], n);
		memcpy(text + n + 1, "b: c", 4);
		assert_null(yaml_parse(a, text, n + 5, why));
		assert_non_null(strstr(why, "a control character"));
	}
	assert_null(yaml_parse(a, utf16, sizeof utf16 - 1, why));
}

static char *repeat(struct arena *a, const char *before, const char *s, size_t n, const char *after)
{
	struct buf b = buf_new(a);

	buf_str(&b, before);
	while (n--)
		buf_str(&b, s);
	buf_str(&b, after);
	return (char *)buf_text(&b);
}

/* A221, A233: budgets, found at once. */
static void budgets(void **state)
{
	struct arena *a = *state;
	char why[WHY_MAX];
	struct buf deep = buf_new(a);
	struct timespec t0, t1;

	for (int i = 0; i < 1000; i++)
		buf_printf(&deep, "%*sa:\n", i, "");
	const struct {
		const char *text, *why;
	} bad[] = {
		{repeat(a, "a: ", "[", 10000, ""), "1:"},
		{repeat(a, "a: ", "{", 10000, ""), "1:"},
		{repeat(a, "a:\n  ", "- ", 10000, ""), "nested deeper"},
		{repeat(a, "", "? ", 10000, ""), "1:"},
		{repeat(a, "a: ", "[{a: ", 10000, ""), "nested deeper"},
		{buf_text(&deep), "nested deeper"},
		{repeat(a, "a: [", "b,", 40000, "]\n"), "more than 32768"},
		{repeat(a, "d: ", "x", 65537, "\n"), "more than 65536 bytes"},
		{repeat(a, "d: |\n", " 0123456789\n", 100000, ""), "larger than 1 MiB"},
		{repeat(a, "# ", "x", (size_t)16 << 20, "\na: b\n"), "larger than 1 MiB"},
		{repeat(a, "a: !<%41", "%41", 100000, "> b\n"), "1:"},
		{repeat(a, "a: !", "x", 100000, " b\n"), "1:"},
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
		assert_null(read_text(a, bad[i].text, why));
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
		if (!strstr(why, bad[i].why))
			fail_msg("row %zu: %s", i, why);
		double ms = (double)(t1.tv_sec - t0.tv_sec) * 1e3 + (double)(t1.tv_nsec - t0.tv_nsec) / 1e6;
		if (ms > 1000) /* sanitizers; the release build takes a twentieth */
			fail_msg("row %zu took %.0f ms", i, ms);
	}
	assert_non_null(read_text(a, repeat(a, "a: ", "[", 30, repeat(a, "", "]", 30, "\n")), why));
	assert_non_null(read_text(a, repeat(a, "d: ", "x", 65536, "\n"), why));
}

/* A231: a file that ends anywhere is refused or read, and nothing else happens. */
static void every_prefix_is_survived(void **state)
{
	static const char file[] = "name: x\nl: [a, {b: \"c\\x41\\u00e9\\U0001F600\"}, 'it''s']\nt: !!str 1\n"
				   "b: |+\n  x\n\n  y\n? k\n: >-\n  v\n# \xc3\xa9\n";
	struct arena *a = *state;
	char why[WHY_MAX];

	for (size_t n = 0; n < sizeof file; n++) {
		char *copy = arena_dupn(a, file, n);
		struct node *tree = yaml_parse(a, copy, n, why);

		if (tree)
			assert_non_null(node_parse(a, record(a, tree), strlen(record(a, tree)), why));
	}
}

/* A227: what a text means is decided by one table. */
static void scalars_have_yaml_1_1_types(void **state)
{
	static const struct {
		const char *text;
		enum node_type type;
		int64_t number;
	} rows[] = {
		{"123", TYPE_INT, 123}, {"-7", TYPE_INT, -7}, {"0x1F", TYPE_INT, 31}, {"0o17", TYPE_INT, 15},
		{"017", TYPE_INT, 15}, {"0b101", TYPE_INT, 5}, {"1_000", TYPE_INT, 1000}, {"0", TYPE_INT, 0},
		{"9223372036854775807", TYPE_INT, INT64_MAX}, {"-9223372036854775808", TYPE_INT, INT64_MIN},
		{"9223372036854775808", TYPE_FLOAT, 0}, {"1.10", TYPE_FLOAT, 0}, {"1e3", TYPE_FLOAT, 0},
		{".inf", TYPE_FLOAT, 0}, {"true", TYPE_BOOL, 1}, {"Yes", TYPE_BOOL, 1}, {"off", TYPE_BOOL, 0},
		{"false", TYPE_BOOL, 0}, {"~", TYPE_NULL, 0}, {"null", TYPE_NULL, 0}, {"", TYPE_NULL, 0},
		{"2024-01-01", TYPE_TEXT, 0}, {"1.2.3", TYPE_TEXT, 0}, {"tRUE", TYPE_TEXT, 0},
		{"0x", TYPE_TEXT, 0}, {"-", TYPE_TEXT, 0}, {".", TYPE_TEXT, 0}, {"08", TYPE_FLOAT, 0},
		{"_1", TYPE_TEXT, 0}, {"1e", TYPE_TEXT, 0}, {"+", TYPE_TEXT, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct node n = {.kind = NODE_TEXT, .text = rows[i].text};
		int64_t number = -1;
		bool truth = false;

		if (node_type(&n) != rows[i].type)
			fail_msg("\"%s\" has type %d", rows[i].text, node_type(&n));
		assert_int_equal(node_int(&n, &number), rows[i].type == TYPE_INT);
		if (rows[i].type == TYPE_INT)
			assert_true(number == rows[i].number);
		assert_int_equal(node_bool(&n, &truth), rows[i].type == TYPE_BOOL);
		assert_int_equal(truth, rows[i].type == TYPE_BOOL && rows[i].number);
		n.quoted = true;
		assert_int_equal(node_type(&n), TYPE_TEXT);
	}
}

/* A217: the record has one reader, and a tree has one text. */
static void a_record_is_only_what_the_writer_writes(void **state)
{
	static const char *const bad[] = {
		"", "\n", "snapbox-record 1\n", "snapbox-record 2\n{ 1:1\n", "snapbox-record 1\n{ 1:1",
		"snapbox-record 1\n{ 1:1\n{ 1:1\n", "snapbox-record 1\n\t{ 1:1\n",
		"snapbox-record 1\n{ 1:1\n\t\ta ' 1:1 b\n", "snapbox-record 1\n{ 01:1\n",
		"snapbox-record 1\n{ 1:0\n", "snapbox-record 1\n{ 1:\n", "snapbox-record 1\n{ 1:1 \n",
		"snapbox-record 1\n{  1:1\n", "snapbox-record 1\n{ 1:1\n\ta ' 1:1\n",
		"snapbox-record 1\n{ 1:1\n\t' 1:1 b\n", "snapbox-record 1\n{ 1:1\n\t ' 1:1 b\n",
		"snapbox-record 1\n{ 1:1\n\ta ; 1:1 b\n", "snapbox-record 1\n{ 1:1\n\ta ' 1:1 \\x41\n",
		"snapbox-record 1\n{ 1:1\n\ta ' 1:1 \\x0A\n", "snapbox-record 1\n{ 1:1\n\ta ' 1:1 \\x00\n",
		"snapbox-record 1\n{ 1:1\n\ta ' 1:1 \\x0\n", "snapbox-record 1\n{ 1:1\n\ta ' 1:1 \\n\n",
		"snapbox-record 1\n{ 1:1\n\ta ' 1:1 b\tc\n", "snapbox-record 1\n{ 1:1\n\ta ' 1:1 b\r\n",
		"snapbox-record 1\n{ 1:1\n\ta ' 1:1 b\n\ta ' 2:1 c\n",
		"snapbox-record 1\n{ 1:1\n\ta { 1:1\n\t\tb ' 1:1 c\n\t\tb ' 1:2 d\n",
		"snapbox-record 1\n{ 1:1\n\ta ' 1:1 b\n\n", "snapbox-record 1\n{ 1:1\n\ta ' 1:1 b\nx",
		"snapbox-record 1\n{ 1:1\n\ta ' 1:1 b\n\t\tc ' 1:1 d\n",
		"snapbox-record 1\n{ 99999999999999999999:1\n", "snapbox-record 1\n{ -1:1\n", NULL,
	};
	struct arena *a = *state;
	char why[WHY_MAX];
	struct buf deep = buf_new(a);

	for (size_t i = 0; bad[i]; i++)
		if (node_parse(a, bad[i], strlen(bad[i]), why))
			fail_msg("accepted row %zu: \"%s\"", i, str_show(a, bad[i]));
	buf_str(&deep, "snapbox-record 1\n");
	for (int i = 0; i < 40; i++) {
		for (int j = 0; j < i; j++)
			buf_char(&deep, '\t');
		buf_str(&deep, "[ 1:1\n");
	}
	assert_null(node_parse(a, buf_text(&deep), deep.len, why));
	assert_non_null(strstr(why, "record, line 34: wrong depth"));
	assert_null(node_parse(a, "snapbox-record 1\n{ 1:1\n\0", 24, why));
	const char *flat = repeat(a, "snapbox-record 1\n[ 1:1\n", "\t' 1:1 x\n", 40000, "");
	assert_null(node_parse(a, flat, strlen(flat), why));
	assert_non_null(strstr(why, "too many lines"));
}

int main(void)
{
	return RUN(UNIT(documents_become_trees), UNIT(hostile_files_are_refused_with_a_place),
		   UNIT(a_nul_anywhere_refuses_the_file), UNIT(budgets), UNIT(every_prefix_is_survived),
		   UNIT(scalars_have_yaml_1_1_types), UNIT(a_record_is_only_what_the_writer_writes));
}
