/* yaml.h - a stranger's YAML file to a tree of nodes
 *
 * Much less than YAML, on purpose: one document with a map at its root, maps,
 * lists and texts. Refused, with "LINE:COLUMN: reason" in why (WHY_MAX bytes):
 * aliases and anchors, tags other than the core ones (and those only where they
 * say what the text says anyway), keys that are there twice, are empty or are
 * not texts, merge keys, directives, a second document, an empty file, bytes
 * that are not UTF-8, NUL and other control bytes, byte order marks and so all
 * UTF-16, the Unicode line breaks that only some readers take for such, and
 * more than the limits here and in node.h.
 */
#ifndef CORE_YAML_H
#define CORE_YAML_H

#include "core/node.h"

#define YAML_BYTES_MAX ((size_t)1 << 20)

/* len bytes at text. NULL with why. Does not print; safe in a proc_jailed() child. */
struct node *yaml_parse(struct arena *a, const char *text, size_t len, char *why);

#endif
