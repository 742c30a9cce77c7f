/* The filter language, the compiled file, and the text of a snap's filter. */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "core/buf.h"
#include "core/str.h"
#include "seccomp/bin.h"
#include "seccomp/compile.h"
#include "seccomp/filter.h"
#include "seccomp/names.h"
#include "seccomp/pack.h"
#include "seccomp/resolve.h"
#include "seccomp/sim.h"
#include "seccomp/source.h"

static const struct sc_users users = {
	"root:x:0:0::/root:/bin/sh\nbad:x:12x:0\nlong:x:99999999999:0\nshort:x\nleave:x:4294967295:0\n"
	"daemon:x:2:3\ndaemon:x:9:9\n",
	"root:x:0:\nsnap_daemon:x:584788:\n",
};

static struct sc_target amd64(void)
{
	return sc_target_of(sc_arch_find("amd64"), NULL);
}

static bool compiles(struct arena *a, const char *text, char *why)
{
	struct sc_compiled c;

	return compile_text(a, text, strlen(text), amd64(), &users, &c, why);
}

static void bad_lines_are_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"read\nread 1 2 3 4 5 6 7\n", "line 2: read with more than 6"},
		{" # not in column one", "line 1: # begins a comment only"},
		{"#ok\n\t# not in column one", "line 2: # begins a comment only"},
		{"read # trailing", "\"#\" is neither"},
		{"read -1", "takes no negative"},
		{"read -0", "neither"},
		{"setuid -2147483649", "neither"},
		{"setuid !0", "only equality"},
		{"setuid |4", "only equality"},
		{"copy_file_range - - - - - <=1", "only equality"},
		{"read 4294967296", "neither a number of 32 bits"},
		{"read 0x100000000", "neither"},
		{"read 0x", "neither"},
		{"read 0xg", "neither"},
		{"read +1", "neither"},
		{"read 010", "neither"},
		{"read 1e3", "neither"},
		{"read ''", "neither"},
		{"read AF_NOSUCH", "neither"},
		{"read af_unix", "neither"},
		{"read !", "neither"},
		{"read >=", "neither"},
		{"read |", "neither"},
		{"read 1|", "neither"},
		{"read 1|2|3", "one | too many"},
		{"read 1|2", "can never hold"},
		{"read !1|1", "neither"},
		{"read --", "neither"},
		{"~", "cannot be the name"},
		{"~ read", "cannot be the name"},
		{"~~read", "cannot be the name"},
		{"?", "cannot be the name"},
		{"?~clone3", "cannot be the name"},
		{"?clone3 0", "has no arguments"},
		{"read-write", "cannot be the name"},
		{"read\r\n", "byte 0x0d"},
		{"read\x01", "byte 0x01"},
		{"chown - u:nosuch -1", "no user \"nosuch\""},
		{"chown - u:snap_daemon -1", "no user"},
		{"chown - -1 g:daemon", "no group"},
		{"chown - u:Root -1", "cannot be the name of a user"},
		{"chown - u: -1", "cannot be the name of a user"},
		{"chown - u:a:b -1", "cannot be the name of a user"},
		{"chown - u:../x -1", "cannot be the name of a user"},
		{"chown - u:bad -1", "no user"},
		{"chown - u:long -1", "no user"},
		{"chown - u:short -1", "no user"},
		{"chown - u:leave -1", "no user"},
	};
	char why[COMPILE_WHY];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (compiles(*state, bad[i].text, why))
			fail_msg("accepted \"%s\"", bad[i].text);
		if (!strstr(why, bad[i].why))
			fail_msg("\"%s\" is refused with \"%s\", not with \"%s\"", bad[i].text, why,
				 bad[i].why);
	}
}

static void odd_but_good_lines_are_read(void **state)
{
	static const char *const good[] = {
		"", "\n\n", "   \n \t \nread\n", "#read 1 2 3 4 5 6 7\n", "read", "\tread\t-  - - - - -",
		"read 0x10 0xffffffff 4294967295", "chown - u:daemon g:snap_daemon",
		"setuid -2147483648", "setpriority PRIO_PROCESS 0 <=19", "ioctl - 4294967295|TIOCSTI",
		"read 3|1 |0", "nosuchcall\n_exit\nnosuchcall 1 2", "set_tls", "~set_tls",
	};
	char why[COMPILE_WHY];

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!compiles(*state, good[i], why))
			fail_msg("refused \"%s\": %s", good[i], why);
}

