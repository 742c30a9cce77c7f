/* group.h - the devices that a label may open: LABEL.device
 *
 * What the start of an app asks for before it makes a device group (behaviour
 * D1, D5, D14). Text, each line ended by a newline, "*" is any number of them:
 *
 *	snapbox-device 1
 *	label snap.foo.bar
 *	group always             or: assigned, only when a match finds a device; self,
 *	                         the snap makes its own groups; never, devmode and classic
 *	default c 1:3 rwm null * what everybody may open; "*" as a minor is all of them
 *	present nvidiactl *      below /dev, when it is there: those that sysfs does not know
 *	match KERNEL=="video*" * udev matches of what connections assign, sorted
 *	end
 *
 * default and present are only there with "always" and "assigned".
 */
#ifndef POLICY_DEVICE_GROUP_H
#define POLICY_DEVICE_GROUP_H

#include "core/buf.h"
#include "policy/policy.h"

struct device_for {
	const char *label;
	const char *base;  /* of the snap, as snap_base() gives it */
	bool lax;          /* devmode or classic, and not jailed */
	bool self;         /* device_is_self() of the whole snap */
	const struct policy *policy;
};

/* False with one line in why (WHY_MAX bytes), naming the interface, when a rule of
 * a connection is not one. */
bool device_group_text(struct buf *out, const struct device_for *f, char *why);

/* The matches of a label: by interface, each line once however many ask for it. */
struct device_line {
	const char *line;   /* as written, for udev */
	const char *match;  /* as device_rule_print() has it */
	const struct piece *piece;
};
struct device_lines {
	struct device_line *at;
	size_t len, cap;
};
bool device_lines(struct arena *a, const struct policy *p, struct device_lines *out, char *why);

/* Does the snap look after device groups itself: docker, lxd? all is what the whole
 * snap has: when one of its apps does, none gets a group from us. */
bool device_is_self(const struct policy *all);

#endif
