/* The cache of compiled policy: what it gives is what compiling would give, or nothing. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "core/fs.h"
#include "core/str.h"
#include "policy/apparmor/cache.h"

static const char features_text[] =
	"caps {mask {chown}} domain {stack {yes}} mount {mask {mount}} network_v8 {af_mask {inet}} "
	"signal {mask {hup}} ptrace {mask {read}} policy {versions {v5 {yes} v6 {yes} v7 {yes}}}";

static const char *shared = "/shared r,", *maybe;

static char *open_text(struct arena *a, void *arg, const char *name, bool angle, size_t *len,
		       const char **found, void **more)
{
	const char *text = str_eq(name, "shared") ? shared : str_eq(name, "maybe") ? maybe : NULL;

	(void)arg;
	(void)angle;
	(void)more;
	if (!text)
		return NULL;
	*found = arena_dup(a, name);
	*len = strlen(text);
	return arena_dup(a, text);
}

struct place {
	char path[64];
	int dir;
};

static struct place place_new(void)
{
	struct place p = {.path = "/tmp/test-cache-XXXXXX"};

	assert_non_null(mkdtemp(p.path));
	p.dir = open(p.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(p.dir >= 0);
	return p;
}

static void place_end(struct place *p)
{
	close(p->dir);
	assert_true(fs_remove_tree(AT_FDCWD, p->path));
}

static const char text[] = "profile p /p {\n include <shared>\n include if exists <maybe>\n"
			   " dbus,\n profile c { /c r, }\n}\n";

/* Compile by way of the cache; was it found? */
static struct compile through(struct arena *a, int dir, const char *what, bool complain, bool *hit)
{
	const char *why = NULL;
	const struct features *f = features_parse(a, features_text, sizeof features_text - 1, &why);
	struct compile c;
	struct cache k;

	cache_start(&k, dir, true, true);
	compile_start(&c, a, f);
	c.override = f;
	c.source = (struct lex_source){open_text, NULL};
	c.pack.force_complain = complain;
	if (!cache_compile(&k, &c, "t", what, strlen(what), &why))
		fail_msg("%s", why);
	assert_int_equal(k.hits + k.made, 1);
	*hit = k.hits;
	return c;
}

static bool same(const struct compile *x, const struct compile *y)
{
	bool ok = x->binary.len == y->binary.len && x->names.len == y->names.len &&
		  x->top.len == y->top.len && x->report.lines.len == y->report.lines.len &&
		  !memcmp(x->binary.data, y->binary.data, x->binary.len);

	for (size_t i = 0; ok && i < x->names.len; i++)
		ok = str_eq(x->names.at[i], y->names.at[i]);
	for (size_t i = 0; ok && i < x->report.lines.len; i++)
		ok = str_eq(x->report.lines.at[i], y->report.lines.at[i]);
	return ok;
}

static void found_again(void **state)
{
	struct arena *a = *state;
	struct place p = place_new();
	bool hit;
	struct compile first = through(a, p.dir, text, false, &hit);

	assert_false(hit);
	assert_int_equal(first.names.len, 2);
	assert_int_equal(first.report.lines.len, 1);
	struct compile second = through(a, p.dir, text, false, &hit);
	assert_true(hit && same(&first, &second));
	through(a, p.dir, text, true, &hit);
	assert_false(hit); /* other options */
	through(a, p.dir, "profile p /p {\n}\n", false, &hit);
	assert_false(hit);
	place_end(&p);
}

static void includes_count(void **state)
{
	struct arena *a = *state;
	struct place p = place_new();
	bool hit;

	through(a, p.dir, text, false, &hit);
	shared = "/other r,";
	struct compile changed = through(a, p.dir, text, false, &hit);
	assert_false(hit);
	maybe = "/maybe r,"; /* what was not there is there now */
	struct compile more = through(a, p.dir, text, false, &hit);
	assert_false(hit || same(&changed, &more));
	through(a, p.dir, text, false, &hit);
	assert_true(hit);
	maybe = NULL;
	struct compile less = through(a, p.dir, text, false, &hit);
	assert_true(!hit && same(&changed, &less));
	shared = "/shared r,";
	place_end(&p);
}

