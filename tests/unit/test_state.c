/* What is installed: written one way, and nothing else is read. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/node.h"
#include "core/vec.h"
#include "policy/model/state.h"

#define DIGEST "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEfGhIjKlMnOpQrStUvWxYz"

#define REV1 \
	"revision x1\n  version 1.0\n  base core22\n  confinement strict\n" \
	"  installed 2026-11-22T16:25:00Z\n  size 4096\n  sha3-384 " DIGEST "\n" \
	"  commands foo_key foo_key.bar\n  kept image\n  trust dangerous\n"
#define REV2 \
	"revision 17\n  version -\n  base -\n  confinement devmode\n" \
	"  installed 1970-01-01T00:00:00Z\n  size 0\n  sha3-384 " DIGEST "\n" \
	"  commands -\n  kept tree\n  trust signed\n"
#define HEAD(cur) \
	"snapbox-state 1\nsnap foo_key\ntype app\nmodes devmode jailmode\nnext 3\ncurrent " cur "\n"

static const char good[] = HEAD("17") REV1 REV2 "end\n";

static void a_state_survives_being_written(void **state)
{
	struct state s;
	char why[WHY_MAX];

	assert_true(state_parse(*state, good, strlen(good), &s, why));
	assert_string_equal(s.name, "foo_key");
	assert_int_equal(s.modes, MODE_DEVMODE | MODE_JAILMODE);
	assert_int_equal(s.next, 3);
	assert_int_equal(s.revs.len, 2);
	assert_string_equal(state_current(&s)->id, "17");
	assert_true(state_current(&s)->tree);
	assert_true(state_find(&s, "x1")->dangerous);
	assert_int_equal(state_find(&s, "x1")->installed, 1795364700);
	assert_string_equal(state_print(*state, &s), good);
	state_forget(&s, "x1");
	assert_null(state_find(&s, "x1"));
	assert_non_null(state_current(&s));
}

static void a141_odd_files_are_refused(void **state)
{
	static const struct {
		const char *why, *text;
	} bad[] = {
		{"empty", ""},
		{"no end", HEAD("x1") REV1},
		{"no final newline", HEAD("x1") REV1 "end"},
		{"text behind the end", HEAD("x1") REV1 "end\nend\n"},
		{"another format", "snapbox-state 2\nsnap foo\nend\n"},
		{"no revision", HEAD("x1") "end\n"},
		{"current is missing", HEAD("x2") REV1 "end\n"},
		{"revision twice", HEAD("x1") REV1 REV1 "end\n"},
		{"CRLF", "snapbox-state 1\r\nsnap foo\r\n"},
		{"duplicate key", "snapbox-state 1\nsnap foo\nsnap foo\ntype app\n"},
		{"empty value", "snapbox-state 1\nsnap \ntype app\n"},
		{"climbing name", "snapbox-state 1\nsnap ../foo\ntype app\n"},
		{"unknown type", "snapbox-state 1\nsnap foo\ntype apps\n"},
		{"unknown mode", "snapbox-state 1\nsnap foo\ntype app\nmodes root\n"},
		{"modes in another order", "snapbox-state 1\nsnap foo\ntype app\n"
		 "modes jailmode devmode\nnext 3\ncurrent x1\n" REV1 "end\n"},
		{"number with a zero", "snapbox-state 1\nsnap foo\ntype app\nmodes -\nnext 03\n"
		 "current x1\n" REV1 "end\n"},
		{"unknown word for a kind", HEAD("x1")
		 "revision x1\n  version 1.0\n  base core22\n  confinement strict\n"
		 "  installed 2026-11-22T16:25:00Z\n  size 4096\n  sha3-384 " DIGEST "\n"
		 "  commands -\n  kept somehow\n  trust dangerous\nend\n"},
		{"no trust line is not trust", HEAD("x1")
		 "revision x1\n  version 1.0\n  base core22\n  confinement strict\n"
		 "  installed 2026-11-22T16:25:00Z\n  size 4096\n  sha3-384 " DIGEST "\n"
		 "  commands -\n  kept image\nend\n"},
		{"a day that is none", HEAD("x1")
		 "revision x1\n  version 1.0\n  base core22\n  confinement strict\n"
		 "  installed 2026-02-31T16:25:00Z\n  size 4096\n  sha3-384 " DIGEST "\n"
		 "  commands foo_key foo_key.bar\n  kept image\n  trust dangerous\nend\n"},
		{"a command of another snap", HEAD("x1")
		 "revision x1\n  version 1.0\n  base core22\n  confinement strict\n"
		 "  installed 2026-11-22T16:25:00Z\n  size 4096\n  sha3-384 " DIGEST "\n"
		 "  commands sudo\n  kept image\n  trust dangerous\nend\n"},
		{"binary", "\x7f\x45LF\x02\x01\x01"},
	};
	struct state s;
	char why[WHY_MAX];

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (state_parse(*state, bad[i].text, strlen(bad[i].text), &s, why))
			fail_msg("accepted %s", bad[i].why);
		if (!*why)
			fail_msg("no reason for %s", bad[i].why);
	}
	char nul[sizeof good];
	memcpy(nul, good, sizeof good);
	nul[20] = '\0';
	assert_false(state_parse(*state, nul, sizeof good - 1, &s, why));
}

/* Every byte counts: no single change goes unnoticed, unless it is another good value. */
static void a_cut_file_is_refused(void **state)
{
	struct arena *a = *state;
	struct arena_mark m = arena_mark(a);
	struct state s;
	char why[WHY_MAX];

	for (size_t n = 0; n < sizeof good - 1; n++) {
		if (state_parse(a, arena_dupn(a, good, n), n, &s, why))
			fail_msg("accepted the first %zu bytes", n);
		arena_rewind(a, m);
	}
}

