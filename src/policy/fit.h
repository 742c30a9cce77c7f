/* fit.h - what may stand where in a text of policy
 *
 * The one gate between a stranger's value and the texts of interfaces (attacks.md
 * R17): whoever makes such text, from blocks or natively, puts values in with
 * fit_add() and nothing else. (quote.h is for names and paths in templates.) Where
 * the value ends up is read off the line so far: between quotes more is harmless
 * than outside, and each language has signs of its own.
 *
 *	apparmor, update-ns   outside of quotes no blanks, commas, #, brackets, ...;
 *	                      between braces no comma; never quotes, backslashes, $, @{
 *	udev, device          between quotes only, but for plain words
 *	mount, user-mount     blanks become \040; no commas among the options
 *	seccomp               plain words
 *	kmod, modprobe        one word, or the rest of a line of options
 *	dbus                  nothing that XML is made of
 *
 * Control characters are nowhere allowed, patterns only where the value is one.
 */
#ifndef POLICY_FIT_H
#define POLICY_FIT_H

#include <stdbool.h>

#include "core/buf.h"
#include "policy/model/iface.h"

/* Append value to the last line of out; rest is what the line goes on with. pattern:
 * the value is of a type whose patterns are well formed. False, and nothing
 * appended, when it would change the structure of the text around it. */
bool fit_add(struct buf *out, enum backend k, const char *value, bool pattern, const char *rest);

#endif
