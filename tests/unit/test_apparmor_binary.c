/* Compiled policy read back: what was written, and nothing that is not whole. */
#include "check.h"
#include "core/str.h"
#include "policy/apparmor/binary.h"
#include "policy/apparmor/compile.h"
#include "policy/apparmor/match.h"

static const char old[] =
	"caps {mask {chown}} domain {stack {yes}} mount {mask {mount}} network_v8 {af_mask {inet}} "
	"signal {mask {hup}} ptrace {mask {read}} policy {versions {v5 {yes} v6 {yes} v7 {yes}}}";
static const char new[] =
	"caps {mask {chown}} domain {stack {yes}} mount {mask {mount}} dbus {mask {send}} "
	"network_v8 {af_mask {inet}} network_v9 {af_unix {yes}} signal {mask {hup}} "
	"namespaces {mask {userns_create}} ptrace {mask {read}} policy {permstable32 {allow} "
	"diff-encode {yes} permstable32_version {3} versions {v7 {yes}}}";

static const char text[] =
	"profile p /bin/p* flags=(complain, attach_disconnected, audit) {\n"
	" set rlimit nofile <= 10, capability chown, deny capability kill,\n"
	" /a/** rw, owner /o r, deny /a/s w, /bin/x px -> q, signal peer=x, mount /d/** -> /m/,\n"
	" profile c { /** r, }\n}\n"
	"profile :n:second { /second r, }\n";

static struct buf compiled(struct arena *a, const char *features)
{
	const char *why = NULL;
	const struct features *f = features_parse(a, features, strlen(features), &why);
	struct compile c;

	compile_start(&c, a, f);
	c.override = f;
	if (!compile_profiles(&c, "t", text, sizeof text - 1, false, &why))
		fail_msg("%s", why);
	return c.binary;
}

static void reads_what_is_written(void **state)
{
	const char *const both[] = {old, new};

	for (int k = 0; k < 2; k++) {
		struct buf b = compiled(*state, both[k]);
		struct binary r;
		const char *why = NULL;

		if (!binary_read(*state, b.data, b.len, &r, &why))
			fail_msg("%s", why);
		assert_int_equal(r.profiles.len, 3);
		const struct binary_profile *p = r.profiles.at[0];
		assert_string_equal(p->name, "p");
		assert_string_equal(r.profiles.at[1]->name, "p//c");
		assert_string_equal(r.profiles.at[2]->ns, "n");
		assert_true(p->mode == 1 && p->audit == 1 && (p->path_flags & 4));
		assert_true(p->caps[0] == 1 && p->caps[2] == 1 << 5);
		assert_true(p->rlimits == 1 << 7 && p->rlimit[7] == 10);
		assert_true(p->xmatch.present && p->xmatch_len == 6 && p->file.present);
		assert_int_equal(p->names.len, 1);
		assert_string_equal(p->names.at[0].at, "q");
		assert_int_equal(p->file.wide, k);
		assert_int_equal(p->file.permsv, k ? 3 : 0);
		assert_int_equal(r.profiles.at[2]->to, b.len);
	}
}

static uint32_t walk(const struct binary_machine *m, const char *path)
{
	uint32_t state = m->start;

	for (; *path; path++)
		state = binary_step(m, state, (unsigned char)*path);
	return state;
}

static void answers_as_the_kernel_would(void **state)
{
	struct buf b = compiled(*state, new);
	struct binary r;
	const char *why = NULL;

	assert_true(binary_read(*state, b.data, b.len, &r, &why));
	const struct binary_machine *m = &r.profiles.at[0]->file;
	uint32_t rw = binary_perm(m, binary_accept(m, walk(m, "/a/b")), 1);
	uint32_t only_r = binary_perm(m, binary_accept(m, walk(m, "/a/s")), 1);
	uint32_t owner = binary_accept(m, walk(m, "/o"));
	assert_true((rw & 6) == 6 && (only_r & 6) == 4);
	assert_true((binary_perm(m, owner, 1) & 4) && !(binary_perm(m, owner + 1, 1) & 4));
	assert_int_equal(binary_perm(m, binary_accept(m, walk(m, "/x")), 1) & 7, 0);
}

static void cut_off(void **state)
{
	struct arena *a = *state;
	struct buf b = compiled(a, new);

	for (size_t n = 0; n < b.len; n += n < 400 ? 1 : 97) {
		struct arena *scratch = arena_new();
		char *part = arena_dupn(scratch, b.data, n);
		struct binary r;
		const char *why = NULL;
		bool ok = binary_read(scratch, part, n, &r, &why);

		/* only between profiles is the rest a policy */
		if (ok)
			assert_int_equal(r.profiles.at[r.profiles.len - 1]->to, n);
		else
			assert_non_null(why);
		arena_drop(scratch);
	}
}

static void put_be(char *at, uint32_t v, unsigned n)
{
	while (n--)
		*at++ = (char)(v >> 8 * n);
}

/* Break one thing in the tables of files, as no compiler would. */
static void refused(struct arena *a, const char *what, size_t table, uint32_t element, uint32_t v,
		    unsigned width)
{
	struct buf b = compiled(a, new);
	struct binary r;
	const char *why = NULL;

	assert_true(binary_read(a, b.data, b.len, &r, &why));
	const struct binary_machine *m = &r.profiles.at[0]->file;
	const unsigned char *const tables[] = {m->base, m->other, m->next, m->check, m->accept};
	size_t at = (size_t)((const char *)tables[table] - b.data) + element * (size_t)width;

	put_be(b.data + at, v, width);
	if (binary_read(a, b.data, b.len, &r, &why))
		fail_msg("taken: %s", what);
	if (!strstr(why, what))
		fail_msg("\"%s\" instead of \"%s\"", why, what);
}

static void tables_that_lead_astray(void **state)
{
	refused(*state, "beyond the transitions", 0, 2, 0xfffff0, 4);
	refused(*state, "unknown flags", 0, 2, 0x40000000, 4);
	refused(*state, "a default that is no state", 1, 2, 0xffff, 2);
	refused(*state, "of or to no state", 2, 3, 0xffff, 2);
	refused(*state, "of or to no state", 3, 3, 0xffff, 2);
	refused(*state, "permissions are not there", 4, 2, 0xffff, 4);
}

static void inheriting_in_a_circle(void **state)
{
	struct arena *a = *state;
	struct buf b = compiled(a, new);
	struct binary r;
	const char *why = NULL;

	assert_true(binary_read(a, b.data, b.len, &r, &why));
	const struct binary_machine *m = &r.profiles.at[0]->file;
	char *base = b.data + ((const char *)m->base - b.data);
	char *other = b.data + ((const char *)m->other - b.data);
	for (uint32_t s = 2; s < 4; s++) {
		put_be(base + 4 * s, 0x80000000, 4);
		put_be(other + 2 * s, 5 - s, 2);
	}
	assert_false(binary_read(a, b.data, b.len, &r, &why));
	assert_non_null(strstr(why, "circle"));
}

int main(void)
{
	return RUN(UNIT(reads_what_is_written), UNIT(answers_as_the_kernel_would), UNIT(cut_off),
		   UNIT(tables_that_lead_astray), UNIT(inheriting_in_a_circle));
}