static void files_are_found_by_name(void **state)
{
	struct arena *a = *state;
	char *dir = arena_dup(a, "/tmp/snapbox-state-XXXXXX");
	struct state s;
	char why[WHY_MAX];
	size_t n;

	assert_non_null(mkdtemp(dir));
	dirs_set_root(dir);
	state_names(a, &n);
	assert_int_equal(n, 0);
	assert_null(state_load(a, "foo"));
	dirs_make(DIR_INSTALLED);
	fs_write(AT_FDCWD, dirs_path(a, DIR_INSTALLED, "foo_key"), good, sizeof good - 1, 0644);
	fs_write(AT_FDCWD, dirs_path(a, DIR_INSTALLED, ".foo.0123"), "", 0, 0644);
	assert_string_equal(state_names(a, &n)[0], "foo_key");
	assert_int_equal(n, 1);
	assert_non_null(state_load(a, "foo_key"));
	assert_null(state_load(a, "../installed/foo_key"));
	assert_true(state_parse(a, good, sizeof good - 1, &s, why));
	fs_write(AT_FDCWD, dirs_path(a, DIR_INSTALLED, "other"), good, sizeof good - 1, 0644);
	assert_dies(state_load(a, "other"), "is about foo_key");
	fs_write(AT_FDCWD, dirs_path(a, DIR_INSTALLED, "foo_key"), good, 100, 0644);
	assert_dies(state_load(a, "foo_key"), "line");
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static void a_gigabyte_is_not_read(void **state)
{
	struct arena *a = *state;
	char *dir = arena_dup(a, "/tmp/snapbox-state-XXXXXX");

	assert_non_null(mkdtemp(dir));
	dirs_set_root(dir);
	dirs_make(DIR_INSTALLED);
	char *path = dirs_path(a, DIR_INSTALLED, "foo");
	fs_write(AT_FDCWD, path, "", 0, 0644);
	assert_return_code(truncate(path, 1L << 30), 0);
	assert_dies(state_load(a, "foo"), "too large");
	assert_true(arena_used(a) < 16u << 20);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

int main(void)
{
	return RUN(UNIT(a_state_survives_being_written), UNIT(a141_odd_files_are_refused),
		   UNIT(a_cut_file_is_refused), UNIT(files_are_found_by_name),
		   UNIT(a_gigabyte_is_not_read));
}
