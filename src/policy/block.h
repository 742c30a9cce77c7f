/* block.h - the little language in interface files: when, for-each, $(...)
 *
 * A text is copied, line by line, with each $(...) replaced:
 *
 *	$(plug.A) $(slot.A)          the attribute A, A.B a field of it
 *	$(plug.attr.A)               the same, where A is one of the words below
 *	$(plug.label) $(slot.label)  the AppArmor pattern of that side's labels
 *	$(plug.snap) $(slot.snap)    the instance name
 *	$(plug.name) $(slot.name)    the name of the plug or slot
 *	$(plug.dbus) $(slot.dbus)    the labels as parts of D-Bus names
 *	$(NAME) $(NAME.B)            the value of "for-each: ... as NAME", a field of it
 *	$(except . snap)             the line once for each pattern that matches
 *	                             everything but names beginning so
 *	$(mimic N PATH)              a line of its own: mimic_dir(PATH, N)
 *	$(parents NAME)              of a path below $HOME: the line once for $HOME and each
 *	                             directory between it and the path; not at all for
 *	                             what lies in $HOME itself
 *	$(parent NAME)               likewise, but only for the last of them
 *
 * Numbers are written in decimal. $HOME, $SNAP, $SNAP_DATA and $SNAP_COMMON before a
 * path become what the reader of the text knows. Filters stand behind a colon:
 *
 *	hex2 hex4    a number           in-dev, in-class  the path below /dev, /sys/class
 *	basename, dir     of a path     number    its name from the first digit on
 *	slashes      for dots           underscores  for dashes
 *	rooted       a slash in front, unless there is one
 *	commas       a list, joined     mount-flags  those of a list that the kernel knows
 *	expand       $SNAP_COMMON/ anywhere in a text
 *
 * Several do their work one after the other: $(slot.path:dir:in-class).
 *
 * Names that are not known are errors, found by lint before anything is built.
 */
#ifndef POLICY_BLOCK_H
#define POLICY_BLOCK_H

#include "core/buf.h"
#include "policy/model/iface.h"

/* What a block is applied to. */
struct scope {
	const struct iface *iface;      /* for defaults and types of attributes; may be NULL */
	const struct port *plug, *slot; /* NULL on the side that the moment does not have */
	bool plug_system, slot_system;  /* that side is the system's own */
	bool classic;                   /* the system is a classic one */
	const char *base;               /* of the snap that gets the text */
	struct words features;          /* of the kernel, as apparmor.F or seccomp.F */
};

/* One way in which a block applies: an entry for each of its loops. Begins as {0}. */
struct turn {
	bool begun;
	const struct node *at[LOOPS_MAX];
	size_t number[LOOPS_MAX]; /* of the entry, from 1 */
};

/* Go to the next turn for which all conditions hold; false when there is none. */
bool block_next(struct arena *a, const struct block *b, const struct scope *s, struct turn *t);

/* The block's text for one reader, appended to out. False with one line in why
 * (WHY_MAX) for an unknown name, or a value that does not belong there. */
bool block_text(struct buf *out, const struct block *b, enum backend k, const struct scope *s,
		const struct turn *t, char *why);

#endif
