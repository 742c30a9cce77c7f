/* apparmor-parser.c - AppArmor's own compiler by name, for scripts and units that call it */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "applets/applet.h"
#include "applets/lib/parser_cache.h"
#include "applets/lib/parser_options.h"
#include "applets/lib/policy_dump.h"
#include "applets/usage.h"
#include "core/fs.h"
#include "core/str.h"
#include "policy/apparmor/compile.h"
#include "policy/apparmor/kernel.h"
#include "policy/apparmor/parse.h"
#include "policy/apparmor/search.h"

#define POLICY_MAX ((size_t)64 << 20)

struct job {
	struct arena *arena;
	struct parser_options o;
	struct ap_search search;
	struct cache cache;
	const struct features *kernel, *pinned, *override;
	int failed;
};

static const struct features *features_of(struct arena *a, const char *path)
{
	const char *why = NULL;
	const struct features *f;
	struct stat st;
	size_t len = 0;

	DOING("read the features", path);
	if (stat(path, &st))
		die("%m");
	if (S_ISDIR(st.st_mode)) {
		f = features_load(a, path, &why);
	} else {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		char *text = fd < 0 ? NULL : fs_read_fd(a, fd, FEATURES_MAX, &len);

		if (!text)
			die("%m");
		close(fd);
		f = features_parse(a, text, len, &why);
	}
	if (!f)
		die("%s", why);
	return f;
}

static void set_features(struct job *j)
{
	const struct parser_options *o = &j->o;
	const char *kernel = o->kernel_features;

	if (!kernel && o->fs)
		kernel = arena_printf(j->arena, "%s/features", o->fs);
	j->kernel = features_of(j->arena, kernel ? kernel : kernel_features_dir());
	if (o->policy_features)
		j->pinned = features_of(j->arena, o->policy_features);
	if (o->override_features)
		j->override = features_of(j->arena, o->override_features);
}

static char *read_input(struct job *j, const char *path, size_t *len)
{
	struct buf b = buf_new(j->arena);
	char part[65536];
	ssize_t n;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;

	if (fd < 0)
		return NULL;
	while ((n = read(fd, part, sizeof part)) > 0 && b.len < POLICY_MAX)
		buf_add(&b, part, (size_t)n);
	int saved = n < 0 ? errno : b.len >= POLICY_MAX ? EFBIG : 0;
	if (path)
		close(fd);
	errno = saved;
	*len = b.len;
	return saved ? NULL : (char *)buf_text(&b);
}

