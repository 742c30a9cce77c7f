/* lint.h - check interface files by name, for those who write them */
#ifndef APPLETS_LIB_LINT_H
#define APPLETS_LIB_LINT_H

#include "applets/applet.h"

/* debug lint FILE...: one line for each file that is wrong; EXIT_REFUSED if any is. */
int lint_files(struct cmd *c);

#endif
