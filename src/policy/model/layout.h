/* layout.h - paths of layouts, and of content that snaps share */
#ifndef POLICY_MODEL_LAYOUT_H
#define POLICY_MODEL_LAYOUT_H

#include "policy/model/model.h"

/* The path with $SNAP, $SNAP_DATA or $SNAP_COMMON at its beginning replaced by
 * what a process of the snap sees there (the store's name, its revision or
 * "unset"); NULL when it has any other variable, or one elsewhere. */
char *layout_expand(struct arena *a, const struct snap *s, const char *path);

/* No byte that AppArmor could take for a pattern or a variable, no control byte. */
bool layout_path_is_plain(const char *path);

#endif
