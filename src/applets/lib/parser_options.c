/* parser_options.c - the words of an apparmor_parser command line
 *
 * Options that tune how it compiles are taken too: the result means the same. So are
 * those about what to do with a cache that is out of date: ours cannot be.
 */
#include "applets/lib/parser_options.h"

#include <string.h>

#include "core/str.h"

enum what {
	ADD, REPLACE, REMOVE, NAMES, COMPLAIN, BINARY, NO_LOAD, STDOUT, OUT, QUIET, VERBOSE, ABORT,
	PREPROCESS, DUMP, NO_CACHE, NO_READ, WRITE, SHOW_CACHE, PURGE, PRINT_DIR, HELP, CACHE_DIR,
	BASE, FS, NS, INCLUDE, KERNEL, POLICY, OVERRIDE, OPTIMIZE, VERSION, NOTHING,
	NOTHING_WITH_VALUE,
};

static const struct {
	char letter;
	const char *name;
	enum what what;
} options[] = {
	{'a', "add", ADD}, {'r', "replace", REPLACE}, {'R', "remove", REMOVE},
	{'N', "names", NAMES},
	{'C', "Complain", COMPLAIN}, {0, "complain", COMPLAIN}, {'B', "binary", BINARY},
	{'Q', "skip-kernel-load", NO_LOAD}, {'S', "stdout", STDOUT}, {'o', "ofile", OUT},
	{'q', "quiet", QUIET}, {'v', "verbose", VERBOSE}, {0, "abort-on-error", ABORT},
	{'b', "base", BASE}, {'f', "subdomainfs", FS}, {'n', "namespace", NS},
	{'I', "Include", INCLUDE}, {'M', "features-file", KERNEL}, {0, "kernel-features", KERNEL},
	{0, "policy-features", POLICY}, {0, "override-policy-abi", OVERRIDE},
	{'O', "optimize", OPTIMIZE}, {'V', "version", VERSION},
	{'K', "skip-cache", NO_CACHE}, {'T', "skip-read-cache", NO_READ},
	{'W', "write-cache", WRITE}, {'k', "show-cache", SHOW_CACHE},
	{'L', "cache-loc", CACHE_DIR}, {0, "skip-bad-cache", NOTHING},
	{0, "skip-bad-cache-rebuild", NOTHING}, {0, "purge-cache", PURGE},
	{0, "print-cache-dir", PRINT_DIR}, {0, "create-cache-dir", NOTHING},
	{'p', "preprocess", PREPROCESS}, {'d', "debug", DUMP}, {'h', "help", HELP},
	{'j', "jobs", NOTHING_WITH_VALUE}, {0, "max-jobs", NOTHING_WITH_VALUE},
	{0, "config-file", NOTHING_WITH_VALUE},
};

static bool tuning(const char *name)
{
	static const char *const known[] = {
		"minimize", "remove-unreachable", "compress-fast", "compress-small", "equiv",
		"expr-tree", "expr-left-simplify", "expr-normalize", "expr-simplify", "hash-perms",
		"hash-trans", "filter-deny", "rule-merge", "state32", "diff-encode", NULL};
	const char *rest = str_after(name, "no-");

	return str_in(rest ? rest : name, known);
}

static bool takes_value(enum what what)
{
	return what == OUT || what == BASE || what == FS || what == NS || what == INCLUDE ||
	       what == KERNEL || what == POLICY || what == OVERRIDE || what == OPTIMIZE ||
	       what == CACHE_DIR || what == NOTHING_WITH_VALUE;
}

static void apply_value(struct arena *a, struct parser_options *o, enum what what,
			const char *value, const char **why)
{
	const char **slot = what == OUT ? &o->out : what == BASE ? &o->base : what == FS ? &o->fs :
			    what == NS ? &o->ns : what == KERNEL ? &o->kernel_features :
			    what == POLICY ? &o->policy_features :
			    what == OVERRIDE ? &o->override_features :
			    what == CACHE_DIR ? &o->cache_dir : NULL;

	if (slot)
		*slot = value;
	else if (what == INCLUDE)
		vec_push(a, &o->include, value);
	else if (what == OPTIMIZE && !tuning(value))
		*why = arena_printf(a, "-O %s is not known", value);
	else if (what == OPTIMIZE)
		o->no_diff = str_eq(value, "no-diff-encode");
}

static void apply(struct parser_options *o, enum what what, bool *job, const char **why)
{
	static const enum parser_job jobs[] = {JOB_ADD, JOB_REPLACE, JOB_REMOVE, JOB_NAMES};
	bool *const flags[] = {[COMPLAIN] = &o->complain, [BINARY] = &o->binary,
			       [NO_LOAD] = &o->no_load, [STDOUT] = &o->to_stdout,
			       [QUIET] = &o->quiet, [VERBOSE] = &o->verbose,
			       [ABORT] = &o->abort_early, [VERSION] = &o->version,
			       [PREPROCESS] = &o->preprocess, [DUMP] = &o->dump,
			       [NO_CACHE] = &o->no_cache, [NO_READ] = &o->no_read_cache,
			       [WRITE] = &o->write_cache, [SHOW_CACHE] = &o->show_cache,
			       [PURGE] = &o->purge_cache, [PRINT_DIR] = &o->print_cache_dir,
			       [HELP] = &o->help};

	if (what <= NAMES) {
		if (*job && o->job != jobs[what])
			*why = "only one of -a, -r, -R and -N";
		o->job = jobs[what];
		*job = true;
	} else if (what != NOTHING) {
		*flags[what] = true;
	}
}

static int find(const char *name, size_t n, char letter)
{
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (letter ? options[i].letter == letter :
			     strlen(options[i].name) == n && !strncmp(options[i].name, name, n))
			return (int)i;
	return -1;
}

/* All options in one word; returns true when the next word was a value. */
static bool word(struct arena *a, struct parser_options *o, const char *w, const char *next,
		 bool *job, const char **why)
{
	bool is_long = w[1] == '-';
	const char *p = w + (is_long ? 2 : 1);

	while (*p && !*why) {
		size_t n = is_long ? strcspn(p, "=") : 1;
		int i = find(p, n, is_long ? 0 : *p);

		if (i < 0 || (is_long && p[n] && !takes_value(options[i].what))) {
			*why = arena_printf(a, "unknown option %s", w);
			return false;
		}
		p += n;
		if (!takes_value(options[i].what)) {
			apply(o, options[i].what, job, why);
			continue;
		}
		bool own = *p;
		const char *value = is_long && own ? p + 1 : own ? p : next;
		if (!value)
			*why = arena_printf(a, "option %s needs a value", w);
		else
			apply_value(a, o, options[i].what, value, why);
		return !own;
	}
	return false;
}

bool parser_options_read(struct arena *a, char **words, struct parser_options *o,
			 const char **why)
{
	bool job = false, options_end = false;

	memset(o, 0, sizeof *o);
	o->base = "/etc/apparmor.d";
	*why = NULL;
	for (; *words && !*why; words++) {
		const char *w = *words;

		if (str_eq(w, "--") && !options_end)
			options_end = true;
		else if (options_end || w[0] != '-' || !w[1])
			vec_push(a, &o->files, w);
		else if (str_starts(w, "--warn") || str_starts(w, "--Warn") ||
			 str_starts(w, "--optimize=") || str_starts(w, "--Optimize="))
			continue; /* what it warns of, and how it compiles, is ours */
		else if (word(a, o, w, words[1], &job, why))
			words++;
	}
	return !*why;
}