/* The one file in the directory. */
static char *only(struct arena *a, const struct place *p)
{
	size_t n = 0;
	char **names = fs_list(a, p->dir, ".", &n);

	assert_non_null(names);
	assert_int_equal(n, 1);
	return names[0];
}

static void damage(void **state)
{
	struct arena *a = *state;
	struct place p = place_new();
	bool hit;
	struct compile first = through(a, p.dir, text, false, &hit);
	const char *name = only(a, &p);
	size_t len;
	char *whole = fs_read(a, p.dir, name, 1 << 20, &len);

	assert_non_null(whole);
	for (size_t i = 0; i < 64; i++) { /* any byte, and cut off anywhere */
		size_t at = len * i / 64;
		char was = whole[at];

		whole[at] ^= 1;
		fs_write(p.dir, name, whole, len, 0600);
		struct compile c = through(a, p.dir, text, false, &hit);
		assert_true(!hit && same(&first, &c));
		whole[at] = was;
		fs_write(p.dir, name, whole, at, 0600);
		c = through(a, p.dir, text, false, &hit);
		assert_true(!hit && same(&first, &c));
	}
	fs_write(p.dir, name, whole, len, 0600);
	through(a, p.dir, text, false, &hit);
	assert_true(hit);
	place_end(&p);
}

static void others(void **state)
{
	struct arena *a = *state;
	struct place p = place_new();
	bool hit;

	if (geteuid())
		skip();
	through(a, p.dir, text, false, &hit);
	const char *name = only(a, &p);
	assert_int_equal(fchmodat(p.dir, name, 0660, 0), 0);
	through(a, p.dir, text, false, &hit);
	assert_false(hit); /* and it has been replaced */
	assert_int_equal(fchownat(p.dir, name, 1, 0, 0), 0);
	through(a, p.dir, text, false, &hit);
	assert_false(hit);
	assert_int_equal(renameat(p.dir, name, p.dir, "elsewhere"), 0);
	assert_int_equal(symlinkat("elsewhere", p.dir, name), 0);
	through(a, p.dir, text, false, &hit);
	assert_false(hit);
	assert_int_equal(fchmod(p.dir, 0777), 0);
	struct cache k;
	cache_start(&k, p.dir, true, true);
	assert_true(k.dir < 0 && !k.read && !k.write);
	place_end(&p);
}

/* A policy of another text under our name: its digest is right, its name is not. */
static void exchanged(void **state)
{
	struct arena *a = *state;
	struct place p = place_new();
	bool hit;

	through(a, p.dir, "profile weak { file, }", false, &hit);
	const char *weak = only(a, &p);
	through(a, p.dir, text, false, &hit);
	char **names = fs_list(a, p.dir, ".", NULL);
	const char *ours = names[str_eq(names[0], weak)];
	assert_int_equal(renameat(p.dir, weak, p.dir, ours), 0);
	through(a, p.dir, text, false, &hit);
	assert_false(hit);
	place_end(&p);
}

static void bounded(void **state)
{
	struct arena *a = *state;
	struct place p = place_new();
	struct cache k;
	size_t n = 0;
	bool hit;

	for (int i = 0; i < 5; i++)
		through(a, p.dir, arena_printf(a, "profile p%d { /%d r, }", i, i), false, &hit);
	fs_write(p.dir, "stranger", "x", 1, 0600);
	cache_start(&k, p.dir, true, true);
	cache_trim(&k, 4500);
	fs_list(a, p.dir, ".", &n);
	assert_true(n >= 2 && n < 6);
	through(a, p.dir, "profile p4 { /4 r, }", false, &hit);
	assert_true(hit); /* the last one stays */
	cache_trim(&k, 0);
	assert_string_equal(only(a, &p), "stranger");
	place_end(&p);
}

int main(void)
{
	return RUN(UNIT(found_again), UNIT(includes_count), UNIT(damage), UNIT(others),
		   UNIT(exchanged), UNIT(bounded));
}
