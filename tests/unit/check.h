/* check.h - what every unit test needs
 *
 *	static void works(void **state) { struct arena *a = *state; ... }
 *	int main(void) { return RUN(UNIT(works)); }
 *
 * Each test gets an arena of its own. assert_dies(expr, "part of the message").
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>

#include "core/arena.h"
#include "core/die.h"
#include "core/dirs.h"
#include "core/fs.h"

static inline int check_setup(void **state)
{
	*state = arena_new();
	return 0;
}

/* A root that a test worked below, in /tmp, goes with the test. */
static inline void check_drop_root(struct arena *a)
{
	if (!strncmp(dirs_root(), "/tmp/", strlen("/tmp/"))) {
		char *root = arena_dup(a, dirs_root());

		dirs_set_root("/");
		fs_remove_tree(AT_FDCWD, root);
	}
}

static inline int check_teardown(void **state)
{
	check_drop_root(*state);
	arena_drop(*state);
	return 0;
}

#define UNIT(fn) cmocka_unit_test_setup_teardown(fn, check_setup, check_teardown)

#define RUN(...) run_tests_((const struct CMUnitTest[]){__VA_ARGS__}, \
		sizeof((const struct CMUnitTest[]){__VA_ARGS__}) / sizeof(struct CMUnitTest), __FILE__)

static inline int run_tests_(const struct CMUnitTest *tests, size_t n, const char *name)
{
	return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}

#define assert_dies(expr, text) \
	do { \
		jmp_buf trap_; \
		die_trap = &trap_; \
		if (!setjmp(trap_)) { \
			expr; \
			die_trap = NULL; \
			fail_msg("did not die: %s", #expr); \
		} \
		die_trap = NULL; \
		if (!strstr(die_message, text)) \
			fail_msg("died with \"%s\", not with \"%s\"", die_message, text); \
	} while (0)

#endif
