/* lint_text.h - texts that are read as a whole: their lines mean nothing in another order */
#ifndef POLICY_LINT_TEXT_H
#define POLICY_LINT_TEXT_H

#include "core/arena.h"

/* Policy of the bus: rules within policies, every element closed. NULL, or what is wrong. */
const char *lint_dbus(struct arena *a, const char *text);

/* Rules of udev: every jump goes to a label further down. NULL, or what is wrong. */
const char *lint_udev(struct arena *a, const char *text);

#endif
