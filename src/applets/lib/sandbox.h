/* sandbox.h - debug sandbox-features: what parts of the sandbox there are, as tags */
#ifndef APPLETS_LIB_SANDBOX_H
#define APPLETS_LIB_SANDBOX_H

#include "applets/applet.h"

/* snapd's form: "BACKEND:  TAG TAG ...", a line a backend; or nothing, and EXIT_DONE when
 * all of --required=BACKEND:TAG[,BACKEND:TAG...] are there. Dies naming one that is not. */
int sandbox_show(struct cmd *c);

#endif
