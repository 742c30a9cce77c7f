/* rule.h - a udev match: which devices does a line mean?
 *
 * Lines of the "device" texts of interfaces, in the language of udev rules:
 * matches (KEY=="pattern", KEY!="pattern") and, for udev alone, assignments.
 * One line is one rule; there are no labels and no continued lines here.
 */
#ifndef POLICY_DEVICE_RULE_H
#define POLICY_DEVICE_RULE_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/vec.h"

struct device_match {
	const char *key; /* KERNEL, SUBSYSTEM, ATTR, ... */
	const char *arg; /* the idVendor of ATTRS{idVendor}, or NULL */
	bool differs;    /* != */
	const char *pattern; /* as udev has them: * ? [] and | between alternatives */
};

struct device_rule {
	struct {
		struct device_match *at;
		size_t len, cap;
	} matches; /* all must hold; never empty */
};

/* Read one line. False with one line in why (WHY_MAX bytes) when it is not such a
 * line, assigns what could run a program of a snap's choice, or has no match: it
 * would mean every device. Assignments are checked and left out of the rule. */
bool device_rule_parse(struct arena *a, const char *line, struct device_rule *out, char *why);

/* The matches in the form that device_rule_parse reads. When a device came
 * (ACTION) is no property of it: that match is left out. */
void device_rule_print(struct buf *out, const struct device_rule *r);

#endif
