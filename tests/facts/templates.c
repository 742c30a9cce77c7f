/* templates.c - do policies of snaps without plugs, and what profiles include, allow
 * what the facts say?
 *
 *	templates DIR DIFFERENCES TEMPLATES
 *
 * Profiles, abstractions and filters are compiled and asked as in ask.c; what stands in
 * front of a profile, and the values of variables, are compared as text. DIR is the
 * collection of facts, DIFFERENCES as for ask.c with these words for CASE: the name of a
 * table, or "templates" for the front of all of them. TEMPLATES is data/templates. TAP.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/fs.h"
#include "core/str.h"
#include "filters.h"
#include "policy/apparmor/profile.h"
#include "policy/model/snap.h"
#include "profiles.h"
#include "purposes.h"
#include "read.h"

static const char *facts, *templates;
static char **differences;
static int tested, failed;

static int by_bytes(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static struct words sorted_once(struct arena *a, struct words w)
{
	struct words once = {0};

	if (w.len)
		qsort(w.at, w.len, sizeof *w.at, by_bytes);
	for (size_t i = 0; i < w.len; i++)
		if (!i || strcmp(w.at[i - 1], w.at[i]))
			vec_push(a, &once, w.at[i]);
	return once;
}

static bool on_purpose(struct arena *a, const char *group, const char *name, char sign,
		       const char *rule)
{
	const char *one = arena_printf(a, "%s\t%c %s", name, sign, rule);
	const char *all = arena_printf(a, "%s\t%c %s", group, sign, rule);

	for (char **d = differences; d && *d; d++)
		if (!strcmp(*d, one) || !strcmp(*d, all))
			return true;
	return false;
}

static int compare(struct arena *a, const char *group, const char *name, struct words want,
		   struct words have)
{
	int wrong = 0;

	for (size_t i = 0, j = 0; i < want.len || j < have.len;) {
		int d = i == want.len ? 1 : j == have.len ? -1 : strcmp(want.at[i], have.at[j]);
		const char *rule = d < 0 ? want.at[i] : have.at[j < have.len ? j : 0];

		if (d && !on_purpose(a, group, name, d < 0 ? '-' : '+', rule)) {
			printf("# %s %s: %s\n", name, d < 0 ? "lacks" : "has more", rule);
			wrong++;
		}
		i += d <= 0;
		j += d >= 0;
	}
	return wrong;
}

static void report(int wrong, const char *what, const char *name)
{
	tested++;
	failed += wrong != 0;
	printf("%sok %d - %s of %s\n", wrong ? "not " : "", tested, what, name);
}

/* A table as two texts: what stands before the profile, and its rules. */
static void read_table(struct arena *a, const char *tsv, struct words *front, struct buf *rules)
{
	for (char **line = str_split(a, tsv, '\n', NULL); *line; line++) {
		size_t n;
		char **f = str_split(a, *line, '\t', &n);

		if (n < 2)
			continue;
		if (!strcmp(f[0], "preamble") || !strcmp(f[0], "header"))
			vec_push(a, front, f[1]);
		else
			profiles_row(rules, f[0], f[1], n > 2 ? f[2] : "");
	}
}

/* The same of a profile that we made. */
static void read_profile(struct arena *a, const char *text, struct words *front, struct buf *rules)
{
	bool inside = false;

	for (char **line = str_split(a, text, '\n', NULL); *line; line++) {
		if (!**line || **line == '#' || !strcmp(*line, "}"))
			continue;
		if (inside)
			buf_printf(rules, "%s\n", *line);
		else
			vec_push(a, front, *line);
		inside |= str_starts(*line, "profile ");
	}
}

/* jailmode.plain-bare.app: the text that we make in that situation. */
static const char *our_text(struct arena *a, const char *kind, const char *name, bool update_ns)
{
	const char *base = str_ends(name, "-bare") ? "base: bare\n" :
			   str_ends(name, "-nobase") ? "" : "base: core22\n";
	const char *yaml = arena_printf(a, "name: %s\nversion: 1\n%sapps:\n  app: {command: bin/app}\n",
					name, base);
	char why[WHY_MAX];
	struct snap *s = snap_from_yaml(a, yaml, strlen(yaml), why);
	struct policy none = {0};
	bool core = !strcmp(kind, "core");
	struct policy_target t = {.classic = !core, .kernel_snap = core ? "pc-kernel" : NULL};

	if (!s)
		die("%s", why);
	snap_set_instance(a, s, s->name, "x1");
	if (update_ns)
		return profile_update_ns_text(a, s, &none, &t);
	struct profile_for f = {
		.snap = s, .label = arena_printf(a, "snap.%s.app", name), .command = "app",
		.confinement = str_ends(name, "-classic") || !strcmp(kind, "classic") ?
			CONFINE_CLASSIC : !strcmp(kind, "devmode") ? CONFINE_DEVMODE : CONFINE_STRICT,
		.jailmode = !strcmp(kind, "jailmode"), .policy = &none, .target = &t,
	};
	return profile_text(a, &f);
}

