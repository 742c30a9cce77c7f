/* test_mounts.c - the kernel's mount table is read exactly, or not at all */
#include "check.h"

#include <string.h>

#include "ns/mounts.h"

#define LINE "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n"

static bool parse(struct arena *a, const char *text, struct mount_table *t)
{
	const char *why;

	return mounts_parse(a, text, strlen(text), t, &why);
}

static void fields(void **state)
{
	struct mount_table t;

	assert_true(parse(*state, LINE LINE, &t));
	assert_int_equal(t.len, 2);
	assert_int_equal(t.at[1].id, 36);
	assert_int_equal(t.at[1].parent, 35);
	assert_string_equal(t.at[1].root, "/mnt1");
	assert_string_equal(t.at[1].point, "/mnt2");
	assert_string_equal(t.at[1].type, "ext3");
	assert_string_equal(t.at[1].source, "/dev/root");
	assert_string_equal(t.at[1].super, "rw,errors=continue");
	assert_true(t.at[1].slave);
	assert_false(t.at[1].shared);
	assert_true(mounts_has_option(&t.at[0], "noatime"));
	assert_false(mounts_has_option(&t.at[0], "atime"));
	assert_false(mounts_has_option(&t.at[0], "noatim"));
}

/* A283: names with blanks, tabs, newlines, backslashes; any number of optional fields. */
static void odd_but_right(void **state)
{
	struct mount_table t;

	assert_true(parse(*state, "1 0 0:5 / /a\\040b\\011c\\012d\\134e\\043 rw shared:2 master:1 "
				  "propagate_from:3 unbindable - tmpfs a\\040b rw\n", &t));
	assert_string_equal(t.at[0].point, "/a b\tc\nd\\e#");
	assert_string_equal(t.at[0].source, "a b");
	assert_true(t.at[0].shared && t.at[0].slave);
	assert_true(parse(*state, "1 0 0:5 / /\303\244\f rw - fuse.x \\040 rw\n", &t));
	assert_true(parse(*state, "1 0 0:5 / / rw - tmpfs  rw\n", &t)); /* a source of "" */
	assert_string_equal(t.at[0].source, "");
	assert_true(parse(*state, "", &t));
	assert_int_equal(t.len, 0);
}

static void malformed(void **state)
{
	static const char *const bad[] = {
		"\n", "36\n", "x 35 98:0 / / rw - ext3 a rw\n", "36 x 98:0 / / rw - ext3 a rw\n",
		"36 35 98 / / rw - ext3 a rw\n", "36 35 98:x / / rw - ext3 a rw\n",
		"36 35 98:0 / / rw ext3 a rw\n", "36 35 98:0 / / rw - ext3 a\n",
		"36 35 98:0 / / rw - ext3 a rw more\n", "36 35 98:0 / rel rw - ext3 a rw\n",
		"36 35 98:0 / /\\04 rw - ext3 a rw\n", "36 35 98:0 / /\\ rw - ext3 a rw\n",
		"36 35 98:0 / /x\\999 rw - ext3 a rw\n", "36 35 98:0 / /x\\000 rw - ext3 a rw\n",
		"36 35 98:0 / /x\\777 rw - ext3 a rw\n", "36 35 98:0 / / rw odd - ext3 a rw\n",
		"36 35 98:0 / / rw - ext3 a rw", "-1 35 98:0 / / rw - ext3 a rw\n",
		"36 35 98:0 / / rw - ext3 a \\1\n", "036 35 98:0 / / rw - ext3 a rw\n",
	};
	struct mount_table t;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (parse(*state, bad[i], &t))
			fail_msg("accepted: %s", bad[i]);
}

static void every_cut(void **state)
{
	struct mount_table t;
	const char *why;

	for (size_t n = 1; n < sizeof LINE - 1; n++)
		assert_false(mounts_parse(*state, LINE, n, &t, &why));
}

static void our_own(void **state)
{
	assert_true(mounts_read(*state).len > 0);
}

int main(void)
{
	return RUN(UNIT(fields), UNIT(odd_but_right), UNIT(malformed), UNIT(every_cut), UNIT(our_own));
}
