/* What is there to confine with: the facts agree with the kernel, and come in one order. */
#include <sys/prctl.h>
#include <unistd.h>

#include "check.h"
#include "core/host.h"
#include "core/json.h"

static void every_group_is_reported(void **state)
{
	static const char *const groups[] = {"apparmor", "seccomp", "landlock", "namespace",
					     "cgroup", "capability", "mount"};
	const struct host *h = host_probe(*state);
	size_t g = 0;

	for (size_t i = 0; i < h->count; i++) {
		if (strcmp(h->facts[i].group, groups[g]))
			g++;
		assert_in_range(g, 0, 6);
		assert_string_equal(h->facts[i].group, groups[g]);
		assert_non_null(h->facts[i].detail);
	}
	assert_int_equal(g, 6);
}

static void facts_agree_with_the_kernel(void **state)
{
	const struct host *h = host_probe(*state);

	/* This process runs: what it runs on is there. */
	assert_int_equal(host_fact(h, "namespace", "mnt")->state, HOST_PRESENT);
	assert_int_equal(host_fact(h, "seccomp", "")->state, HOST_PRESENT);
	assert_int_equal(host_fact(h, "seccomp", "errno")->state, HOST_PRESENT);
	assert_int_equal(h->landlock_abi > 0,
			 host_fact(h, "landlock", "")->state == HOST_PRESENT);
	assert_int_equal(h->apparmor, host_fact(h, "apparmor", "")->state == HOST_PRESENT);
	assert_int_equal(host_fact(h, "capability", "sys_admin")->state == HOST_PRESENT,
			 prctl(PR_CAPBSET_READ, 21, 0, 0, 0) == 1);
	assert_null(host_fact(h, "seccomp", "no such action"));
}

static void without_apparmor_its_features_are_missing_not_silent(void **state)
{
	const struct host *h = host_probe(*state);

	if (h->apparmor)
		skip();
	assert_int_equal(host_fact(h, "apparmor", "file")->state, HOST_MISSING);
	assert_int_equal(host_fact(h, "apparmor", "ptrace")->state, HOST_MISSING);
}

static void text_of_strangers_is_not_json_syntax(void **state)
{
	struct buf b = buf_new(*state);

	json_text(&b, "a\"b\\c\n\x01\xc3\xa4\xff");
	assert_string_equal(buf_text(&b), "\"a\\\"b\\\\c\\u000a\\u0001\xc3\xa4\\ufffd\"");
	b = buf_new(*state);
	buf_char(&b, '{');
	json_pair(&b, "k", "v");
	json_pair_u64(&b, "n", 7);
	json_pair_bool(&b, "t", true);
	json_pair(&b, "z", NULL);
	assert_string_equal(buf_text(&b), "{\"k\":\"v\",\"n\":7,\"t\":true,\"z\":null");
}

int main(void)
{
	return RUN(UNIT(every_group_is_reported), UNIT(facts_agree_with_the_kernel),
		   UNIT(without_apparmor_its_features_are_missing_not_silent),
		   UNIT(text_of_strangers_is_not_json_syntax));
}
