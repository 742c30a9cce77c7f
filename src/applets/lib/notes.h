/* notes.h - one word for each thing worth knowing of an installed snap */
#ifndef APPLETS_LIB_NOTES_H
#define APPLETS_LIB_NOTES_H

#include "policy/model/state.h"

/* "base,disabled,devmode", or "-": snapd's words in snapd's order. */
char *notes_text(struct arena *a, const struct state *s, const struct state_rev *r);

/* The words one by one, where they are no longer joined. */
bool notes_disabled(const struct state *s, const struct state_rev *r);
bool notes_classic(const struct state *s, const struct state_rev *r);
bool notes_broken(struct arena *a, const struct state *s, const struct state_rev *r);

#endif