/* A170 */
static void unknown_names_are_skipped_or_refused(void **state)
{
	struct sc_compiled c;
	char why[COMPILE_WHY];
	static const char text[] = "read\nnosuchcall\nnosuchcall 1\n";

	assert_true(compile_text(*state, text, strlen(text), amd64(), &users, &c, why));
	assert_string_equal(c.skipped[0], "nosuchcall");
	assert_null(c.skipped[1]);
	assert_false(compiles(*state, "read\n~nosuchcall", why));
	assert_string_equal(why, "line 2: nosuchcall: no such system call to deny");
	assert_false(compiles(*state, "~ioctl2 - TIOCSTI", why));
	/* known, but not here: there is nothing to deny */
	assert_true(compiles(*state, "~set_tls", why));
}

/* C libraries take ENOSYS, and nothing else, for the word to use what was there before. */
static void a_call_can_be_absent(void **state)
{
	struct sc_compiled c;
	char why[COMPILE_WHY];
	static const char text[] = "clone3\nclone\n?clone3\n~clone |CLONE_NEWUSER";
	struct seccomp_data d = {.arch = 0xc000003e, .nr = 435};
	uint32_t answer;

	assert_true(compile_text(*state, text, strlen(text), amd64(), &users, &c, why));
	assert_true(sim_run(c.deny.code, c.deny.count, &d, false, &answer, NULL));
	assert_int_equal(answer, SECCOMP_RET_ERRNO | ENOSYS);
	d = (struct seccomp_data){.arch = 0xc000003e, .nr = 56, .args = {0x10000011}};
	assert_true(sim_run(c.deny.code, c.deny.count, &d, false, &answer, NULL));
	assert_int_equal(answer, SECCOMP_RET_ERRNO | EACCES);
	d.args[0] = 0x11;
	assert_true(sim_run(c.deny.code, c.deny.count, &d, false, &answer, NULL));
	assert_int_equal(answer, SECCOMP_RET_ALLOW);
}

/* A172 */
static void markers_are_whole_lines(void **state)
{
	static const char *const near[] = {" @unrestricted", "@unrestricted ", "@unrestricted\t",
					   "@unrestrictedX", "@Unrestricted", "@ unrestricted",
					   "@complain x", "@", "read @unrestricted", "@unrestricted\r"};
	struct sc_compiled c;
	char why[COMPILE_WHY];
	static const char text[] = "read\n@unrestricted\nwrite";

	for (size_t i = 0; i < sizeof near / sizeof *near; i++)
		if (compiles(*state, near[i], why))
			fail_msg("accepted \"%s\"", near[i]);
	assert_true(compile_text(*state, text, strlen(text), amd64(), &users, &c, why));
	assert_true(c.unrestricted);
}

static void nul_and_length_are_refused(void **state)
{
	struct sc_compiled c;
	char why[COMPILE_WHY];
	char *much = NEW_N(*state, char, FILTER_TEXT_MAX + 1);

	assert_false(compile_text(*state, "read\0@unrestricted", 18, amd64(), &users, &c, why));
	memset(much, '\n', FILTER_TEXT_MAX + 1);
	assert_false(compile_text(*state, much, FILTER_TEXT_MAX + 1, amd64(), &users, &c, why));
	memset(much, 'a', 2000);
	assert_false(compile_text(*state, much, 2000, amd64(), &users, &c, why));
}

static void too_long_a_program_is_refused(void **state)
{
	struct buf b = buf_new(*state);
	char why[COMPILE_WHY];

	for (unsigned i = 0; i < 3000; i++)
		buf_printf(&b, "futex %u %u\n", i * 2, i * 3);
	assert_false(compiles(*state, buf_text(&b), why));
	assert_non_null(strstr(why, "longer than 4095 instructions"));
}