static void write_out(struct job *j, const struct buf *binary)
{
	if (j->o.to_stdout) {
		fwrite(buf_text(binary), 1, binary->len, stdout);
	} else {
		int fd = open(j->o.out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

		if (fd < 0)
			die("write %s: %m", j->o.out);
		fs_write_all(fd, buf_text(binary), binary->len);
		if (close(fd))
			die("write %s: %m", j->o.out);
	}
}

static const char *load_reason(int error)
{
	return error == EEXIST ? "it is loaded already; -r replaces it" :
	       error == ENOENT ? "it is not loaded" :
	       error == EPROTO ? "the kernel refuses this form of policy, its log says where" :
	       error == EPROTONOSUPPORT ? "the kernel does not know this version of policy" :
	       error == EACCES || error == EPERM ? "this needs the right to change policy" :
	       strerror(error);
}

static bool say_failed(const char *what, const char *name)
{
	warn("cannot %s \"%s\": %s", what, name, load_reason(errno));
	return false;
}

static void tell(const struct job *j, const struct compile *c, const char *what)
{
	for (size_t i = 0; j->o.verbose && i < c->names.len; i++)
		printf("%s succeeded for \"%s\".\n", what, c->names.at[i]);
	for (size_t i = 0; !j->o.quiet && i < c->report.lines.len; i++)
		warn("%s", c->report.lines.at[i]);
}

static bool remove_all(struct job *j, const struct compile *c)
{
	for (size_t i = 0; !j->o.no_load && i < c->top.len; i++)
		if (!kernel_remove(j->o.fs, c->top.at[i]))
			return say_failed("remove", c->top.at[i]);
	tell(j, c, "Removal");
	return true;
}

static bool dump(struct job *j, const struct compile *c, const char *shown)
{
	struct buf words = buf_new(j->arena);
	const char *why;

	if (!policy_dump(&words, buf_text(&c->binary), c->binary.len, &why)) {
		warn("%s: %s", shown, why);
		return false;
	}
	fputs(buf_text(&words), stdout);
	return true;
}

/* The text alone, with all that it includes. */
static bool preprocess(struct job *j, const char *shown, const char *text, size_t len)
{
	struct buf echo = buf_new(j->arena);
	struct lex_source source = ap_search_source(&j->search);
	const char *why;

	source.echo = &echo;
	if (!ap_parse(j->arena, source, shown, text, len, &why)) {
		warn("%s", why);
		return false;
	}
	fwrite(buf_text(&echo), 1, echo.len, stdout);
	return true;
}

static bool deliver(struct job *j, struct compile *c, const char *shown)
{
	enum kernel_how how = j->o.job == JOB_ADD ? KERNEL_ADD : KERNEL_REPLACE;

	if (!c->binary.len)
		return true;
	if (j->o.dump && !dump(j, c, shown))
		return false;
	if (j->o.to_stdout || j->o.out)
		write_out(j, &c->binary);
	else if (!j->o.no_load && !kernel_load(j->o.fs, how, c->binary.data, c->binary.len))
		return say_failed(how == KERNEL_ADD ? "add" : "replace",
				  c->names.len ? c->names.at[0] : shown);
	tell(j, c, how == KERNEL_ADD ? "Addition" : "Replacement");
	return true;
}

/* Is there a link of the profile's name in disable/ or force-complain/? */
static bool marked(const struct job *j, const char *path, const char *dir)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (!path)
		return false;
	path = arena_printf(j->arena, "%s/%s/%s", j->o.base, dir, slash ? slash + 1 : path);
	return !access(path, R_OK);
}

static bool one(struct job *j, const char *path)
{
	const char *shown = path ? path : "stdin", *why = NULL;
	struct compile c;
	size_t len;
	char *text = read_input(j, path, &len);

	if (!text) {
		warn("read %s: %m", shown);
		return false;
	}
	compile_start(&c, j->arena, j->kernel);
	c.source = ap_search_source(&j->search);
	c.pinned = j->pinned;
	c.override = j->override;
	c.pack = (struct pack_options){j->o.complain || marked(j, path, "force-complain"),
				       j->o.no_diff, j->o.ns};
	if (j->o.binary) {
		buf_add(&c.binary, text, len);
		return deliver(j, &c, shown);
	}
	if (j->o.job != JOB_REMOVE && j->o.job != JOB_NAMES && marked(j, path, "disable"))
		return true;
	if (j->o.preprocess)
		return preprocess(j, shown, text, len);
	bool names_only = j->o.job == JOB_REMOVE || j->o.job == JOB_NAMES;
	unsigned hits = j->cache.hits;
	if (!(names_only ? compile_profiles(&c, shown, text, len, true, &why) :
			   cache_compile(&j->cache, &c, shown, text, len, &why))) {
		warn("%s", why);
		return false;
	}
	if (j->o.show_cache && !names_only)
		fprintf(stderr, "Cache %s: %s\n", j->cache.hits > hits ? "hit" : "miss", shown);
	for (size_t i = 0; j->o.job == JOB_NAMES && i < c.names.len; i++)
		puts(c.names.at[i]);
	if (j->o.job == JOB_NAMES)
		return true;
	return j->o.job == JOB_REMOVE ? remove_all(j, &c) : deliver(j, &c, shown);
}

