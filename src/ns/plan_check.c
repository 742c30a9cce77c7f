/* plan_check.c - what may stand in a plan
 *
 * Asked by the writer and by the reader: what the one would refuse, the other never
 * makes.
 */
#include "ns/plan.h"

#include <string.h>

#include "core/caps.h"
#include "core/str.h"
#include "ns/landlock.h"
#include "policy/model/name.h"

#define PATH_BYTES_MAX 4095

static bool is_clean_path(const char *s)
{
	return str_is_path(s) && strlen(s) <= PATH_BYTES_MAX;
}

static bool is_below(const char *path, const char *dir)
{
	const char *rest = str_after(path, dir);

	return rest && rest[0] == '/' && is_clean_path(path);
}

static bool is_variable(const char *line)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
	size_t n = strcspn(line, "=");

	return n && line[n] && strspn(line, set) == n && !(line[0] >= '0' && line[0] <= '9');
}

static const char *check_lists(const struct plan *p)
{
	if (p->chain.len > PLAN_LIST_MAX || p->args.len > PLAN_LIST_MAX ||
	    p->env.len > PLAN_LIST_MAX)
		return "too many lines of one kind";
	for (size_t i = 0; i < p->chain.len; i++)
		if (!is_below(p->chain.at[i], p->dir))
			return "a chain command is not below dir";
	for (size_t i = 0; i < p->env.len; i++)
		if (!is_variable(p->env.at[i]))
			return "an env line is not NAME=VALUE";
	return NULL;
}

static bool has_part_of(const struct plan_list *places, const char *path)
{
	for (size_t i = 0; i < places->len; i++)
		if (str_is_in(path, places->at[i]))
			return true;
	return false;
}

bool plan_shows(const struct plan *p, const char *path)
{
	return !has_part_of(&p->hide, path) || has_part_of(&p->show, path);
}

/* What may be hidden are places of which step_base knows what an app needs there. */
static const char *check_view(const struct plan *p)
{
	if (p->hide.len > PLAN_LIST_MAX || p->show.len > PLAN_LIST_MAX)
		return "too many lines of one kind";
	for (size_t i = 0; i < p->hide.len; i++)
		if (strcmp(p->hide.at[i], "/run") && strcmp(p->hide.at[i], "/dev/shm"))
			return "a hide line names a place that cannot be hidden";
	for (size_t i = 0; i < p->show.len; i++)
		if (!is_clean_path(p->show.at[i]) || !has_part_of(&p->hide, p->show.at[i]))
			return "a show line is not of a hidden place";
	return NULL;
}

bool plan_is_labelled(const struct plan *p)
{
	return !str_eq(p->apparmor, "no");
}

static const char *check_guard(const struct plan *p)
{
	static const char *const modes[] = {"enforce", "complain", "unconfined", "no", NULL};
	static const char *const grades[] = {"strict", "substituted", "partial", "none", NULL};
	const char *why;
	unsigned mask;

	if (!str_in(p->apparmor, modes))
		return "apparmor is neither a mode nor no";
	if (!str_in(p->grade, grades))
		return "grade is not a grade";
	if (!p->guard || !landlock_guard(p->guard, &mask))
		return "guard names something that Landlock does not guard";
	if (p->allow.len > PLAN_LIST_MAX || (p->allow.len && !(mask & LAND_FILES)))
		return "an allow line where files are not guarded, or too many of them";
	for (size_t i = 0; i < p->allow.len; i++)
		if (!landlock_line(p->allow.at[i], &mask, &why))
			return why;
	return NULL;
}

static const char *check_base(const struct plan *p)
{
	if (p->kind == PLAN_CLASSIC && (p->base || p->base_dir || p->steps || p->hide.len))
		return "a classic snap has no base, no steps and sees all";
	if (p->kind == PLAN_CLASSIC)
		return NULL;
	if (!p->base || !name_is_snap(p->base))
		return "base is not the name of a snap";
	if (!p->base_dir || !is_clean_path(p->base_dir))
		return "base-dir is not a clean absolute path";
	return NULL;
}

const char *plan_check(struct arena *a, const struct plan *p)
{
	struct label l;
	uint64_t mask;

	if (!p->label || !label_parse(a, p->label, &l))
		return "label is not a label";
	if (!p->revision || !name_is_revision(p->revision))
		return "revision is not a revision";
	if (!p->dir || !is_clean_path(p->dir))
		return "dir is not a clean absolute path";
	if (!p->caps || !caps_parse(p->caps, &mask))
		return "caps names something that is not a capability";
	if (!p->command || !is_below(p->command, p->dir))
		return "command is not below dir";
	const char *why = check_base(p);
	if (!why)
		why = check_view(p);
	if (!why)
		why = check_guard(p);
	return why ? why : check_lists(p);
}
