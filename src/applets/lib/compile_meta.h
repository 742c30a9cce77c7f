/* compile_meta.h - policy-compile --meta: the engine without a system */
#ifndef APPLETS_LIB_COMPILE_META_H
#define APPLETS_LIB_COMPILE_META_H

#include "applets/applet.h"
#include "seccomp/arch.h"

/* What --arch says, or NULL. Dies for one that nobody knows. */
const struct sc_arch *compile_arch(const struct cmd *c);

/* Read the snaps that the words name, and write all their policy to --out. */
int compile_meta(struct cmd *c);

#endif
