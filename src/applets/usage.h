/* usage.h - the command table as people see it, and the one option parser */
#ifndef APPLETS_USAGE_H
#define APPLETS_USAGE_H

#include <stdio.h>

#include "applets/applet.h"

/* The applet that answers to this name, or NULL. */
const struct applet *usage_find(const struct applet *const *all, const char *name);

void usage_print(FILE *out, const struct applet *app);
void usage_overview(FILE *out, const struct applet *const *all);
void usage_names(FILE *out, const struct applet *const *all); /* one a line, for scripts */

/* Dies with EXIT_USAGE, naming the nearest command. */
_Noreturn void usage_unknown(const struct applet *const *all, const char *name);

/* Read options and words into c: options stand anywhere before "--", or, for
 * RAW_ARGS commands, before the first word. --help sets c->help. Dies with
 * EXIT_USAGE on anything unknown, repeated or without its value (R01). */
void usage_parse(struct cmd *c, int argc, char **argv);

/* Dies with EXIT_USAGE when there are too few or too many words. */
void usage_count(const struct cmd *c);

#endif
