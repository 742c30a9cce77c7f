/* manual.h - the command table as man pages and as a shell completion
 *
 * Written from the same structs as --help, so that the three cannot differ.
 */
#ifndef APPLETS_MANUAL_H
#define APPLETS_MANUAL_H

#include <stdio.h>

#include "applets/applet.h"

/* snapbox-NAME(8) in man(7) macros. */
void manual_page(FILE *out, const struct applet *app);

/* snapbox(8): the list of all commands, exit codes, files. */
void manual_overview(FILE *out, const struct applet *const *all);

/* A bash completion for "snapbox" and "snap". */
void manual_completion(FILE *out, const struct applet *const *all);

#endif
