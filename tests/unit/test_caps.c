/* test_caps.c - capabilities go where they are sent, and stay there */
#include "check.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/caps.h"

static void names(void **state)
{
	static const char *const bad[] = {"", " ", "chown ", " chown", "chown  kill", "CHOWN",
					  "cap_chown", "chown,kill", "41", "none all", "chow"};
	uint64_t mask;

	(void)state;
	assert_true(caps_parse("none", &mask) && mask == 0);
	assert_true(caps_parse("all", &mask) && mask == ~UINT64_C(0));
	assert_true(caps_parse("chown sys_chroot", &mask));
	assert_true(mask == (1u << CAP_CHOWN | 1u << CAP_SYS_CHROOT));
	assert_true(caps_parse("checkpoint_restore", &mask));
	assert_true(mask == UINT64_C(1) << CAP_CHECKPOINT_RESTORE);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (caps_parse(bad[i], &mask))
			fail_msg("accepted \"%s\"", bad[i]);
}

/* In a child, because there is no way back. */
static void in_child(void (*fn)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		fn();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void need(bool ok, int code)
{
	if (!ok)
		_exit(code);
}

static void drop_all(void)
{
	caps_bound(1u << CAP_CHOWN);
	need(prctl(PR_CAPBSET_READ, CAP_CHOWN, 0, 0, 0) == 1, 1);
	need(prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) == 0, 2);
	need(prctl(PR_CAPBSET_READ, CAP_CHECKPOINT_RESTORE, 0, 0, 0) == 0, 3);
	caps_hold(CAPS_LAUNCH, CAPS_NONE, 0);
	need(caps_permitted(CAPS_LAUNCH), 4);
	need(setresuid(12345, 12345, 12345) != 0, 5); /* permitted, but asleep */
	caps_hold(CAPS_FILTER, CAPS_NONE, 0);
	need(caps_permitted(CAPS_FILTER) && !caps_permitted(CAPS_LAUNCH), 6);
	caps_hold(CAPS_NONE, CAPS_NONE, 0);
	need(!caps_permitted(CAPS_FILTER), 7);
}

static void asks_for_more(void)
{
	caps_hold(CAPS_NONE, CAPS_NONE, 0);
	caps_hold(CAPS_LAUNCH, CAPS_NONE, 0); /* dies */
}

static void dropping(void **state)
{
	(void)state;
	if (geteuid())
		skip();
	in_child(drop_all);
}

static void more_is_refused(void **state)
{
	int status;

	(void)state;
	pid_t pid = fork();
	if (!pid) {
		close(2);
		asks_for_more();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), EXIT_REFUSED);
}

int main(void)
{
	return RUN(UNIT(names), UNIT(dropping), UNIT(more_is_refused));
}
