/* The file of connections: strict both ways, sorted, one line about one plug and slot. */
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "core/node.h"
#include "core/str.h"
#include "policy/model/conns.h"

#define HEAD "snapbox-connections 1\n"

static const char good[] = HEAD "foo:camera system:camera camera undesired\n"
				"foo:home system:home home auto\n"
				"foo_k1:web bar:web content manual\n"
				"end\n";

static struct conn_lines parse(struct arena *a, const char *text)
{
	struct conn_lines l;
	char why[WHY_MAX] = "";

	if (!conns_parse(a, text, strlen(text), &l, why))
		fail_msg("%s", why);
	return l;
}

static void what_is_read_is_written_again(void **state)
{
	struct conn_lines l = parse(*state, good);

	assert_int_equal(l.len, 3);
	assert_string_equal(l.at[2].plug_snap, "foo_k1");
	assert_string_equal(l.at[2].slot, "web");
	assert_string_equal(l.at[2].iface, "content");
	assert_int_equal(l.at[0].how, CONN_UNDESIRED);
	assert_int_equal(l.at[2].how, CONN_MANUAL);
	assert_string_equal(conns_print(*state, &l), good);
	l = parse(*state, HEAD "end\n");
	assert_int_equal(l.len, 0);
	assert_string_equal(conns_print(*state, &l), HEAD "end\n");
}

static void anything_else_is_refused(void **state)
{
	/* A141 */
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"", "line 1: a format"},
		{"snapbox-connections 2\nend\n", "line 1: a format"},
		{HEAD, "line 2: the file ends"},
		{HEAD "end", "line 2: the file ends"},
		{HEAD "end\n\n", "line 3: text after"},
		{HEAD "\nend\n", "line 2: not of the form"},
		{HEAD "foo:home system:home home  auto\nend\n", "line 2"},
		{HEAD "foo:home system:home home auto \nend\n", "line 2"},
		{HEAD "foo:home system:home home\nend\n", "line 2"},
		{HEAD "foo:home system:home home never\nend\n", "neither auto"},
		{HEAD "foo:home system:home Home auto\nend\n", "of an interface"},
		{HEAD "foo:home :home home auto\nend\n", "name of a snap"},
		{HEAD "../x:home system:home home auto\nend\n", "name of a snap"},
		{HEAD "foo:ho\"me system:home home auto\nend\n", "plug or slot"},
		{HEAD "foo:home system:@{x} home auto\nend\n", "plug or slot"},
		{HEAD "foo:b system:home home auto\nfoo:a system:home home auto\nend\n", "line 3: not in order"},
		{HEAD "foo:a system:home home auto\nfoo:a system:home home manual\nend\n", "line 3: not in order"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct conn_lines l;
		char why[WHY_MAX] = "";

		if (conns_parse(*state, bad[i].text, strlen(bad[i].text), &l, why))
			fail_msg("accepted: %s", bad[i].text);
		if (!strstr(why, bad[i].why))
			fail_msg("\"%s\" is refused with \"%s\"", bad[i].text, why);
	}
	struct conn_lines l;
	char why[WHY_MAX];
	assert_false(conns_parse(*state, HEAD "e\0d\n", strlen(HEAD) + 4, &l, why));
	assert_non_null(strstr(why, "NUL"));
}

static void lines_are_put_in_order_and_in_place(void **state)
{
	struct arena *a = *state;
	struct conn_lines l = {0};
	struct conn_line x = {"foo", "home", "system", "home", "home", CONN_AUTO};

	conns_put(a, &l, x);
	x.plug_snap = "bar";
	conns_put(a, &l, x);
	x.plug_snap = "zoo";
	conns_put(a, &l, x);
	x.plug_snap = "foo";
	x.how = CONN_UNDESIRED;
	conns_put(a, &l, x);
	assert_int_equal(l.len, 3);
	assert_string_equal(l.at[0].plug_snap, "bar");
	assert_int_equal(conns_find(&l, &x)->how, CONN_UNDESIRED);
	assert_false(conn_line_is_of(&l.at[1], "foo"));
	assert_true(conn_line_is_of(&l.at[0], "system"));
	conns_drop(&l, 1);
	assert_null(conns_find(&l, &x));
	assert_string_equal(l.at[1].plug_snap, "zoo");
	parse(a, conns_print(a, &l));
}

static void the_file_is_one_of_the_changes(void **state)
{
	struct arena *a = *state;
	char root[] = "/tmp/test_conns.XXXXXX";

	assert_non_null(mkdtemp(root));
	dirs_set_root(root);
	assert_int_equal(conns_load(a).len, 0);
	struct conn_lines l = parse(a, good);
	struct txn *t = txn_begin(a, NULL);
	conns_stage(t, &l);
	assert_int_equal(conns_load(a).len, 0);
	txn_commit(t);
	l = conns_load(a);
	assert_string_equal(conns_print(a, &l), good);
	l.len = 0;
	t = txn_begin(a, NULL);
	conns_stage(t, &l);
	txn_commit(t);
	assert_int_equal(faccessat(AT_FDCWD, dirs_path(a, DIR_STATE, CONNS_FILE), F_OK, 0), -1);
}

int main(void)
{
	return RUN(UNIT(what_is_read_is_written_again), UNIT(anything_else_is_refused),
		   UNIT(lines_are_put_in_order_and_in_place), UNIT(the_file_is_one_of_the_changes));
}
