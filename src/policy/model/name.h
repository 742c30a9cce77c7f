/* name.h - what names may look like, and the names made out of them
 *
 * Every name of a stranger is checked here before it becomes part of a path, a
 * label or a line of policy. Lengths are checked first. Nothing here prints.
 *
 * A label names what runs: snap.INSTANCE.APP, snap.INSTANCE.hook.HOOK or
 * snap.INSTANCE+COMPONENT.hook.HOOK, at most LABEL_MAX bytes. No two things
 * have one label, and no two labels have one tag.
 */
#ifndef POLICY_MODEL_NAME_H
#define POLICY_MODEL_NAME_H

#include <stdbool.h>

#include "core/arena.h"

#define NAME_SNAP_MAX 40
#define NAME_KEY_MAX 10
#define NAME_VERSION_MAX 32
#define NAME_WORD_MAX 128 /* apps, hooks, plugs, slots, interfaces: snapd has no limit */
#define LABEL_MAX 256

bool name_is_snap(const char *s);      /* foo: also bases, components, default providers */
bool name_is_key(const char *s);       /* the k1 of foo_k1 */
bool name_is_instance(const char *s);  /* foo or foo_k1 */
bool name_is_app(const char *s);
bool name_is_port(const char *s);      /* plug, slot, interface */
bool name_is_hook(const char *s);      /* the grammar; name_is_known_hook() is the list */
bool name_is_known_hook(const char *s, bool of_component);
bool name_is_alias(const char *s);     /* never starts with "-" or "." */
bool name_is_socket(const char *s);
bool name_is_version(const char *s);
bool name_is_revision(const char *s);  /* 1..2147483647 or x1..x2147483647 */
bool name_is_provenance(const char *s);
bool name_is_system_user(const char *s); /* one of those that snaps may ask for */

/* The parts of an instance name that is known to be one. */
char *name_snap_of(struct arena *a, const char *instance);
const char *name_key_of(const char *instance); /* "" when there is none */

struct label {
	const char *instance;  /* foo or foo_k1 */
	const char *component; /* NULL when the snap itself */
	const char *app;       /* exactly one of app and hook is set */
	const char *hook;
};

/* The reader of labels. False: text is not one, and *out is not to be used. */
bool label_parse(struct arena *a, const char *text, struct label *out);
/* The writer; NULL when the label would be longer than LABEL_MAX. */
char *label_print(struct arena *a, const struct label *l);

/* A label where dots cannot be: udev tags, BPF maps. "." is "_", "_" is "__", "+" is
 * "___": unlike snapd's, two labels never share one. */
char *label_tag(struct arena *a, const char *label);

/* The command of an app as people type it: foo for the app foo of foo, foo.bar for
 * the app bar. The reader accepts exactly what the writer makes. */
char *command_print(struct arena *a, const char *instance, const char *app);
bool command_parse(struct arena *a, const char *text, const char **instance, const char **app);

#endif
