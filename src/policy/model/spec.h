/* spec.h - what an attribute of a plug or slot must look like
 *
 * Read from an interface's file (iface_attr.c); what is meant by each word there
 * is said in data/templates/README.
 */
#ifndef POLICY_MODEL_SPEC_H
#define POLICY_MODEL_SPEC_H

#include "policy/model/model.h"

/* Singular and plural of each: the plural is a list of them. */
enum attr_type {
	ATTR_TEXT, ATTR_TEXTS,
	ATTR_PATH, ATTR_PATHS, /* absolute, clean, of plain characters only */
	ATTR_FILE, ATTR_FILES, /* a path that may have blanks and commas: goes between quotes */
	ATTR_GLOB, ATTR_GLOBS, /* such a path with AppArmor's patterns, well formed */
	ATTR_MAP, ATTR_MAPS,   /* with fields of their own */
	ATTR_INT, ATTR_BOOL, ATTR_ANY,
};

struct attr_specs {
	struct attr_spec *at;
	size_t len, cap;
};

/* What an attribute of that side must look like before any text is made of it. */
struct attr_spec {
	const char *name;
	enum attr_type type;
	bool optional;
	bool single;          /* of a list: one value that is no list counts as a list of it */
	bool closed;          /* of a map: no fields but those below */
	int64_t min, max;     /* of a number; entries of a list; bytes of a text */
	const char *pattern;  /* POSIX extended, for the whole value; or NULL */
	const char *refuse;   /* likewise: what a value must not be */
	const char *standard; /* what an absent or empty text means; "$(name)": the port's name */
	struct words values;  /* empty: any */
	struct words from;    /* of paths: what comes first: "/", "$HOME" and the like, "" for a
				 path that is relative */
	struct attr_specs fields;
};
#define FIELDS_DEPTH_MAX 3

/* Why value is not what spec asks for, or NULL. Lists and maps are for iface_check_port(). */
const char *attr_fault(const struct attr_spec *spec, const struct node *value);

/* What spec says about the dotted path below, or NULL. */
const struct attr_spec *attr_spec_find(const struct attr_specs *specs, const char *path);

/* The same below a value that the interface's spec describes (of = the port's name). */
const struct node *iface_field(struct arena *a, const struct attr_specs *specs,
			       const struct node *map, const char *of, const char *path);

#endif
