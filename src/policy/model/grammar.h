/* grammar.h - what the texts of snap.yaml may look like
 *
 * Each answers for one whole text; nothing prints. The sets of bytes are those
 * of snapd, so that what passes there passes here.
 */
#ifndef POLICY_MODEL_GRAMMAR_H
#define POLICY_MODEL_GRAMMAR_H

#include <stdbool.h>

#include "policy/model/model.h"

/* A relative or absolute path that stays where it is joined: no "..", no NUL,
 * no control byte, not empty. */
bool grammar_inside(const char *s);
/* Such a path without "/" at its ends or doubled, and without "." parts. */
char *grammar_shortest(struct arena *a, const char *s);

/* "bin/app arg $SNAP/x": split at each blank, no quotes, no shell. The first word
 * is a path inside the snap. */
bool grammar_command(const char *s);
bool grammar_chain(const char *s); /* one program of a command-chain */

bool grammar_env_key(const char *s); /* A-Z a-z 0-9 _ and no digit first */
bool grammar_bus_name(const char *s);
bool grammar_id(const char *s);      /* common-id: dotted words */
bool grammar_desktop(const char *s); /* NAME.desktop, no directory */
bool grammar_architecture(const char *s);
bool grammar_assumes(const char *s); /* the form only: assumes.h knows the words */
bool grammar_license(const char *s); /* the bytes of an SPDX expression */
bool grammar_exit_status(const char *s); /* 1 to 255 */
bool grammar_timer(const char *s);   /* mon1-wed,9:00~11:00/2,,fri,18:00 */
bool grammar_epoch(const char *s);   /* 0, 1, 2*, ... */

/* Where a socket of this app may listen (behaviour V8). */
bool grammar_listen(const char *s, const struct app *app);

/* The number of characters of UTF-8 text. */
size_t grammar_characters(const char *s);

#endif
