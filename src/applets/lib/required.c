/* required.c - how well apps must be confined, and who says when they are not */
#include "applets/lib/required.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"

#define FILE_NAME "snapbox.conf"
#define FILE_MAX 4096

/* SUM_NONE is no word here: it would require nothing. */
static bool parse(const char *word, enum grade_sum *out)
{
	for (enum grade_sum s = SUM_STRICT; s < SUM_NONE; s++)
		if (str_eq(word, sum_words[s])) {
			*out = s;
			return true;
		}
	return false;
}

static char *read_file(struct arena *a)
{
	int dir = dirs_open(DIR_CONFIG);
	int fd = dir < 0 ? -1 : fs_open(dir, FILE_NAME, O_RDONLY | O_NONBLOCK, 0);

	if (dir >= 0)
		close(dir);
	if (fd < 0 && errno != ENOENT)
		die("%m");
	if (fd >= 0 && !fs_is_roots(fd))
		die("not owned by root, or others may write it");
	char *text = fd < 0 ? NULL : fs_read_fd(a, fd, FILE_MAX, NULL);
	if (fd >= 0) {
		if (!text)
			die("%m");
		close(fd);
	}
	return text;
}

static enum grade_sum from_file(struct arena *a)
{
	DOING("read", dirs_path(a, DIR_CONFIG, FILE_NAME));
	enum grade_sum level = SUM_NONE;
	char *text = read_file(a);
	size_t n = 1;

	for (char **l = str_split(a, text ? text : "", '\n', NULL); *l; l++, n++) {
		const char *word = str_after(*l, "require ");

		if (**l && **l != '#' && (!word || !parse(word, &level)))
			die("line %zu is not \"require strict\", substituted or partial", n);
	}
	return level;
}

enum grade_sum required_level(struct cmd *c)
{
	const char *word = cmd_option(c, "require");
	enum grade_sum level = from_file(c->arena), asked = SUM_NONE;

	if (word && !parse(word, &asked))
		die_with(EXIT_USAGE, "--require=%s: strict, substituted or partial", word);
	return asked < level ? asked : level;
}

void required_check_plan(enum grade_sum level, const char *app, const char *word)
{
	enum grade_sum is = SUM_NONE;

	if (!parse(word, &is) && level == SUM_NONE)
		return;
	if (is > level)
		die("%s is confined as \"%s\", and \"%s\" is required "
		    "(snapbox debug confinement tells why)", app, sum_names[is], sum_words[level]);
	if (is == SUM_PARTIAL)
		warn("%s is confined in part only (snapbox debug confinement tells why)", app);
}

/* "files: it may ...", the first that is not as it should be. */
static const char *reason(struct arena *a, const struct substitute *app, enum grade_sum level)
{
	for (int f = 0; app->profile && f < FACILITY_COUNT; f++)
		if (app->rows[f].grade == GRADE_MISSING ||
		    (level == SUM_STRICT && app->rows[f].grade == GRADE_SUBSTITUTED))
			return arena_printf(a, "%s: %s", facility_names[f], app->rows[f].detail);
	return "it is not confined";
}

void required_check(enum grade_sum level, const char *snap, const struct substitute_snap *s)
{
	struct arena *a = arena_new();
	const struct substitute *worst = NULL;

	for (size_t i = 0; s && i < s->apps.len; i++) {
		const struct substitute *app = &s->apps.at[i];

		if (app->sum > level)
			die("%s would be confined as \"%s\", and \"%s\" is required: %s",
			    app->label, sum_names[app->sum], sum_words[level],
			    reason(a, app, level));
		if (app->sum == SUM_PARTIAL && !worst)
			worst = app;
	}
	if (worst)
		warn("%s is confined in part only: %s (snapbox debug confinement %s)", snap,
		     reason(a, worst, SUM_PARTIAL), snap);
	arena_drop(a);
}
