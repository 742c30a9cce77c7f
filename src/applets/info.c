/* info.c - what there is to know of a snap, installed or in a file
 *
 * The words and blocks are snapd's. A file is examined as install does it, by a
 * child without privileges; nothing of it is copied or kept.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "applets/applet.h"
#include "applets/lib/describe.h"
#include "applets/lib/examine.h"
#include "core/copyfile.h"
#include "core/fs.h"
#include "core/str.h"
#include "policy/model/name.h"
#include "policy/model/state.h"

/* A name with a slash or an ending is a file; so is what is there and not installed. */
static bool is_file(struct arena *a, const char *word)
{
	struct stat st;

	if (strchr(word, '/') || str_ends(word, ".snap"))
		return true;
	return !state_load(a, word) && !stat(word, &st);
}

static const char *file_digest(struct arena *a, int fd)
{
	struct digest *d = digest_new(a, DIGEST_SHA3_384);
	static uint8_t block[65536];
	uint8_t sum[DIGEST_MAX];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, block, sizeof block, at)) > 0) {
		digest_add(d, block, (size_t)n);
		at += n;
	}
	if (n < 0)
		die("read: %m");
	return digest_text(a, sum, digest_end(d, sum));
}

static struct describe of_file(struct cmd *c, const char *path)
{
	struct arena *a = c->arena;
	struct describe d = {.path = path};
	char why[WHY_MAX];
	struct stat st;
	int fd = copyfile_open(path);

	if (!examine(a, fd, &d.seen, why))
		die("%s", why);
	if (fstat(fd, &st))
		die("%m");
	d.size = (uint64_t)st.st_size;
	d.snap = d.seen.snap;
	d.sha3_384 = cmd_option(c, "verbose") || cmd_option(c, "json") ? file_digest(a, fd) : NULL;
	close(fd);
	return d;
}

static struct describe of_installed(struct arena *a, const char *name)
{
	struct describe d = {.state = state_load(a, name)};

	if (!d.state)
		die("no snap of that name is installed, and there is no such file");
	d.rev = state_current(d.state);
	d.snap = examine_installed(a, name, d.rev->id);
	d.size = d.rev->size;
	d.sha3_384 = d.rev->sha3_384;
	return d;
}

static int info_main(struct cmd *c)
{
	struct buf json = buf_new(c->arena);

	buf_char(&json, '[');
	for (int i = 0; i < c->argc; i++) {
		DOING("info", c->argv[i]);
		const char *word = c->argv[i];
		struct describe d = is_file(c->arena, word) ? of_file(c, word) :
							      of_installed(c->arena, word);

		if (cmd_option(c, "json"))
			describe_json(&json, &d);
		else
			describe_print(c->arena, &d, i > 0, cmd_option(c, "verbose"));
	}
	if (cmd_option(c, "json"))
		printf("%s]\n", json.data);
	return EXIT_DONE;
}

APPLET(info) = {
	.name = "info",
	.args = "SNAP|FILE...",
	.help =
		"Show what there is to know of a snap\n"
		"\n"
		"Of an installed snap, or of a file that is not installed.\n"
		"\n"
		"With --json a list of objects with name, version, title, summary, description,\n"
		"license, type, base, confinement, grade, size, sha3-384 and apps (name, command,\n"
		"daemon); installed ones also have revision, install-date, devmode, jailmode,\n"
		"classic and broken, files path, build-date and compression.\n",
	.examples =
		"snapbox info foo\n"
		"snapbox info ./foo.snap --verbose\n"
		"snapbox info foo --json\n",
	.min = 1, .max = -1,
	.need = TAKES_ROOT,
	.options = (const struct option_spec[]){
		{"verbose", NULL, "show more", 0},
		{"json", NULL, "print JSON for programs", 0},
		ROOT_OPTION,
		{0},
	},
	.main = info_main,
};