/* A file, or those of a directory; each starts with a clean arena. */
static void each(struct job *j, const char *path)
{
	struct stat st;
	char **names;

	if (!path || stat(path, &st) || !S_ISDIR(st.st_mode)) {
		struct arena_mark m = arena_mark(j->arena);

		j->failed += !one(j, path);
		arena_rewind(j->arena, m);
		return;
	}
	names = fs_list(j->arena, AT_FDCWD, path, NULL);
	if (!names)
		die("read %s: %m", path);
	for (; *names && !(j->failed && j->o.abort_early); names++) {
		const char *file = arena_printf(j->arena, "%s/%s", path, *names);
		struct arena_mark m = arena_mark(j->arena);

		if (!ap_search_ignored(*names) && !stat(file, &st) && S_ISREG(st.st_mode))
			j->failed += !one(j, file);
		arena_rewind(j->arena, m);
	}
}

static int apparmor_parser_main(struct cmd *c)
{
	struct job j = {.arena = c->arena};
	const char *why;

	if (!parser_options_read(c->arena, c->argv, &j.o, &why))
		die_with(EXIT_REFUSED, "%s, see 'snapbox help apparmor_parser'", why);
	if (j.o.version) {
		puts("AppArmor parser version 4.1.0 (snapbox)");
		return EXIT_DONE;
	}
	if (j.o.help) {
		usage_print(stdout, c->applet);
		return EXIT_DONE;
	}
	if (j.o.print_cache_dir) {
		puts(parser_cache_path(c->arena, &j.o));
		return EXIT_DONE;
	}
	for (size_t i = 0; i < j.o.include.len; i++)
		vec_push(c->arena, &j.search.dirs, j.o.include.at[i]);
	vec_push(c->arena, &j.search.dirs, j.o.base);
	j.search.embedded = true;
	parser_cache_open(c->arena, &j.o, &j.cache);
	if (j.o.purge_cache && !j.o.files.len)
		return EXIT_DONE;
	if (j.o.job == JOB_NAMES || j.o.job == JOB_REMOVE || j.o.preprocess)
		j.kernel = features_parse(c->arena, "", 0, &why);
	else if (!j.o.binary)
		set_features(&j);
	if (!j.o.files.len)
		each(&j, NULL);
	for (size_t i = 0; i < j.o.files.len && !(j.failed && j.o.abort_early); i++)
		each(&j, j.o.files.at[i]);
	parser_cache_close(&j.cache);
	return j.failed ? EXIT_REFUSED : EXIT_DONE;
}

APPLET(apparmor_parser) = {
	.name = "apparmor_parser",
	.args = "[-a|-r|-R|-N] [OPTION]... [FILE|DIR]...",
	.help =
		"Compile AppArmor profiles and load them\n"
		"\n"
		"-a adds, -r replaces, -R removes, -N prints names; without a file the profiles\n"
		"come from standard input. -S writes what the kernel loads to standard output, -o\n"
		"to a file, -Q loads nothing. -I and -b say where to look for includes, -M for\n"
		"which kernel's features to compile, --policy-features which ones a text without\n"
		"abi was written for. -C forces complain mode, -n a namespace. -B: the files are\n"
		"compiled already. -q and -v: fewer and more words.\n"
		"\n"
		"-p prints the text with all that it includes, -d what was compiled. -W keeps\n"
		"what was compiled in the directory of -L, where it is found by content, never by\n"
		"time; -T does not look there, -K not at all, -k says what was found,\n"
		"--purge-cache empties it. Included files that are found nowhere else come from\n"
		"the program itself.\n",
	.examples =
		"apparmor_parser -r /etc/apparmor.d/usr.bin.man\n"
		"apparmor_parser -QS -M features -I /etc/apparmor.d profile > profile.bin\n",
	.min = 0, .max = -1,
	.need = OWN_OPTIONS | HIDDEN,
	.main = apparmor_parser_main,
};
