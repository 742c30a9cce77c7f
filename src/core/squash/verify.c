/* verify.c - is all of an image sound, contents as well */
#include "core/squash/verify.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/proc.h"
#include "core/squash/walk.h"

#define ANSWER_MAX 8192

static bool contents_fit(struct squash *s, const struct squash_node *n)
{
	struct squash_file f;
	const uint8_t *data;
	size_t len;
	int more;

	if (!squash_file(s, n, &f))
		return false;
	do
		more = squash_block(s, &f, &data, &len);
	while (more > 0);
	return !more;
}

bool squash_verify(struct squash *s)
{
	struct squash_walk *w = squash_walk(s, "");
	struct squash_entry e;

	while (w && squash_next(w, &e))
		if (e.node.type == SQUASH_FILE && !e.again && !contents_fit(s, &e.node))
			return false;
	return !squash_why(s);
}

static bool child(int out, void *arg)
{
	struct arena *a = arena_new();
	const char *why = NULL;
	struct squash *s = squash_open(a, *(int *)arg, NULL, &why);
	struct squash_sum sum;

	if (s && squash_check(s, &sum) && squash_verify(s))
		return true;
	char *line = arena_printf(a, "!%s", s ? squash_why(s) : why);
	if (write(out, line, strlen(line)) < 0)
		return false;
	return false;
}

bool verify(struct arena *a, int image, const char **why)
{
	struct proc_jail jail = {.memory = SQUASH_MEMORY, .max = ANSWER_MAX,
				 .cpu_seconds = SQUASH_SECONDS,
				 .fn = child, .arg = &image, .keep = {image, -1}};

	return proc_jailed(a, &jail, NULL, why);
}