/* Jumps reach 255 instructions; what is further away must still be the right place. */
static void long_programs_jump_right(void **state)
{
	struct buf b = buf_new(*state);
	struct sc_compiled c;
	char why[COMPILE_WHY];

	for (unsigned i = 0; i < 250; i++)
		buf_printf(&b, "futex %u %u\nread %u - >%u\n", i * 7, i * 3, i * 5, i);
	assert_true(compile_text(*state, buf_text(&b), b.len, amd64(), &users, &c, why));
	assert_true(c.allow.count > 1000);
	for (unsigned i = 0; i < 250; i++) {
		for (unsigned off = 0; off < 2; off++) {
			struct seccomp_data d = {.arch = 0xc000003e, .nr = 202,
						 .args = {i * 7, i * 3 + off}};
			uint32_t answer;

			assert_true(sim_run(c.allow.code, c.allow.count, &d, false, &answer, NULL));
			assert_int_equal(answer, off ? SECCOMP_RET_ERRNO | EPERM : SECCOMP_RET_ALLOW);
			d = (struct seccomp_data){.arch = 0xc000003e, .nr = 0,
						  .args = {i * 5, 0, i + 1 - off}};
			assert_true(sim_run(c.allow.code, c.allow.count, &d, false, &answer, NULL));
			assert_int_equal(answer, off ? SECCOMP_RET_ERRNO | EPERM : SECCOMP_RET_ALLOW);
		}
	}
}

/* A search is not a walk: no call of the template takes long. */
static void programs_are_balanced(void **state)
{
	struct sc_app app = {.kernel = sc_arch_find("amd64"), .kernel_major = 6, .apparmor = true};
	char why[COMPILE_WHY];
	const char *text = source_text(*state, &app, why);
	struct sc_compiled c;

	assert_non_null(text);
	assert_true(compile_text(*state, text, strlen(text), amd64(), &users, &c, why));
	for (int nr = 0; nr < 600; nr++) {
		struct seccomp_data d = {.arch = 0xc000003e, .nr = nr};
		uint32_t answer;
		size_t steps;

		assert_true(sim_run(c.allow.code, c.allow.count, &d, false, &answer, &steps));
		assert_true(steps < 32);
		assert_true(sim_run(c.deny.code, c.deny.count, &d, false, &answer, &steps));
		assert_true(steps < 24);
	}
}

static void same_text_gives_same_bytes(void **state)
{
	struct sc_compiled c;
	char why[COMPILE_WHY];
	size_t n[2];
	const void *bytes[2];
	static const char *const text[] = {"read\nsocket AF_UNIX\nsocket AF_INET\n~openat2\n",
					   "socket AF_INET\n~openat2\n#\nread\nread 1\nsocket AF_UNIX\n"};

	for (int i = 0; i < 2; i++) {
		assert_true(compile_text(*state, text[i], strlen(text[i]), amd64(), &users, &c, why));
		bytes[i] = pack_bin(*state, &c, &n[i]);
	}
	assert_int_equal(n[0], n[1]);
	assert_memory_equal(bytes[0], bytes[1], n[0]);
}

static char *a_file(struct arena *a, const char *text, size_t *len)
{
	struct sc_compiled c;
	char why[COMPILE_WHY];

	assert_true(compile_text(a, text, strlen(text), amd64(), &users, &c, why));
	const void *bytes = pack_bin(a, &c, len);
	return arena_dupn(a, bytes, *len);
}

static void files_survive_being_written(void **state)
{
	size_t len;
	char *file = a_file(*state, "read\n~write", &len);
	struct sc_bin bin;
	const char *why;

	assert_memory_equal(file, "SC\1\0\0\0\0\0", 8);
	assert_true(bin_read(file, len, &bin, &why));
	assert_int_equal(len, 128 + (bin.allow_count + bin.deny_count) * 8);
	assert_false(bin.unrestricted);
	file = a_file(*state, "@unrestricted", &len);
	assert_int_equal(len, 128);
	assert_true(bin_read(file, len, &bin, &why));
	assert_true(bin.unrestricted);
}

/* A168 */
static void damaged_files_are_refused(void **state)
{
	static const struct {
		const char *what;
		size_t at;
		unsigned char byte;
	} damage[] = {
		{"first magic byte", 0, 'X'}, {"second magic byte", 1, 'X'}, {"version 0", 2, 0},
		{"version 2", 2, 2}, {"flag 2", 3, 2}, {"unrestricted with programs", 3, 1},
		{"padding", 7, 1}, {"reserved, first", 16, 1}, {"reserved, last", 127, 1},
		{"allow of 0", 8, 0}, {"allow not of 8", 8, 65}, {"deny of 0", 12, 0},
		{"deny not of 8", 12, 33}, {"allow too long", 10, 1}, {"deny too long", 14, 1},
		{"allow huge", 11, 0xff}, {"deny negative", 15, 0xff}, {"allow 8 more", 8, 8},
	};
	size_t len;
	char *good = a_file(*state, "read\n~write", &len);
	struct sc_bin bin;
	const char *why;

	for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
		char *bad = arena_dupn(*state, good, len);

		bad[damage[i].at] = (char)damage[i].byte;
		if (bin_read(bad, len, &bin, &why))
			fail_msg("accepted a file with %s", damage[i].what);
	}
	for (size_t n = 0; n < len; n++)
		if (bin_read(good, n, &bin, &why))
			fail_msg("accepted %zu of %zu bytes", n, len);
	char *more = arena_printf(*state, "%*s", (int)len + 8, "");
	memcpy(more, good, len);
	assert_false(bin_read(more, len + 1, &bin, &why));
	assert_false(bin_read(more, len + 8, &bin, &why));
	/* a foreign byte order */
	more[8] = good[11], more[11] = good[8];
	assert_false(bin_read(more, len, &bin, &why));
}

