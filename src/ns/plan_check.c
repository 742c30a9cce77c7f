/* plan_check.c - what may stand in a plan
 *
 * Asked by the writer and by the reader: what the one would refuse, the other never
 * makes.
 */
#include "ns/plan.h"

#include <string.h>

#include "core/caps.h"
#include "core/str.h"
#include "policy/model/name.h"

#define PATH_BYTES_MAX 4095

/* Absolute, and no component is empty, "." or "..". */
static bool is_clean_path(const char *s)
{
	size_t n;

	if (s[0] != '/' || !s[1] || strlen(s) > PATH_BYTES_MAX)
		return false;
	for (const char *p = s + 1;; p += n + 1) {
		n = strcspn(p, "/");
		if (!n || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		if (!p[n])
			return true;
	}
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

static const char *check_base(const struct plan *p)
{
	if (p->kind == PLAN_CLASSIC && (p->base || p->base_dir || p->steps))
		return "a classic snap has no base and no steps";
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
	return why ? why : check_lists(p);
}
