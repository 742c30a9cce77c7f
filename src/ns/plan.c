/* plan.c - the plan of a label: what may stand in it, and where it is read
 *
 * This is the only input that the privileged copy believes. It MUST come from a
 * file that only root can have written, and MUST be refused whole when one line
 * is unexpected.
 */
#include "ns/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/caps.h"
#include "core/dirs.h"
#include "core/fs.h"
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
	if (p->kind == PLAN_CLASSIC)
		return p->base || p->base_dir || p->steps ? "a classic snap has no base and no steps" :
							    NULL;
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

/* The bytes of a file below DIR_PLANS that only root can have written. */
static char *read_roots(struct arena *a, const char *name, size_t *len, const char **why)
{
	int dir = dirs_open(DIR_PLANS), fd = -1;
	char *text = NULL;

	*why = NULL;
	if (dir >= 0)
		fd = fs_open(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (dir < 0 || fd < 0) {
		if (errno != ENOENT)
			*why = arena_printf(a, "%s: %s", name, strerror(errno));
	} else if (!*dirs_root() && (!fs_is_roots(dir) || !fs_is_roots(fd))) {
		*why = arena_printf(a, "%s: not only root could have written it", name);
		errno = EPERM;
	} else if (!(text = fs_read_fd(a, fd, PLAN_BYTES_MAX, len))) {
		*why = arena_printf(a, "%s: %s", name, strerror(errno));
	}
	int saved = errno;
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	errno = saved;
	return text;
}

const struct plan *plan_read(struct arena *a, const char *label, const char **why)
{
	struct label l;
	size_t len;

	errno = ENOENT;
	if (!label_parse(a, label, &l)) {
		*why = "not a label";
		return NULL;
	}
	char *text = read_roots(a, label, &len, why);
	if (!text) {
		if (!*why)
			*why = "no such app";
		return NULL;
	}
	const struct plan *p = plan_parse(a, text, len, why);
	if (p && strcmp(p->label, label)) {
		*why = "the plan is of another label";
		p = NULL;
	}
	if (!p) {
		*why = arena_printf(a, "its plan: %s", *why);
		errno = EINVAL;
	}
	return p;
}

const char *plan_read_steps(struct arena *a, const struct plan *p, const char **why)
{
	size_t len;

	if (!p->steps)
		return "";
	const char *name = arena_printf(a, "%s.fstab", p->instance);
	char *text = read_roots(a, name, &len, why);
	if (!text && !*why)
		*why = arena_printf(a, "%s: missing", name);
	if (text && strlen(text) != len) {
		*why = arena_printf(a, "%s: holds a NUL byte", name);
		text = NULL;
	}
	return text;
}
