/* block.h - the little language in interface files: when, for-each, $(...)
 *
 * A text is copied, line by line, with each $(...) replaced:
 *
 *	$(plug.A) $(slot.A)          the attribute A, which iface_check_port() has seen
 *	$(plug.label) $(slot.label)  the AppArmor pattern of that side's labels
 *	$(plug.snap) $(slot.snap)    the instance name
 *	$(plug.name) $(slot.name)    the name of the plug or slot
 *	$(plug.attr.A)               the attribute, where A is one of the words above
 *	$(plug.dbus) $(slot.dbus)    the labels as parts of D-Bus names
 *	$(NAME)                      the value of "for-each: ... as NAME"
 *	$(except . snap)             the line once for each pattern that matches
 *	                             everything but names beginning so
 *	$(mimic N PATH)              a line of its own: mimic_dir(PATH, N)
 *
 * and filters behind a colon: hex2 hex4 (numbers), in-dev (the path below /dev),
 * basename, slashes (for dots), underscores (for dashes). In a condition, plug.A: $(slot.B) holds
 * when both sides say the same. "$(" is the beginning of nothing else in any of the languages.
 * Names that are not known are errors, found by lint before anything is built.
 */
#ifndef POLICY_BLOCK_H
#define POLICY_BLOCK_H

#include "core/buf.h"
#include "policy/model/iface.h"

/* What a block is expanded for. */
struct scope {
	const struct port *plug, *slot; /* NULL on the side that the moment does not have */
	bool plug_system, slot_system;  /* that side is the system's own */
	bool classic;                   /* the system is a classic one */
	const char *base;               /* of the snap that gets the text */
	struct words features;          /* of the kernel, as apparmor.F or seccomp.F */
};

/* Do all conditions of the block hold? */
bool block_holds(const struct block *b, const struct scope *s);

/* The block's text for one reader, appended to out once for each value of its
 * for-each (or once). False with one line in why (WHY_MAX) for an unknown name. */
bool block_text(struct buf *out, const struct block *b, enum backend k, const struct scope *s,
		 char *why);

/* The AppArmor pattern of all labels that have the port: "snap.foo.bar", or
 * "snap.foo.{a,b}", "snap.foo.*" when all have it, "unconfined" for the system's. */
const char *block_label(struct arena *a, const struct port *p, bool system);

#endif
