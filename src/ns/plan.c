/* plan.c - the plan of a label, read from where only root writes
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

#include "core/dirs.h"
#include "core/fs.h"
#include "policy/model/name.h"

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
