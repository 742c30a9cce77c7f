/* snap.h - the text of snap.yaml, or the record of it, to a checked struct snap
 *
 * meta/snap.yaml is a stranger's: it is read by snap_read_yaml() in a child
 * without privileges (proc_jailed), which answers with a record; the parent
 * reads the record with snap_from_record(), and so does everybody later. Both
 * ways end in the same checks; why (WHY_MAX bytes) gets one line such as
 * "line 7: apps.sh.command: "rm -rf" is not a command".
 */
#ifndef POLICY_MODEL_SNAP_H
#define POLICY_MODEL_SNAP_H

#include "policy/model/model.h"

/* The tree of a snap.yaml to a snap. The tree is kept as snap->record. */
struct snap *snap_from_node(struct arena *a, const struct node *root, char *why);

struct snap *snap_from_yaml(struct arena *a, const char *text, size_t len, char *why);
struct snap *snap_from_record(struct arena *a, const char *text, size_t len, char *why);

/* What is stored of a snap, and what crosses the pipe. */
const char *snap_record(struct arena *a, const struct snap *s);

/* A hook that only the file meta/hooks/NAME tells of: added to the tree, before
 * snap_from_node(), as if snap.yaml had named it. Names that are not hooks, and
 * hooks that are there already, change nothing. */
void snap_add_hook(struct arena *a, struct node *root, const char *name);

/* Give it its instance name (NAME or NAME_KEY) and revision. Dies when the
 * instance is not one of this snap: callers check names before. */
void snap_set_instance(struct arena *a, struct snap *s, const char *instance,
		       const char *revision);

/* NULL when there is none. */
const struct app *snap_app(const struct snap *s, const char *name);
const struct hook *snap_hook(const struct snap *s, const char *component, const char *name);
const struct port *snap_port(const struct snap *s, enum side side, const char *name);

/* The base whose files it sees: "core" when an app names none; NULL for bases,
 * and for what says "none". */
const char *snap_base(const struct snap *s);

/* The label of an app or hook of it; NULL when it would be too long. */
const char *snap_app_label(struct arena *a, const struct app *app);
const char *snap_hook_label(struct arena *a, const struct hook *hook);

/* The words that snap.yaml uses. */
extern const char *const snap_type_names[], *const snap_confinement_names[];
extern const char *const snap_grade_names[], *const snap_daemon_names[];

#endif
