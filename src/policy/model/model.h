/* model.h - the nouns: what a snap says about itself
 *
 * Built by snap.c out of meta/snap.yaml and checked there and in check.c; all
 * the rest takes it as const. Pointers live in the arena of the reader. A text
 * that was not given is NULL, a list that was not given is empty; what has a
 * default (type, confinement, grade, ...) has it filled in.
 */
#ifndef POLICY_MODEL_MODEL_H
#define POLICY_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/node.h"
#include "core/vec.h"
#include "policy/model/app.h"

/* The documented limits: more is refused. */
#define MODEL_APPS_MAX 500
#define MODEL_PORTS_MAX 250 /* plugs, and as many slots */
#define MODEL_LAYOUTS_MAX 250
#define MODEL_COMPONENTS_MAX 100
#define MODEL_LIST_MAX FIELD_LIST_MAX /* of any list of words, and any environment */
#define MODEL_TEXT_MAX FIELD_TEXT_MAX /* of one command, path or value */

enum snap_type { SNAP_APP, SNAP_BASE, SNAP_KERNEL, SNAP_GADGET, SNAP_OS, SNAP_SNAPD };
enum confinement { CONFINE_STRICT, CONFINE_CLASSIC, CONFINE_DEVMODE };
enum grade { GRADE_STABLE, GRADE_DEVEL };

enum layout_kind { LAYOUT_BIND, LAYOUT_BIND_FILE, LAYOUT_TMPFS, LAYOUT_SYMLINK };

struct layout {
	enum layout_kind kind;
	const char *path;   /* as written: may begin with $SNAP, $SNAP_DATA, $SNAP_COMMON */
	const char *source; /* as written: of bind and bind-file; target of a symlink; else NULL */
	unsigned mode;      /* of a tmpfs or a directory to make; 0755 by default */
	unsigned line;
};

struct component {
	const char *name, *type, *summary, *description;
};

struct snap {
	const char *name;     /* the store's: what $SNAP is made of */
	const char *instance; /* name or name_key: labels, files, ~/snap; snap_set_instance() */
	const char *key;      /* "" when none */
	const char *revision; /* "" until it has one */

	const char *version, *title, *summary, *description, *license, *provenance, *base;
	enum snap_type type;
	enum confinement confinement;
	enum grade grade;
	struct words architectures; /* empty is all */
	struct words assumes, system_usernames;
	const char *epoch; /* as written, checked */
	struct pairs environment;

	struct ports plugs, slots; /* in the order of snap.yaml */
	struct {
		struct app **at;
		size_t len, cap;
	} apps;
	struct {
		struct hook **at;
		size_t len, cap;
	} hooks; /* of components as well */
	struct {
		struct layout *at;
		size_t len, cap;
	} layouts;
	struct {
		struct component *at;
		size_t len, cap;
	} components;

	const struct node *links;  /* map of lists, or NULL */
	const struct node *record; /* the whole of snap.yaml: what is stored */
};

#endif
