/* The floor everything stands on: memory, text, files, children. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "core/buf.h"
#include "core/fs.h"
#include "core/proc.h"
#include "core/str.h"
#include "core/template.h"
#include "core/vec.h"

static void arena_memory_is_zero_after_rewind(void **state)
{
	struct arena *a = *state;

	NEW_N(a, char, 100);
	struct arena_mark m = arena_mark(a);
	memset(NEW_N(a, char, 5000), 7, 5000);
	memset(NEW_N(a, char, 500000), 7, 500000);
	arena_rewind(a, m);
	char *p = NEW_N(a, char, 5000);
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(p[i], 0);
	assert_dies(arena_alloc(a, SIZE_MAX / 2, 4), "out of memory");
}

static void vectors_keep_what_is_pushed(void **state)
{
	VEC(int) v = {0};

	for (int i = 0; i < 1000; i++) {
		vec_push(*state, &v, i);
		NEW_N(*state, char, 3); /* so that the vector is not always the newest */
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v.at[i], i);
}

static void numbers_are_canonical(void **state)
{
	uint64_t n;

	(void)state;
	assert_true(str_to_u64("0", 10, &n));
	assert_true(str_to_u64("18446744073709551615", UINT64_MAX, &n));
	assert_true(n == UINT64_MAX);
	static const char *const bad[] = {"", "01", "-1", "+1", " 1", "1 ", "0x1", "11",
					  "18446744073709551616", "1e3", NULL};
	for (size_t i = 0; bad[i]; i++)
		if (str_to_u64(bad[i], i == 7 ? 10 : UINT64_MAX, &n))
			fail_msg("accepted \"%s\"", bad[i]);
}

static void strangers_cannot_steer_the_terminal(void **state)
{
	struct arena *a = *state;

	assert_string_equal(str_show(a, "a\x1b[31mb\n"), "a\\x1b[31mb\\x0a");
	assert_string_equal(str_show(a, "sn\xc3\xa4p"), "sn\xc3\xa4p");
	assert_string_equal(str_show(a, "\xe2\x80\xae" "abc"), "\\u{202e}abc");
	assert_string_equal(str_show(a, "\xc2\x9b" "31m"), "\\u{9b}31m");
	assert_string_equal(str_show(a, "\xff\xc3"), "\\xff\\xc3");
	assert_string_equal(str_show(a, "\xc0\xaf"), "\\xc0\\xaf");
}

static void near_names_are_found(void **state)
{
	static const char *const names[] = {"install", "remove", "list", "info", NULL};

	(void)state;
	assert_string_equal(str_nearest("instal", names), "install");
	assert_string_equal(str_nearest("lsit", names), "list");
	assert_null(str_nearest("xyzzy", names));
}

static char *scratch(struct arena *a)
{
	char *dir = arena_dup(a, "/tmp/snapbox-test-XXXXXX");

	assert_non_null(mkdtemp(dir));
	return dir;
}

static void files_are_replaced_whole_and_links_are_not_followed(void **state)
{
	struct arena *a = *state;
	char *dir = scratch(a);
	int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t len;

	fs_write(at, "one", "first", 5, 0644);
	fs_write(at, "one", "second", 6, 0600);
	assert_string_equal(fs_read(a, at, "one", 100, &len), "second");
	assert_int_equal(len, 6);
	assert_null(fs_read(a, at, "one", 5, &len));
	assert_int_equal(errno, EFBIG);
	assert_return_code(symlinkat("/etc/passwd", at, "trap"), 0);
	assert_int_equal(fs_open(at, "trap", O_RDONLY, 0), -1);
	assert_int_equal(fs_open(at, "../etc/passwd", O_RDONLY, 0), -1);
	close(fs_make_dirs(at, "a/b/c", 0700, getuid(), getgid()));
	assert_return_code(symlinkat("/etc", at, "a/b/c/link"), 0);
	fs_write(at, "a/b/file", "x", 1, 0600);
	assert_dies(fs_make_dirs(at, "trap/x", 0755, 0, 0), "trap");
	size_t n;
	assert_non_null(fs_list(a, at, "a/b", &n));
	assert_int_equal(n, 2);
	assert_true(fs_remove_tree(at, "a"));
	assert_return_code(access("/etc/passwd", F_OK), 0);
	assert_int_equal(faccessat(at, "a", F_OK, 0), -1);
	close(at);
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static bool writes_hello(int out, void *arg)
{
	(void)arg;
	return write(out, "hello", 5) == 5;
}

static bool opens_a_file(int out, void *arg)
{
	(void)arg;
	(void)out;
	return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool reports(int out, void *arg)
{
	(void)arg;
	return write(out, "!it is broken", 13) < 0;
}

static bool floods(int out, void *arg)
{
	static char block[4096];

	(void)arg;
	while (write(out, block, sizeof block) > 0)
		;
	return true;
}

static void a_jailed_reader_can_only_answer(void **state)
{
	struct proc_jail j = {.max = 65536, .cpu_seconds = 5, .keep = {-1}};
	const char *why = NULL;
	size_t len;

	j.fn = writes_hello;
	assert_string_equal(proc_jailed(*state, &j, &len, &why), "hello");
	j.fn = opens_a_file;
	assert_null(proc_jailed(*state, &j, &len, &why));
	assert_string_equal(why, "the reader tried a forbidden system call");
	j.fn = reports;
	assert_null(proc_jailed(*state, &j, &len, &why));
	assert_string_equal(why, "it is broken");
	j.fn = floods;
	assert_null(proc_jailed(*state, &j, &len, &why));
	assert_string_equal(why, "its description is too large");
}

#ifdef __x86_64__
/* i386's number of open, through the gate of 32-bit programs. */
static bool opens_by_another_door(int out, void *arg)
{
	long ret;

	(void)arg;
	(void)out;
	__asm__ volatile("int $0x80" : "=a"(ret) : "a"(5L), "b"(0L), "c"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	return true;
}

static void a_jailed_reader_has_one_table_of_calls(void **state)
{
	struct proc_jail j = {.max = 65536, .cpu_seconds = 5, .keep = {-1}};
	const char *why = NULL;
	size_t len;

	j.fn = opens_by_another_door;
	assert_null(proc_jailed(*state, &j, &len, &why));
	if (!strcmp(why, "the reader failed (status 139)"))
		skip(); /* this kernel runs no 32-bit calls at all */
	assert_string_equal(why, "the reader tried a forbidden system call");
}
#else
static void a_jailed_reader_has_one_table_of_calls(void **state)
{
	(void)state;
	skip();
}
#endif

static void templates_are_in_the_binary(void **state)
{
	size_t len;
	const char *text = template_text(*state, "README", &len);

	assert_non_null(text);
	assert_int_equal(strlen(text), len);
	assert_null(template_text(*state, "no/such", NULL));
}

int main(void)
{
	return RUN(UNIT(arena_memory_is_zero_after_rewind), UNIT(vectors_keep_what_is_pushed),
		   UNIT(numbers_are_canonical), UNIT(strangers_cannot_steer_the_terminal),
		   UNIT(near_names_are_found),
		   UNIT(files_are_replaced_whole_and_links_are_not_followed),
		   UNIT(a_jailed_reader_can_only_answer),
		   UNIT(a_jailed_reader_has_one_table_of_calls), UNIT(templates_are_in_the_binary));
}
