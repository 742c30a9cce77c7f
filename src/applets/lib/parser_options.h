/* parser_options.h - the words of an apparmor_parser command line
 *
 * One-letter options may stand together (-rTK); a value follows its letter or is
 * the next word. Long ones take --name=VALUE or the next word.
 */
#ifndef APPLETS_LIB_PARSER_OPTIONS_H
#define APPLETS_LIB_PARSER_OPTIONS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/vec.h"

enum parser_job { JOB_ADD, JOB_REPLACE, JOB_REMOVE, JOB_NAMES };

struct parser_options {
	enum parser_job job;
	bool complain;      /* -C */
	bool binary;        /* -B: the files are compiled already */
	bool no_load;       /* -Q */
	bool to_stdout;     /* -S */
	const char *out;    /* -o FILE */
	bool quiet, verbose;
	bool abort_early;   /* the first file that fails ends all */
	bool no_diff;       /* -O no-diff-encode */
	const char *base;   /* -b: where abstractions and disable/ are */
	const char *fs;     /* -f: the directory apparmor of securityfs */
	const char *ns;     /* -n */
	const char *kernel_features, *policy_features, *override_features;
	VEC(const char *) include; /* -I, in order */
	VEC(const char *) files;   /* none: standard input */
	bool version, help;
	bool preprocess;    /* -p: print the text with what it includes */
	bool dump;          /* -d: print what was compiled */
	bool no_cache, no_read_cache, write_cache; /* -K, -T, -W */
	bool show_cache, purge_cache, print_cache_dir;
	const char *cache_dir; /* -L; NULL: our own */
};

/* False, and *why, when a word is none of ours. */
bool parser_options_read(struct arena *a, char **words, struct parser_options *o,
			 const char **why);

#endif
