/* profile_pieces.h - the body of a profile, piece by piece; for profile*.c only */
#ifndef POLICY_APPARMOR_PROFILE_PIECES_H
#define POLICY_APPARMOR_PROFILE_PIECES_H

#include "policy/policy.h"

#define PROFILE_HEAD \
	"# Made by snapbox; changes here are lost.\n\n" \
	"abi <abi/snapbox>,\ninclude <tunables/global>\n"

/* A text and the line that tells where it is from. */
struct body {
	const char *text, *origin;
};

struct bodies {
	struct body *at;
	size_t len, cap;
};

/* A template, indented. A line with $(except WORD...) becomes one for each pattern of
 * except.h, $(snap) the instance name. Dies when there is no such template. */
void pieces_template(struct buf *out, const char *name, const struct snap *s);

/* A root that is an overlay: its upper directory. */
void pieces_overlay(struct buf *out, const struct policy_target *t);

/* The path of a layout as a process of the snap sees it. Dies when it is none. */
const char *pieces_path(struct arena *a, const struct snap *s, const char *path);

/* All pieces for one reader, and what layouts give to an app. */
void pieces_gather(struct arena *a, struct bodies *b, const struct policy *p, enum backend k);
void pieces_layouts(struct arena *a, struct bodies *b, const struct snap *s);

/* In order of their texts, each text once, indented. */
void pieces_print(struct buf *out, struct bodies *b);

#endif
