/* iface.h - an interface: what a plug may do with a slot, as data
 *
 * One file each, data/templates/interfaces/NAME.yaml; a file of that name below
 * /etc/snapbox/interfaces takes its place or adds one. The form is described in
 * data/templates/README; iface_parse() refuses every key it does not know, so a
 * file that loads is a file that means what it says.
 */
#ifndef POLICY_MODEL_IFACE_H
#define POLICY_MODEL_IFACE_H

#include "policy/model/spec.h"

/* When a block applies: always, to the side that declares the port, or once
 * the two are connected. */
enum moment {
	PERMANENT_PLUG, /* the snap that declares the plug */
	PERMANENT_SLOT,
	CONNECTED_PLUG, /* the plug's side of a connection */
	CONNECTED_SLOT,
	MOMENT_COUNT,
};

/* Who reads a text. Each is a language of its own; the engine only substitutes. */
enum backend {
	BACK_APPARMOR,
	BACK_UPDATE_NS, /* rules of snap-update-ns.NAME */
	BACK_SECCOMP,
	BACK_UDEV,      /* whole lines of a rules file, without our tags */
	BACK_DEVICE,    /* udev matches of devices that the side may open */
	BACK_MOUNT,     /* fstab lines */
	BACK_USER_MOUNT,
	BACK_KMOD,      /* modules to load at boot */
	BACK_MODPROBE,  /* lines of modprobe.d(5): "options NAME TEXT", "blacklist NAME" */
	BACK_DBUS,      /* policy elements of the bus daemon's configuration */
	BACK_COUNT,
};
extern const char *const backend_names[BACK_COUNT];
extern const char *const moment_names[MOMENT_COUNT];

/* One line of "when": the key must have one of the values. */
struct cond {
	const char *key;
	struct words values;
};

/* "for-each: plug.mount as m": OVER is a list (or one value), AS its name in texts. */
struct loop {
	const char *over, *as;
};
#define LOOPS_MAX 2 /* in one block, the second inside the first */

struct block {
	struct {
		struct cond *at;
		size_t len, cap;
	} when;
	struct loop loops[LOOPS_MAX];
	size_t loop_count;
	const char *text[BACK_COUNT]; /* NULL when nothing for that reader */
	const char *refusal; /* why a port that the block applies to is refused, or NULL */
	struct words flags;
	unsigned line;
};

struct iface {
	const char *name, *summary;
	bool implicit_slot_core, implicit_slot_classic; /* systems that offer the slot */
	bool implicit_plug_core, implicit_plug_classic;
	struct attr_specs attrs[2]; /* by enum side */
	const struct node *declaration[2]; /* rules of plugs and of slots, or NULL */
	struct {
		struct block *at;
		size_t len, cap;
	} blocks[MOMENT_COUNT];
	struct words same;  /* attributes that are alike on sides that connect by themselves */
	const char *native; /* a name known to policy/native.c, or NULL */
};

/* Read one file. NULL with one line in why: "file:line: what is wrong". */
const struct iface *iface_parse(struct arena *a, const char *file, const char *text, size_t len,
				char *why);

/* The interface of that name, or NULL when there is none. Dies when its file is broken. */
const struct iface *iface_load(struct arena *a, const char *name);

/* All names, sorted, NULL-terminated. */
const char **iface_names(struct arena *a, size_t *count);

/* False with one line in why when the attributes of p are not what its side asks for. */
bool iface_check_port(const struct iface *i, const struct port *p, char *why);

/* The value of p's attribute at a dotted path; when it is absent what the interface
 * says that means, or NULL. i may be NULL. */
const struct node *iface_attr(struct arena *a, const struct iface *i, const struct port *p,
			      const char *path);

#endif
