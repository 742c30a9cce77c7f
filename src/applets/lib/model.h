/* model.h - what snapbox understands of a snap.yaml, for people and tests */
#ifndef APPLETS_LIB_MODEL_H
#define APPLETS_LIB_MODEL_H

#include "applets/applet.h"

/* debug model FILE: the model, one fact a line. Dies with the reason, naming the
 * line, when install would refuse the file. */
int model_show(struct cmd *c);

/* debug plans FILE: the plan of each app and hook, as if it were installed as x1. */
int model_show_plans(struct cmd *c);

/* The snap of a snap.yaml, read in a child without privileges. hooks are the names of
 * the files in meta/hooks beside it, NULL-terminated; or NULL. Dies. */
struct snap *model_read(struct arena *a, const char *file, char *const *hooks);

#endif