static void numbers_are_the_targets(void **state)
{
	static const struct {
		const char *name;
		enum sc_family family;
		uint32_t value;
	} known[] = {
		{"O_CREAT", FAMILY_GENERIC, 0100}, {"O_CREAT", FAMILY_MIPS, 0x100},
		{"O_TMPFILE", FAMILY_ARM, 020040000}, {"PF_INET6", FAMILY_GENERIC, 10},
		{"TIOCSTI", FAMILY_MIPS, 0x5472}, {"TIOCSTI", FAMILY_SH, 0x40015412},
		{"SOCK_STREAM", FAMILY_MIPS, 2}, {"AF_ALG", FAMILY_GENERIC, 38},
		{"TIOCSTI", FAMILY_PARISC, 0x5412}, {"Q_GETQUOTA", FAMILY_GENERIC, 0x800007},
	};
	uint32_t value;

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		assert_true(names_find(known[i].name, known[i].family, &value));
		assert_int_equal(value, known[i].value);
	}
	assert_false(names_find("PF_NOSUCH", FAMILY_GENERIC, &value));
	assert_false(names_find("PF_", FAMILY_GENERIC, &value));
	assert_false(names_find("PF_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", FAMILY_GENERIC, &value));
}

static void calls_behind_others_are_found(void **state)
{
	struct sc_number at[SC_NUMBERS];
	const struct sc_arch *i386 = sc_arch_find("i386");

	(void)state;
	assert_int_equal(resolve_name(i386, "socket", at), 2);
	assert_int_equal(at[0].nr, 102);
	assert_int_equal(at[0].sub, 1);
	assert_int_equal(at[1].nr, 359);
	assert_int_equal(resolve_name(sc_arch_find("arm64"), "open", at), 0);
	assert_int_equal(resolve_name(i386, "nosuchcall", at), -1);
	assert_int_equal(resolve_name(sc_arch_find("x32"), "read", at), 1);
	assert_int_equal(at[0].nr, 0x40000000);
}

static void foreign_files_have_foreign_order(void **state)
{
	struct sc_compiled c;
	char why[COMPILE_WHY];
	struct sc_target t = sc_target_of(sc_arch_find("s390x"), NULL);
	size_t len;

	assert_true(compile_text(*state, "read 1", 6, t, &users, &c, why));
	const unsigned char *file = pack_bin(*state, &c, &len);
	assert_memory_equal(file + 8, "\0\0", 2);
	assert_int_equal(file[10] << 8 | file[11], c.allow.count * 8);
	/* the first instruction: load the architecture */
	assert_memory_equal(file + 128, "\0\x20\0\0\0\0\0\4", 8);
}

static void seconds_are_the_kernels(void **state)
{
	const struct sc_arch *amd64_arch = sc_arch_find("amd64"), *i386 = sc_arch_find("i386");

	(void)state;
	assert_ptr_equal(sc_target_of(amd64_arch, NULL).second, i386);
	assert_ptr_equal(sc_target_of(amd64_arch, amd64_arch).second, i386);
	assert_null(sc_target_of(i386, NULL).second);
	assert_ptr_equal(sc_target_of(i386, amd64_arch).second, amd64_arch);
	assert_null(sc_target_of(sc_arch_find("x32"), amd64_arch).second);
	assert_null(sc_target_of(sc_arch_find("s390x"), amd64_arch).second);
	assert_ptr_equal(sc_target_of(sc_arch_find("s390"), sc_arch_find("s390x")).second,
			 sc_arch_find("s390x"));
}

