/* Names of strangers, labels and what is made of them. */
#include "check.h"
#include "core/str.h"
#include "policy/model/name.h"

static const char forty[] = "abcdefghij0123456789abcdefghij0123456789";

struct row {
	const char *text;
	bool good;
};

static void judge(bool (*fn)(const char *), const struct row *rows)
{
	for (; rows->text; rows++)
		if (fn(rows->text) != rows->good)
			fail_msg("%s \"%s\"", rows->good ? "refused" : "accepted", rows->text);
}

/* A235: the accepted set is the reference grammar, exactly. */
static void snap_names(void **state)
{
	static const struct row rows[] = {
		{"aa", true}, {"a1", true}, {"1a", true}, {"a-b", true}, {"a-b-c3", true}, {forty, true},
		{"", false}, {"a", false}, {"1", false}, {"11", false}, {"1-1", false}, {"-a", false},
		{"a-", false}, {"a--b", false}, {"A", false}, {"aB", false}, {"a_b", false}, {"a.b", false},
		{"a/b", false}, {"..", false}, {".", false}, {"\xd0\xb0pp", false}, {"a b", false},
		{"a+b", false}, {"ab\n", false}, {"--", false}, {"ab\t", false},
		{"abcdefghij0123456789abcdefghij0123456789a", false}, {NULL, false},
	};

	(void)state;
	judge(name_is_snap, rows);
}

static void instance_names(void **state)
{
	static const struct row rows[] = {
		{"foo", true}, {"foo_1", true}, {"foo_abcdefghij", true}, {"foo-bar_0", true},
		{"foo_", false}, {"_foo", false}, {"foo_a_b", false}, {"foo_abcdefghijk", false},
		{"foo_A", false}, {"foo_a-b", false}, {"f_a", false}, {"foo_ ", false}, {"_", false},
		{"abcdefghij0123456789abcdefghij0123456789a_a", false}, {NULL, false},
	};
	struct arena *a = *state;

	judge(name_is_instance, rows);
	assert_string_equal(name_snap_of(a, "foo_k1"), "foo");
	assert_string_equal(name_key_of("foo_k1"), "k1");
	assert_string_equal(name_snap_of(a, "foo"), "foo");
	assert_string_equal(name_key_of("foo"), "");
}

static void app_port_and_alias_names(void **state)
{
	static const struct row apps[] = {
		{"a", true}, {"A", true}, {"0", true}, {"foo-bar", true}, {"Foo-1", true}, {"", false},
		{"-a", false}, {"a-", false}, {"a--b", false}, {"a_b", false}, {"a.b", false},
		{"a b", false}, {"a/b", false}, {"a\n", false}, {NULL, false},
	};
	static const struct row ports[] = {
		{"a", true}, {"network-bind", true}, {"x11", true}, {"u2f-devices", true}, {"1a", false},
		{"", false}, {"-a", false}, {"a-", false}, {"a--b", false}, {"A", false}, {"a_b", false},
		{"a.b", false}, {NULL, false},
	};
	static const struct row aliases[] = {
		{"ls", true}, {"a.b_c-d", true}, {"7z", true}, {"..", false}, {"../ls", false},
		{"-x", false}, {".x", false}, {"_x", false}, {"x y", false}, {"", false}, {NULL, false},
	};

	(void)state;
	judge(name_is_app, apps);
	judge(name_is_port, ports);
	judge(name_is_hook, ports);
	judge(name_is_alias, aliases); /* A250 */
}

static void versions_and_revisions(void **state)
{
	static const struct row versions[] = {
		{"1", true}, {"1.10", true}, {"a", true}, {"1~", true}, {"1+git2", true}, {"v1:2~rc3", true},
		{"12345678901234567890123456789012", true}, {"", false}, {".1", false}, {"1.", false},
		{"1-", false}, {"1:", false}, {"1 2", false}, {"1/2", false}, {"1_2", false},
		{"123456789012345678901234567890123", false}, {"1\n", false}, {"1\xe2\x80\x91""0", false},
		{NULL, false},
	};
	static const struct row revisions[] = {
		{"1", true}, {"x1", true}, {"2147483647", true}, {"x12", true}, {"0", false}, {"x0", false},
		{"x", false}, {"", false}, {"-1", false}, {"01", false}, {"x01", false},
		{"2147483648", false}, {"y1", false}, {"x-1", false}, {"unset", false}, {NULL, false},
	};

	(void)state;
	judge(name_is_version, versions);
	judge(name_is_revision, revisions);
}

static void known_hooks(void **state)
{
	(void)state;
	assert_true(name_is_known_hook("install", false));
	assert_true(name_is_known_hook("connect-plug-a", false));
	assert_true(name_is_known_hook("observe-view-x", false));
	assert_true(name_is_known_hook("remove", true));
	assert_false(name_is_known_hook("configure", true));
	assert_false(name_is_known_hook("connect-plug-", false));
	assert_false(name_is_known_hook("evil", false));
	assert_false(name_is_known_hook("Install", false));
}

