/* aalabel.h - the app's AppArmor label: asked for, and read back before the exec
 *
 * MUST write to nothing but this thread's own attribute files on a real procfs: what
 * looks like one is checked by handle (attacks.md A144).
 * MUST refuse when the kernel says anything unexpected; "no AppArmor" is an answer of
 * its own (R16).
 *
 * The label is asked for with "exec", not with "changeprofile": the kernel then either
 * changes it in the one exec that follows or fails that exec, and no instruction of
 * ours runs under the app's rules, which need no line on our behalf. What the kernel
 * has noted down for that exec, label and mode, can be read back, and is.
 */
#ifndef NS_AALABEL_H
#define NS_AALABEL_H

#include <stdbool.h>

#define AALABEL_MAX 1024

struct aalabel {
	bool on;  /* the kernel has AppArmor, and it is switched on */
	int exec; /* attr/apparmor/exec of this thread; -1 when off */
	char own[AALABEL_MAX]; /* as the kernel prints it: "unconfined", "x (enforce)" */
};

/* Dies when this cannot be found out for certain. */
void aalabel_open(struct aalabel *l);

/* Is nothing asked of this thread by AppArmor? */
bool aalabel_unconfined(const struct aalabel *l);

/* The next exec is into label, which is in that mode; seen to be noted down. Dies, with
 * the remedy when the label is not loaded. */
void aalabel_request(const struct aalabel *l, const char *label, const char *mode);

#endif
