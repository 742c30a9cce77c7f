/* sandbox.c - debug sandbox-features: what parts of the sandbox there are, as tags
 *
 * The words are snapd's where it has them. A tag that is printed is true here: snapd's
 * parts that snapbox does not have are not in the list.
 */
#include "applets/lib/sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applets/lib/graded.h"
#include "applets/lib/here.h"
#include "applets/lib/profiles.h"
#include "applets/lib/table.h"
#include "core/json.h"
#include "core/str.h"
#include "ns/landlock.h"

struct tags {
	const char *backend;
	struct words at;
};

/* Facts of a group that are there, each with prefix; deep ones ("a/b") are no tags. */
static void add_facts(struct arena *a, struct words *tags, const struct host *h,
		      const char *group, const char *prefix)
{
	for (size_t i = 0; i < h->count; i++) {
		const struct host_fact *f = &h->facts[i];

		if (str_eq(f->group, group) && *f->name && f->state == HOST_PRESENT &&
		    !strpbrk(f->name, "/ |"))
			vec_push(a, tags, arena_printf(a, "%s%s", prefix, f->name));
	}
}

static void apparmor_tags(struct arena *a, struct words *tags, const struct host *h)
{
	if (!profiles_features(a, h))
		return;
	add_facts(a, tags, h, "apparmor", "kernel:");
	vec_push(a, tags, profiles_full(h) ? "support-level:full" : "support-level:partial");
	vec_push(a, tags, "policy:default");
}

static void confinement_tags(struct arena *a, struct words *tags, const struct host *h)
{
	vec_push(a, tags, "classic");
	vec_push(a, tags, "devmode");
	if (graded_plain(a, h).apps.at[0].sum <= SUM_SUBSTITUTED)
		vec_push(a, tags, "strict");
}

static void landlock_tags(struct arena *a, struct words *tags, const struct host *h)
{
	static const struct {
		unsigned guard;
		const char *tag;
	} known[] = {
		{LAND_FILES, "files"}, {LAND_NO_BIND, "tcp"}, {LAND_ABSTRACT, "abstract-sockets"},
		{LAND_SIGNALS, "signals"},
	};

	if (h->landlock_abi)
		vec_push(a, tags, arena_printf(a, "kernel:abi-%d", h->landlock_abi));
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (landlock_able(h->landlock_abi, known[i].guard))
			vec_push(a, tags, known[i].tag);
}

static void mount_tags(struct arena *a, struct words *tags, const struct host *h)
{
	const struct host_fact *ns = host_fact(h, "namespace", "mnt");
	static const char *const all[] = {
		"layouts", "mount-namespace", "per-snap-persistency", "per-snap-profiles",
		"stale-base-invalidation",
	};

	for (size_t i = 0; ns && ns->state == HOST_PRESENT && i < sizeof all / sizeof all[0]; i++)
		vec_push(a, tags, all[i]);
}

static void seccomp_tags(struct arena *a, struct words *tags, const struct host *h)
{
	const struct host_fact *log = host_fact(h, "seccomp", "log");

	add_facts(a, tags, h, "seccomp", "kernel:");
	if (!tags->len)
		return;
	vec_push(a, tags, "bpf-argument-filtering");
	if (log && log->state == HOST_PRESENT)
		vec_push(a, tags, "bpf-actlog");
}

static const struct {
	const char *name;
	void (*add)(struct arena *, struct words *, const struct host *);
} backends[] = {
	{"apparmor", apparmor_tags}, {"confinement-options", confinement_tags},
	{"landlock", landlock_tags}, {"mount", mount_tags}, {"seccomp", seccomp_tags},
};

#define BACKENDS (sizeof backends / sizeof backends[0])

static bool is_there(struct arena *a, const struct tags *all, const char *wanted)
{
	for (size_t i = 0; i < BACKENDS; i++)
		for (size_t k = 0; k < all[i].at.len; k++)
			if (str_eq(wanted, arena_printf(a, "%s:%s", all[i].backend,
							all[i].at.at[k])))
				return true;
	return false;
}

static void print_json(struct arena *a, const struct tags *all)
{
	struct buf b = buf_new(a);

	buf_char(&b, '{');
	for (size_t i = 0; i < BACKENDS; i++) {
		json_key(&b, all[i].backend);
		buf_char(&b, '[');
		for (size_t k = 0; k < all[i].at.len; k++) {
			json_comma(&b);
			json_text(&b, all[i].at.at[k]);
		}
		buf_char(&b, ']');
	}
	buf_str(&b, "}\n");
	fputs(buf_text(&b), stdout);
}

static void print_table(struct arena *a, const struct tags *all)
{
	struct table t = table_new(a, 0, 2);

	for (size_t i = 0; i < BACKENDS; i++) {
		if (!all[i].at.len)
			continue;
		table_add(&t, "%s:\t", all[i].backend);
		for (size_t k = 0; k < all[i].at.len; k++)
			table_add(&t, "%s%s", k ? " " : "", all[i].at.at[k]);
		table_add(&t, "\n");
	}
	table_print(&t);
}

int sandbox_show(struct cmd *c)
{
	struct arena *a = c->arena;
	const struct host *h = here(a);
	const char *required = cmd_option(c, "required");
	struct tags all[BACKENDS];

	for (size_t i = 0; i < BACKENDS; i++) {
		all[i] = (struct tags){.backend = backends[i].name};
		backends[i].add(a, &all[i].at, h);
	}
	for (char **w = required ? str_split(a, required, ',', NULL) : NULL; w && *w; w++)
		if (!is_there(a, all, *w))
			die("sandbox feature not available: \"%s\"", str_show(a, *w));
	if (required)
		return EXIT_DONE;
	if (cmd_option(c, "json"))
		print_json(a, all);
	else
		print_table(a, all);
	return EXIT_DONE;
}
