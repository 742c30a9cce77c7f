/* label.h - the AppArmor labels that have a plug or slot */
#ifndef POLICY_LABEL_H
#define POLICY_LABEL_H

#include "policy/model/model.h"

/* The AppArmor pattern of all labels that have the port: "snap.foo.bar", or
 * "snap.foo.{a,b}", "snap.foo.*" when all have it, "unconfined" for the system's. */
const char *label_of(struct arena *a, const struct port *p, bool system);

/* A label as part of a D-Bus name: what is no letter or digit is _ and its hex. */
const char *label_for_dbus(struct arena *a, const char *label);

#endif
