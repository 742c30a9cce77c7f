/* applet.h - a command is one file: src/applets/NAME.c with APPLET(NAME) at its foot
 *
 * What a command needs is declared here and provided by the dispatcher: who
 * may call it, how many words it takes, which options it has, and the lock.
 */
#ifndef APPLETS_APPLET_H
#define APPLETS_APPLET_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

enum applet_need {
	NEED_ROOT = 1 << 0, /* real and effective uid 0, or --root DIR that we may write */
	NEED_LOCK = 1 << 1, /* holds the state lock for writing */

	/* May run from the privileged copy and keep what it got. Every other applet
	 * is refused there: argv[0] belongs to the caller, the inode does not.
	 * Say why beside each use. */
	KEEP_PRIVS = 1 << 2,

	RAW_ARGS = 1 << 3,  /* the first word ends the options: the rest belongs to an app */
	TAKES_ROOT = 1 << 4, /* has the option ROOT_OPTION; works below another root */
	OWN_OPTIONS = 1 << 6, /* another tool's name and options: all words are for it to read */
	HIDDEN = 1 << 5,    /* a stage or a tool by another name: not in the short list */
};

/* An option "--name" or "--name=VALUE"; value is NULL for a flag. One letter may
 * stand for it. A value that ends in "..." is one of the command's words, and the
 * option may be given often. */
struct option_spec {
	const char *name, *value, *help;
	char letter;
};

#define OPTIONS_MAX 24
#define ROOT_OPTION {"root", "DIR", "work on the root filesystem below DIR", 0}

struct cmd {
	struct arena *arena;
	const struct applet *applet;
	int argc;    /* words after the command and its options */
	char **argv; /* NULL-terminated */
	/* By index into applet->options: NULL, or the value ("" for a flag). */
	const char *given[OPTIONS_MAX];
	bool help; /* --help was given */
	const struct applet *const *all; /* the command table, NULL-terminated */
};

struct applet {
	const char *name;
	const char *args;    /* for the usage line: "SNAP:PLUG [SNAP:SLOT]" */
	const char *help;    /* first line is the summary; then paragraphs */
	const char *examples; /* one a line, each "snapbox ..." */
	const char *complete; /* what words are, for shells: "interfaces", "ports"; NULL is snaps */
	int min, max;        /* words; max -1 is any number */
	unsigned need;
	const struct option_spec *options; /* ends with {0}; may be NULL */
	int (*main)(struct cmd *c);
	const char *const *also; /* more names (argv[0] or first word), ends with NULL */
};

#define APPLET(id) const struct applet applet_##id

/* The value of an option that was given, "" for a flag, else NULL. */
const char *cmd_option(const struct cmd *c, const char *name);

#endif
