/* profiles.c - rules of AppArmor, compared by what they allow
 *
 * A rule that denies with audit is not seen where nothing is allowed: it comes to what
 * no rule comes to. So texts with such rules are compared a second time, beside rules
 * that allow everything.
 */
#include "profiles.h"

#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/lower.h"
#include "policy/apparmor/parse.h"
#include "policy/apparmor/profile.h"
#include "read.h"
#include "walk.h"

#define EVERYTHING \
	"/{,**} rwlkm,\ncapability,\nnetwork,\nunix,\ndbus,\nsignal,\nptrace,\nmount,\numount,\n"

static const char *const kernels[] = {"features-6.1", "features-7.2"};
static const struct features *features[2];
static const char *dir;
size_t profiles_pairs, profiles_states;

void profiles_start(struct arena *a, const char *facts)
{
	dir = facts;
	for (size_t i = 0; i < 2; i++) {
		const char *path = arena_printf(a, "%s/%s", facts, kernels[i]), *why;
		char *text = facts_read(a, path);

		features[i] = text ? features_parse(a, text, strlen(text), &why) : NULL;
		if (!features[i])
			die("no features in %s", path);
	}
}

void profiles_row(struct buf *out, const char *kind, const char *rule, const char *perms)
{
	const char *at = rule, *open;

	if (str_starts(rule, "prompt ")) /* nobody here asks people */
		rule = at = rule + strlen("prompt ");
	if (!strcmp(kind, "file"))
		buf_printf(out, "%s %s,\n", rule, perms);
	else if (!strcmp(kind, "include"))
		buf_printf(out, "%s\n", rule);
	else if (strcmp(kind, "child-profile") != 0)
		buf_printf(out, "%s,\n", rule);
	else { /* all in one line, but an include has one for itself */
		for (; (open = strstr(at, "#include ")); at = strchr(open, '>') + 1)
			buf_printf(out, "%.*s\n%.*s\n", (int)(open - at), at,
				   (int)(strchr(open, '>') + 1 - open) - 1, open + 1);
		buf_printf(out, "%s\n", at);
	}
}

const char *profiles_head(struct arena *a, const char *profile)
{
	const char *at = strstr(profile, "\nprofile ");

	return arena_dupn(a, profile, (size_t)(strstr(at, "{\n") + 2 - profile));
}

/* Abstractions as the facts have them; all else as ours. */
static char *open_facts(struct arena *a, void *arg, const char *name, bool angle, size_t *len,
			const char **found, void **more)
{
	const char *short_name = str_after(name, "abstractions/");
	struct lex_source ours = profile_source();
	struct buf out = buf_new(a);
	char *tsv = short_name ? facts_read(a, arena_printf(a, "%s/%s.tsv", (char *)arg, name)) :
				 NULL;

	if (!tsv)
		return ours.open(a, ours.arg, name, angle, len, found, more);
	for (char **line = str_split(a, tsv, '\n', NULL); *line; line++) {
		size_t n;
		char **f = str_split(a, *line, '\t', &n);

		if (n > 1 && !str_starts(f[1], "abi "))
			profiles_row(&out, f[0], f[1], n > 2 ? f[2] : "");
	}
	*found = name;
	*more = NULL;
	*len = out.len;
	return (char *)buf_text(&out);
}

struct read_text {
	struct ap_policy *policy;
	struct target target;
};

static bool read_side(struct profiles *p, struct read_text *s, size_t kernel, bool ours,
		      const char *text)
{
	struct lex_source source = profile_source();
	const char *why = NULL;

	if (!ours)
		source = (struct lex_source){open_facts, (void *)dir, NULL};
	s->policy = ap_parse(p->arena, source, ours ? "ours" : "facts", text, strlen(text), &why);
	const struct features *known = s->policy && s->policy->abi ?
		features_parse(p->arena, s->policy->abi, strlen(s->policy->abi), &why) : NULL;
	if (!known) {
		printf("# %s: %s\n", p->where, why ? why : "no abi");
		return false;
	}
	target_set(&s->target, features[kernel], known);
	return true;
}

/* Both profiles and their children, which have names. */
static int compare(struct profiles *p, size_t kernel, const struct read_text *s,
		   const struct ap_profile *x, const struct ap_profile *y)
{
	const struct ap_profile *both[] = {x, y};
	struct lowered out[2];
	struct lower_report report = {0};
	struct buf why = buf_new(p->arena);
	int wrong = 0;

	for (size_t i = 0; i < 2; i++) {
		const char *because = NULL;

		if (lower_profile(p->arena, &s[i].target, s[i].policy, both[i], &p->memo, &out[i],
				  &report, &because))
			continue;
		printf("# %s: %s\n", p->where, because);
		return 1;
	}
	profiles_pairs++;
	if (!walk_profiles(&out[0], &out[1], &profiles_states, &why)) {
		printf("# %s, %s: %s: %s\n", p->where, kernels[kernel], x->name, buf_text(&why));
		wrong++;
	}
	if (x->children.len != y->children.len) {
		printf("# %s: %zu profiles within, facts %zu\n", p->where, x->children.len,
		       y->children.len);
		return wrong + 1;
	}
	for (size_t i = 0; i < x->children.len; i++) {
		if (strcmp(x->children.at[i]->name, y->children.at[i]->name) != 0) {
			printf("# %s: profile %s, facts %s\n", p->where, x->children.at[i]->name,
			       y->children.at[i]->name);
			wrong++;
		}
		wrong += compare(p, kernel, s, x->children.at[i], y->children.at[i]);
	}
	return wrong;
}

static int compare_texts(struct profiles *p, const char *head, const char *ours, const char *facts)
{
	int wrong = 0;

	for (size_t k = 0; k < 2 && !wrong; k++) {
		struct read_text s[2];

		if (!read_side(p, &s[0], k, true, arena_printf(p->arena, "%s%s}\n", head, ours)) ||
		    !read_side(p, &s[1], k, false, arena_printf(p->arena, "%s%s}\n", head, facts)))
			return 1;
		wrong += compare(p, k, s, s[0].policy->profiles.at[0], s[1].policy->profiles.at[0]);
	}
	return wrong;
}

int profiles_differ(struct profiles *p, const char *head, const char *ours, const char *facts)
{
	const char *pair = arena_printf(p->arena, "%s%s}%s", head, ours, facts);
	int wrong;

	for (size_t i = 0; i < p->done.len; i++)
		if (!strcmp(p->done.at[i], pair))
			return 0;
	wrong = compare_texts(p, head, ours, facts);
	if (!wrong && (strstr(ours, "audit deny") || strstr(facts, "audit deny"))) {
		const char *all = arena_printf(p->arena, "%s" EVERYTHING, head);

		wrong = compare_texts(p, all, ours, facts);
	}
	if (!wrong)
		vec_push(p->arena, &p->done, pair);
	return wrong;
}
