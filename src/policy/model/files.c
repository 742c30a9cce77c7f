/* files.c - what install refuses to accept: files
 *
 * MUST NOT let a link in meta lead anywhere else: what is there is read and
 * copied later with more rights (attacks.md A201, A244). Links elsewhere are the
 * app's own affair; those that leave the image are taken for good, as only the
 * running app can tell.
 */
#include "policy/model/check.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/str.h"
#include "policy/model/grammar.h"

#define LINKS_MAX 40
#define PATH_LENGTH 4096

struct index {
	const struct file_fact **slot;
	size_t size; /* a power of two, at least twice as many as files */
	char *why;
};

static size_t hash(const char *s)
{
	uint64_t h = 14695981039346656037u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

static const struct file_fact **place(const struct index *x, const char *path)
{
	size_t i = hash(path) & (x->size - 1);

	while (x->slot[i] && strcmp(x->slot[i]->path, path))
		i = (i + 1) & (x->size - 1);
	return &x->slot[i];
}

static struct index index_of(struct arena *a, const struct file_fact *files, size_t n, char *why)
{
	struct index x = {.size = 16, .why = why};

	while (x.size < 2 * n)
		x.size *= 2;
	x.slot = NEW_N(a, const struct file_fact *, x.size);
	for (size_t i = 0; i < n; i++)
		*place(&x, files[i].path) = &files[i];
	return x;
}

enum found { MISSING, OUTSIDE, ROUND, HERE };

/* Put target in the place of the last part of path; false when it leaves the image or is
 * too long. path has room for PATH_LENGTH. */
static bool follow(char *path, const char *target, const char *rest)
{
	char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;

	if (*target == '/' || n + strlen(target) + strlen(rest) + 3 > PATH_LENGTH)
		return false;
	char joined[2 * PATH_LENGTH];
	snprintf(joined, sizeof joined, "%.*s/%s/%s", (int)n, path, target, rest);
	char *out = path;
	for (const char *p = joined; *p;) {
		size_t k = strcspn(p, "/");

		if (k == 2 && p[0] == '.' && p[1] == '.') {
			if (out == path)
				return false;
			while (out > path && *--out != '/')
				;
		} else if (k && !(k == 1 && *p == '.')) {
			if (out > path)
				*out++ = '/';
			memmove(out, p, k);
			out += k;
		}
		p += k + (p[k] == '/');
	}
	*out = '\0';
	return true;
}

/* What is at a path, links followed as a process in the image would. */
static enum found resolve(const struct index *x, const char *start, const struct file_fact **out)
{
	char path[PATH_LENGTH], rest[PATH_LENGTH];
	int links = 0;

	if (snprintf(path, sizeof path, "%s", start) >= PATH_LENGTH)
		return MISSING;
	for (char *end = path;;) {
		end += strcspn(end, "/");
		char was = *end;
		*end = '\0';
		*out = *place(x, path);
		if (!*out)
			return MISSING;
		if (S_ISLNK((*out)->mode)) {
			if (++links > LINKS_MAX)
				return ROUND;
			snprintf(rest, sizeof rest, "%s", was ? end + 1 : "");
			if (!follow(path, (*out)->target, rest))
				return OUTSIDE;
			end = path;
			continue;
		}
		if (!was)
			return HERE;
		if (!S_ISDIR((*out)->mode))
			return MISSING;
		*end++ = was;
	}
}

static bool refuse(const struct index *x, const char *path, const char *what)
{
	return field_refuse(x->why, 0, "%.128s: %s", *path ? path : "the top directory", what);
}

/* The program of a command line. */
static const char *program_of(struct arena *a, const char *command)
{
	return grammar_shortest(a, arena_dupn(a, command, strcspn(command, " ")));
}

/* Every directory that leads to path is open to all. */
static bool ways_are_open(const struct index *x, const char *path)
{
	const struct file_fact *f;
	char part[PATH_LENGTH];

	for (size_t n = strcspn(path, "/"); path[n]; n += 1 + strcspn(path + n + 1, "/")) {
		snprintf(part, sizeof part, "%.*s", (int)n, path);
		if (resolve(x, part, &f) == HERE && (f->mode & 0555) != 0555)
			return refuse(x, part, "not everybody may enter it");
	}
	return true;
}

static bool program_is_fine(const struct index *x, const char *path, unsigned need, bool all_of,
			    const char *what)
{
	const struct file_fact *f;
	enum found found = strlen(path) < PATH_LENGTH ? resolve(x, path, &f) : MISSING;

	if (found == OUTSIDE)
		return true;
	if (found != HERE)
		return refuse(x, path, found == ROUND ? "a link to itself" : "is not in the snap");
	if (!S_ISREG(f->mode))
		return refuse(x, path, "not a regular file");
	if (all_of ? (f->mode & need) != need : !(f->mode & need))
		return refuse(x, path, what);
	return !all_of || ways_are_open(x, path);
}

static bool app_is_fine(struct arena *a, const struct index *x, const struct app *app)
{
	const char *const commands[] = {app->command, app->daemon ? app->stop_command : NULL,
					app->daemon ? app->reload_command : NULL,
					app->daemon ? app->post_stop_command : NULL};

	for (size_t i = 0; i < 4; i++)
		if (commands[i] &&
		    !program_is_fine(x, program_of(a, commands[i]), app->daemon ? 0111 : 0555,
				     !app->daemon,
				     app->daemon ? "not executable" :
						   "not readable and executable by all"))
			return false;
	return !app->completer || program_is_fine(x, grammar_shortest(a, app->completer), 0444,
						  true, "not readable by all");
}

/* Something in meta. */
static bool meta_is_fine(const struct index *x, const struct file_fact *f)
{
	const struct file_fact *at = f;
	const char *hook = str_after(f->path, "meta/hooks/");

	if (S_ISLNK(f->mode)) {
		enum found found = resolve(x, f->path, &at);

		if (found == OUTSIDE)
			return refuse(x, f->path, "a link that leaves the snap");
		if (found != HERE || !*at->path || !strcmp(at->path, "meta"))
			return refuse(x, f->path, "a link to nowhere good");
		if (hook)
			return refuse(x, f->path, "a hook that is a link");
	}
	if (S_ISDIR(at->mode))
		return (at->mode & 0555) == 0555 ||
		       refuse(x, f->path, "not everybody may enter it");
	if (!S_ISREG(at->mode))
		return refuse(x, f->path, "not a regular file");
	if (!hook)
		return (at->mode & 0444) == 0444 || refuse(x, f->path, "not readable by all");
	if (at->mode & (S_ISUID | S_ISGID))
		return refuse(x, f->path, "a hook with a set-id bit");
	return at->mode & 0111 || refuse(x, f->path, "not executable");
}

static bool top_is_fine(const struct index *x)
{
	static const char *const dirs[] = {"", "meta", NULL};
	const struct file_fact *yaml = *place(x, "meta/snap.yaml");

	for (const char *const *d = dirs; *d; d++) {
		const struct file_fact *f = *place(x, *d);

		if (!f || !S_ISDIR(f->mode))
			return refuse(x, *d, f ? "not a directory" : "is not in the snap");
		if ((f->mode & 0555) != 0555)
			return refuse(x, *d, "not everybody may enter it");
	}
	if (!yaml || !S_ISREG(yaml->mode))
		return refuse(x, "meta/snap.yaml",
			      yaml ? "not a regular file" : "is not in the snap");
	return true;
}

bool check_files(struct arena *a, const struct snap *s, const struct file_fact *files, size_t n,
		 char *why)
{
	struct index x = index_of(a, files, n, why);

	if (!top_is_fine(&x))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (str_starts(files[i].path, "meta/") && !meta_is_fine(&x, &files[i]))
			return false;
		if (s->type == SNAP_APP && (S_ISBLK(files[i].mode) || S_ISCHR(files[i].mode)))
			return refuse(&x, files[i].path, "a device, in a snap that is not a base");
	}
	for (size_t i = 0; i < s->apps.len; i++)
		if (!app_is_fine(a, &x, s->apps.at[i]))
			return false;
	return true;
}
