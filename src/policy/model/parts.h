/* parts.h - the sections of snap.yaml, each with a reader of its own
 *
 * For snap.c. Each fills its part of the snap and checks what can be checked
 * within it; false with why (see snap.h). The order is ports, apps, hooks,
 * apps_activation(), ports_bind(), apps_check(), layouts.
 */
#ifndef POLICY_MODEL_PARTS_H
#define POLICY_MODEL_PARTS_H

#include "policy/model/model.h"

bool ports_read(struct arena *a, struct snap *s, enum side side, const struct node *map, char *why);

/* The ports that an app or a hook lists: those that the snap does not declare are
 * made, with the name as interface. */
bool ports_list(struct arena *a, struct snap *s, enum side side, const struct node *owner,
		const char *path, struct ports *out, char *why);

/* Ports that nobody lists belong to every app and hook. */
void ports_bind(struct arena *a, struct snap *s);

bool apps_read(struct arena *a, struct snap *s, const struct node *map, char *why);
/* Slots that services are started by become theirs: before ports_bind(). */
bool apps_activation(struct arena *a, struct snap *s, char *why);
/* Order, sockets, names: what needs all apps and bound ports. */
bool apps_check(struct arena *a, struct snap *s, char *why);

bool hooks_read(struct arena *a, struct snap *s, const char *component, const struct node *map,
		char *why);

bool layouts_read(struct arena *a, struct snap *s, const struct node *map, char *why);

/* Has this label of a snap without a key room for any key? NULL has not. */
bool snap_label_fits(const char *label);

#endif
