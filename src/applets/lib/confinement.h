/* confinement.h - the table of how well apps are confined, and what there is to do it with */
#ifndef APPLETS_LIB_CONFINEMENT_H
#define APPLETS_LIB_CONFINEMENT_H

#include "applets/applet.h"

/* Prints it, as tables or JSON. EXIT_DONE, EXIT_WEAKER when something takes AppArmor's place
 * or is missing, EXIT_REFUSED when an app is not confined. */
int confinement_show(struct cmd *c);

#endif
