/* state.h - what is installed: one plain text file a snap, below DIR_INSTALLED
 *
 *	snapbox-state 1
 *	snap foo_key
 *	type app
 *	modes devmode
 *	next 3
 *	current x2
 *	revision x1
 *	  version 1.0
 *	  base core22
 *	  confinement strict
 *	  installed 2026-11-22T16:25:00Z
 *	  size 4096
 *	  sha3-384 ...
 *	  commands foo_key foo_key.bar
 *	  kept image
 *	  trust dangerous
 *	revision x2
 *	  ...
 *	end
 *
 * The file holds all that listing needs, so that nothing else is opened for it.
 * The reader accepts exactly what the writer writes: no key is ever missing,
 * twice, or unknown (attacks.md A141). What snap.yaml said of a revision is in
 * DIR_RECORDS, NAME_REV.
 */
#ifndef POLICY_MODEL_STATE_H
#define POLICY_MODEL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/txn.h"

enum state_mode { MODE_DEVMODE = 1 << 0, MODE_JAILMODE = 1 << 1, MODE_CLASSIC = 1 << 2 };

struct state_rev {
	const char *id;          /* x1, or a store's number */
	const char *version;     /* "-" when it has none */
	const char *base;        /* "-" when it has none; "bare" */
	const char *confinement; /* strict, classic, devmode: what the snap asks for */
	uint64_t installed;      /* seconds since 1970, UTC */
	uint64_t size;           /* bytes of the image */
	const char *sha3_384;    /* of the image, base64url as in assertions */
	const char *commands;    /* names below DIR_BIN, with blanks between; "-" for none */
	bool tree;               /* unpacked to DIR_TREES, else an image in DIR_SNAP_FILES */
	bool dangerous;          /* nothing vouches for it */
};

struct state {
	const char *name; /* instance name */
	const char *type; /* app, base, os, ... as snap.yaml writes it */
	unsigned modes;   /* of enum state_mode */
	uint64_t next;    /* the number of the next local revision */
	const char *current;
	struct {
		struct state_rev *at; /* oldest first */
		size_t len, cap;
	} revs;
};

/* NULL when it is not installed; dies when its file cannot be read or trusted. */
struct state *state_load(struct arena *a, const char *name);

/* The same without dying: NULL with a reason in why (WHY_MAX bytes), "" when it is
 * not installed. */
struct state *state_try(struct arena *a, const char *name, char *why);

/* The same for who reads many: dir is dirs_open(DIR_INSTALLED), or -1 when it is missing. */
struct state *state_try_in(struct arena *a, int dir, const char *name, char *why);

/* Names of all that is installed, sorted. */
char **state_names(struct arena *a, size_t *count);

/* The reader; false with a reason in why (WHY_MAX bytes). */
bool state_parse(struct arena *a, const char *text, size_t len, struct state *out, char *why);
char *state_print(struct arena *a, const struct state *s);

struct state_rev *state_find(const struct state *s, const char *id);
struct state_rev *state_current(const struct state *s);
void state_forget(struct state *s, const char *id); /* takes the revision out of the list */

/* Stage the file of s, or its absence. */
void state_stage(struct txn *t, const struct state *s);
void state_stage_gone(struct txn *t, const char *name);

/* Drop what is kept of a revision: image or tree, and record. */
void state_drop_files(struct txn *t, const char *name, const struct state_rev *r);

/* "NAME_REV", the file name of a revision's record, image (with .snap) and tree. */
char *state_key(struct arena *a, const char *name, const char *rev);

/* "2026-11-22T16:25:00Z" */
char *state_time(struct arena *a, uint64_t seconds);

#endif
