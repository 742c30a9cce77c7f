/* mimic.h - rules for making a place to mount on where nothing can be made
 *
 * A mount needs something to be mounted on. Where a snap is to see a directory that
 * its base does not have, the directory above is read-only; so that one is replaced:
 * set aside below /tmp/.snap, covered by a tmpfs, and filled with binds of all that
 * it held. Where it starts to be read-only is known at the mount only, so every
 * directory on the way may be the one.
 *
 * These are the rules of snap-update-ns.NAME that allow it. Paths MUST be clean,
 * absolute and without characters that end a quoted text; patterns are welcome.
 */
#ifndef POLICY_MIMIC_H
#define POLICY_MIMIC_H

#include "core/buf.h"

/* For a directory (or file) that is to appear at path. The first "present" parts of
 * it, "/" being one, are taken for given. Data of snaps and users is not replaced but
 * written, so there the directories may be made and nothing else is said. */
void mimic_dir(struct buf *out, const char *path, unsigned present);
void mimic_file(struct buf *out, const char *path, unsigned present);

#endif
