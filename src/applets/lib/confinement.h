/* confinement.h - the table of what there is to confine with */
#ifndef APPLETS_LIB_CONFINEMENT_H
#define APPLETS_LIB_CONFINEMENT_H

#include "applets/applet.h"

/* Prints it, as a table or JSON. EXIT_DONE, or EXIT_WEAKER when something is not there. */
int confinement_show(struct cmd *c);

#endif