static void labels_are_read_back_and_nothing_else_is_read(void **state)
{
	static const struct {
		const char *text, *instance, *component, *app, *hook;
	} good[] = {
		{"snap.foo.foo", "foo", NULL, "foo", NULL},
		{"snap.foo_k1.Bar-2", "foo_k1", NULL, "Bar-2", NULL},
		{"snap.foo.hook.install", "foo", NULL, NULL, "install"},
		{"snap.foo+langs.hook.pre-refresh", "foo", "langs", NULL, "pre-refresh"},
		{"snap.foo_1+langs.hook.remove", "foo_1", "langs", NULL, "remove"},
		{"snap.hook.foo", "hook", NULL, "foo", NULL},
		{"snap.hook.hook.foo", "hook", NULL, NULL, "foo"},
		{"snap.foo.hook", "foo", NULL, "hook", NULL},
	};
	static const char *const bad[] = {
		"", "snap", "snap.", "snap..", "snap.foo", "snap.foo.", "snap..foo", "snap.foo.hook.",
		"snap.foo.hoook.install", "snap.foo.hook.install.x", "snap.foo.a.b", "snap.Foo.a",
		"snap.foo_.a", "snap.foo_a_b.a", "snap.foo.hook.1a", "snap.foo+c.app", "snap.foo+.hook.a",
		"snap.foo+a.hook.install", "snap.foo+b+cc.hook.install", "Snap.foo.foo", " snap.foo.foo",
		"snap.foo.foo ", "snap.foo.foo\n", "snap.../etc.passwd", "snap.foo./etc", NULL,
	};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct label l;

		assert_true(label_parse(a, good[i].text, &l));
		assert_string_equal(l.instance, good[i].instance);
		assert_true(str_eq(l.component, good[i].component));
		assert_true(str_eq(l.app, good[i].app));
		assert_true(str_eq(l.hook, good[i].hook));
		assert_string_equal(label_print(a, &l), good[i].text);
	}
	for (size_t i = 0; bad[i]; i++) {
		struct label l;

		if (label_parse(a, bad[i], &l))
			fail_msg("accepted \"%s\"", bad[i]);
	}
}

static void long_labels_are_refused(void **state)
{
	struct arena *a = *state;
	char *app = arena_alloc(a, 400, 1);
	struct label l = {.instance = "foo", .app = app}, out;

	memset(app, 'a', LABEL_MAX - 9);
	char *text = label_print(a, &l);
	assert_int_equal(strlen(text), LABEL_MAX);
	memset(app, 'a', LABEL_MAX - 8);
	assert_null(label_print(a, &l));
	memset(app, 'a', 300);
	assert_false(label_parse(a, arena_printf(a, "snap.foo.%s", app), &out));
}

/* R23: derived names are injective; snapd's tag of a component's hook and of an
 * instance's app are not (D17, D18). */
static void no_two_labels_share_a_tag(void **state)
{
	static const char *const labels[] = {
		"snap.foo.bar", "snap.foo_bar.baz", "snap.foo.hook.baz", "snap.foo_hook.baz",
		"snap.foo+hook.hook.baz", "snap.foo_hook+xx.hook.baz", "snap.foo.hook", NULL,
	};
	struct arena *a = *state;

	assert_string_equal(label_tag(a, "snap.foo.bar"), "snap_foo_bar");
	for (size_t i = 0; labels[i]; i++)
		for (size_t j = 0; labels[j]; j++)
			if (i != j && !strcmp(label_tag(a, labels[i]), label_tag(a, labels[j])))
				fail_msg("%s and %s are both %s", labels[i], labels[j],
					 label_tag(a, labels[i]));
}

/* A252: an app has one command, and a link of another name is refused. */
static void commands(void **state)
{
	static const char *const bad[] = {"foo.", ".bar", "foo.bar.baz", "", ".", "a_b.c", "foo.foo",
					  "foo_k.foo", "foo/bar", "foo.b r", "../foo", "foo\n", NULL};
	struct arena *a = *state;
	const char *instance, *app;

	assert_string_equal(command_print(a, "foo", "foo"), "foo");
	assert_string_equal(command_print(a, "foo_k", "foo"), "foo_k");
	assert_string_equal(command_print(a, "foo_k", "bar"), "foo_k.bar");
	assert_true(command_parse(a, "foo_k", &instance, &app));
	assert_string_equal(instance, "foo_k");
	assert_string_equal(app, "foo");
	assert_true(command_parse(a, "foo.bar", &instance, &app));
	assert_string_equal(app, "bar");
	for (size_t i = 0; bad[i]; i++)
		if (command_parse(a, bad[i], &instance, &app))
			fail_msg("accepted \"%s\"", bad[i]);
}

int main(void)
{
	return RUN(UNIT(snap_names), UNIT(instance_names), UNIT(app_port_and_alias_names),
		   UNIT(versions_and_revisions), UNIT(known_hooks),
		   UNIT(labels_are_read_back_and_nothing_else_is_read),
		   UNIT(long_labels_are_refused), UNIT(no_two_labels_share_a_tag), UNIT(commands));
}