static void check_template(const char *file)
{
	struct arena *a = arena_new();
	char **part = str_split(a, file, '.', NULL);
	const char *name = arena_dupn(a, file, strlen(file) - strlen(".apparmor.tsv"));
	char *tsv = facts_read(a, arena_printf(a, "%s/templates/%s", facts, file));
	struct words want_front = {0}, have_front = {0};
	struct buf want = buf_new(a), have = buf_new(a);
	struct profiles p = {.arena = a, .where = name, .memo.arena = a};
	const char *text = our_text(a, part[0], part[1], !strcmp(part[2], "update-ns"));
	int wrong = 0;

	read_table(a, tsv, &want_front, &want);
	read_profile(a, text, &have_front, &have);
	wrong += compare(a, "templates", name, sorted_once(a, want_front),
			 sorted_once(a, have_front));
	wrong += profiles_differ(&p, profiles_head(a, text), buf_text(&have),
				 purposes_apply(a, name, BACK_APPARMOR, buf_text(&want),
						buf_text(&have)));
	wrong += purposes_unused(name);
	report(wrong, "template", name);
	arena_drop(a);
}

static void check_filter(const char *file)
{
	struct arena *a = arena_new();
	const char *kind = arena_dupn(a, file, strcspn(file, "."));
	const char *text = facts_read(a, arena_printf(a, "%s/templates/%s", facts, file));

	report(filters_template_differs(a, kind, text), "filter", kind);
	arena_drop(a);
}

/* All rules of an abstraction and those it includes, ours and the facts', in a profile. */
static void check_abstraction(const char *name)
{
	struct arena *a = arena_new();
	struct profiles p = {.arena = a, .where = name, .memo.arena = a};
	const char *text = our_text(a, "strict", "plain", false);
	const char *include = arena_printf(a, "include <abstractions/%s>\n", name);

	/* what the facts do not know is a part of something that they do */
	if (facts_read(a, arena_printf(a, "%s/abstractions/%s.tsv", facts, name)))
		report(profiles_differ(&p, profiles_head(a, text), include, include), "abstraction",
		       name);
	arena_drop(a);
}

static void check_tunables(void)
{
	struct arena *a = arena_new();
	char *text = facts_read(a, arena_printf(a, "%s/apparmor/tunables/global", templates));
	char *tsv = facts_read(a, arena_printf(a, "%s/tunables.txt", facts));
	int wrong = 0, n = 0;

	for (char **line = str_split(a, text, '\n', NULL); *line; line++) {
		if (!str_starts(*line, "@{"))
			continue;
		n++;
		if (!strstr(tsv, arena_printf(a, "\t%s\n", *line))) {
			printf("# has another value: %s\n", *line);
			wrong++;
		}
	}
	report(wrong + (n < 10), "variables", "tunables/global");
	arena_drop(a);
}

static void each(struct arena *a, const char *path, const char *ending, void (*check)(const char *))
{
	size_t n = 0;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char **files = fs_list(a, fd, ".", &n);

	if (!files)
		die("read %s: %m", path);
	for (size_t i = 0; i < n; i++)
		if (str_ends(files[i], ending))
			check(files[i]);
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new();

	if (argc != 4)
		return 2;
	facts = argv[1];
	templates = argv[3];
	char *purposes = facts_read(a, argv[2]);
	differences = purposes ? str_split(a, purposes, '\n', NULL) : NULL;
	purposes_load(a, argv[2]);
	profiles_start(a, facts);
	each(a, arena_printf(a, "%s/templates", facts), ".apparmor.tsv", check_template);
	each(a, arena_printf(a, "%s/templates", facts), ".seccomp.txt", check_filter);
	each(a, arena_printf(a, "%s/apparmor/abstractions", templates), "", check_abstraction);
	check_tunables();
	printf("1..%d\n", tested);
	return failed != 0;
}
