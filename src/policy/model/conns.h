/* conns.h - which plug uses which slot: one plain text file for the whole system
 *
 *	snapbox-connections 1
 *	foo:camera system:camera camera undesired
 *	foo:home system:home home auto
 *	foo:web bar:web content manual
 *	end
 *
 * DIR_STATE/connections; a missing file is one without lines. Lines are sorted and
 * no two are about the same plug and slot. The reader accepts exactly what the
 * writer writes (attacks.md A141). The system's own side is the snap "system".
 *
 * A line outlives what it is about: whoever uses one asks whether the plug and
 * the slot are there. Undesired is what a person disconnected: it is never made
 * again by itself.
 */
#ifndef POLICY_MODEL_CONNS_H
#define POLICY_MODEL_CONNS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/txn.h"

#define CONNS_SYSTEM "system"
#define CONNS_FILE "connections"
#define CONNS_MAX 200000 /* lines */

enum conn_how { CONN_AUTO, CONN_MANUAL, CONN_UNDESIRED };
extern const char *const conn_how_names[];

struct conn_line {
	const char *plug_snap, *plug, *slot_snap, *slot, *iface;
	enum conn_how how;
};

struct conn_lines {
	struct conn_line *at;
	size_t len, cap;
};

/* The system's lines; dies when the file cannot be read or trusted. */
struct conn_lines conns_load(struct arena *a);

/* The reader; false with a reason in why (WHY_MAX bytes). */
bool conns_parse(struct arena *a, const char *text, size_t len, struct conn_lines *out, char *why);
const char *conns_print(struct arena *a, const struct conn_lines *lines);

/* The line of the same plug and slot as like, or NULL. */
struct conn_line *conns_find(const struct conn_lines *lines, const struct conn_line *like);

/* Put a line where it belongs, in place of one about the same plug and slot. */
void conns_put(struct arena *a, struct conn_lines *lines, struct conn_line line);
void conns_drop(struct conn_lines *lines, size_t i);

/* Does the line connect, and is snap one of its sides? */
bool conn_line_is_of(const struct conn_line *line, const char *snap);

/* No line is no file. */
void conns_stage(struct txn *t, const struct conn_lines *lines);

#endif
