/* What was compiled before makes a compile shorter, never different. */
#include "check.h"
#include "policy/apparmor/compile.h"

static const char *const features[] = {
	"caps {mask {chown}} domain {stack {yes}} mount {mask {mount}} network_v8 {af_mask {inet}} "
	"signal {mask {hup}} ptrace {mask {read}} policy {versions {v5 {yes} v6 {yes} v7 {yes}}}",
	"domain {stack {yes}} mount {mask {mount}} dbus {mask {send}} network_v8 {af_mask {inet}} "
	"network_v9 {af_unix {yes}} signal {mask {hup}} namespaces {mask {userns_create}} "
	"ptrace {mask {read}} policy {permstable32 {allow} diff-encode {yes} "
	"permstable32_version {3} versions {v7 {yes}}}",
};

static void compile(struct compile *c, const char *text)
{
	const char *why = NULL;

	if (!compile_profiles(c, "t", text, strlen(text), false, &why))
		fail_msg("%s", why);
}

static struct compile started(struct arena *a, const char *f)
{
	const char *why = NULL;
	struct compile c;

	compile_start(&c, a, features_parse(a, f, strlen(f), &why));
	c.override = c.kernel;
	return c;
}

/* Apps of one snap, others between them, and names that occur in each other's rules. */
static char *profile(struct arena *a, int i)
{
	static const char *const names[] = {"snap.a.one", "snap.a.two", "snap.a.one-b", "x*y", "q"};
	static const char rules[] =
		"/a/** rw, /b/{c,d}[0-9]* r, deny /a/s/** w, owner /o/** rwk, /l/* l,\n"
		"signal peer=@{profile_name}, signal (send) peer=snap.a.*, ptrace peer=snap.a.one,\n"
		"unix (connect) type=stream peer=(label=@{profile_name}), mount /x -> /y/,\n"
		"dbus (send) bus=system peer=(label=@{profile_name}), network inet,\n"
		"/run/@{profile_name}/** rw, change_profile -> @{profile_name}//c,\n";

	return arena_printf(a, "profile \"%s\" {\n%s%s\nprofile c { signal peer=@{profile_name},"
			    " /f r, }\n}\n", names[i % 5], rules,
			    i >= 5 ? "/more/*/[^a]* r, priority=2 /b/** w," : "");
}

static void bytes_do_not_depend_on_what_came_before(void **state)
{
	for (int f = 0; f < 2; f++) {
		struct arena *a = *state;
		struct compile all = started(a, features[f]), twice = started(a, features[f]);

		for (int i = 0; i < 10; i++) {
			size_t from = all.binary.len;
			struct compile alone = started(a, features[f]);

			compile(&all, profile(a, i));
			compile(&alone, profile(a, i));
			assert_int_equal(all.binary.len - from, alone.binary.len);
			assert_memory_equal(all.binary.data + from, alone.binary.data,
					    alone.binary.len);
		}
		for (int i = 9; i >= 0; i--) { /* in another order, and again */
			size_t from = twice.binary.len, half;

			compile(&twice, profile(a, i));
			half = twice.binary.len;
			compile(&twice, profile(a, i));
			assert_int_equal(twice.binary.len - half, half - from);
			assert_memory_equal(twice.binary.data + from, twice.binary.data + half,
					    half - from);
		}
	}
}

static void a_failure_leaves_nothing_behind(void **state)
{
	struct arena *a = *state;
	struct compile c = started(a, features[1]), alone = started(a, features[1]);
	const char *why = NULL, *bad;

	compile(&c, profile(a, 0));
	size_t len = c.binary.len;
	bad = arena_printf(a, "%s profile last { /x px -> a, /x* px -> b, /x* px -> c, }",
			   profile(a, 6));
	assert_false(compile_profiles(&c, "t", bad, strlen(bad), false, &why));
	assert_non_null(why);
	assert_int_equal(c.binary.len, len);
	compile(&c, profile(a, 7));
	compile(&c, profile(a, 6));
	compile(&alone, profile(a, 0));
	compile(&alone, profile(a, 7));
	compile(&alone, profile(a, 6));
	assert_int_equal(c.binary.len, alone.binary.len);
	assert_memory_equal(c.binary.data, alone.binary.data, alone.binary.len);
}

int main(void)
{
	return RUN(UNIT(bytes_do_not_depend_on_what_came_before),
		   UNIT(a_failure_leaves_nothing_behind));
}