static const char *source(struct arena *a, struct sc_app *app)
{
	char why[SOURCE_WHY];

	app->kernel = app->kernel ? app->kernel : sc_arch_find("amd64");
	app->kernel_major = app->kernel_major ? app->kernel_major : 6;
	return source_text(a, app, why);
}

static void sources_are_sorted_and_said_once(void **state)
{
	struct sc_snippet one[] = {
		{"network", "bind\naccept\n# why\n\n  socket   AF_NETLINK -\tNETLINK_ROUTE\n"},
		{"network-bind", "accept\nlisten\nread\n"}};
	struct sc_snippet two[] = {one[1], one[0]};
	struct sc_app x = {.snippets = one, .count = 2}, y = {.snippets = two, .count = 2};
	const char *text = source(*state, &x);

	assert_string_equal(text, source(*state, &y));
	assert_non_null(strstr(text, "\n# network\naccept\nsocket AF_NETLINK - NETLINK_ROUTE\n\n"
				     "# network-bind\nlisten\n"));
	assert_null(strstr(strstr(text, "\nread\n") + 1, "\nread\n"));
}

/* A172 */
static void text_of_strangers_cannot_lift_the_filter(void **state)
{
	static const char *const tries[] = {"@unrestricted", "read\n@unrestricted\n", "\t@unrestricted",
					    "@complain", " @complain ", "@"};
	struct sc_app app = {.count = 1};

	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		struct sc_snippet s = {"mallory", tries[i], false};

		app.snippets = &s;
		if (source(*state, &app))
			fail_msg("accepted \"%s\"", tries[i]);
	}
	struct sc_snippet ours = {"docker-support", "@unrestricted", true};
	app.snippets = &ours;
	assert_non_null(strstr(source(*state, &app), "\n@unrestricted\n"));
	struct sc_snippet name = {"x\n@unrestricted\n", "read", true};
	app.snippets = &name;
	assert_null(source(*state, &app));
}

static void system_users_are_names(void **state)
{
	const char *const bad[] = {"snap daemon", NULL}, *const worse[] = {"x\n@unrestricted", NULL};
	const char *const good[] = {"snap_daemon", NULL};
	struct sc_app app = {.users = bad};

	assert_null(source(*state, &app));
	app.users = worse;
	assert_null(source(*state, &app));
	app.users = good;
	const char *text = source(*state, &app);
	assert_non_null(strstr(text, "\nsetuid u:snap_daemon\n"));
	assert_non_null(strstr(text, "\nsetgroups 0 -\n"));
	assert_null(strstr(text, "\nsetuid\n"));
	assert_null(strstr(text, "$("));
}

/* C28 */
static void old_bases_get_socketcall(void **state)
{
	static const struct {
		const char *arch, *base;
		unsigned major, minor;
		bool needs;
	} cases[] = {
		{"amd64", NULL, 6, 1, false}, {"i386", NULL, 6, 1, true}, {"i386", "core", 6, 1, true},
		{"i386", "core16", 6, 1, true}, {"i386", "core18", 6, 1, false},
		{"i386", "core18", 4, 2, true}, {"s390x", "core", 6, 1, true},
		{"s390x", "core22", 4, 3, false}, {"arm64", "core", 3, 0, false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sc_app app = {.base = cases[i].base, .kernel = sc_arch_find(cases[i].arch),
				     .kernel_major = cases[i].major, .kernel_minor = cases[i].minor};
		assert_int_equal(strstr(source(*state, &app), "\nsocketcall\n") != NULL, cases[i].needs);
	}
}

int main(void)
{
	return RUN(UNIT(bad_lines_are_refused), UNIT(odd_but_good_lines_are_read),
		   UNIT(unknown_names_are_skipped_or_refused), UNIT(a_call_can_be_absent),
		   UNIT(markers_are_whole_lines),
		   UNIT(nul_and_length_are_refused), UNIT(too_long_a_program_is_refused),
		   UNIT(long_programs_jump_right), UNIT(programs_are_balanced),
		   UNIT(same_text_gives_same_bytes), UNIT(files_survive_being_written),
		   UNIT(damaged_files_are_refused), UNIT(numbers_are_the_targets),
		   UNIT(calls_behind_others_are_found), UNIT(foreign_files_have_foreign_order),
		   UNIT(seconds_are_the_kernels), UNIT(sources_are_sorted_and_said_once),
		   UNIT(text_of_strangers_cannot_lift_the_filter), UNIT(system_users_are_names),
		   UNIT(old_bases_get_socketcall));
}
