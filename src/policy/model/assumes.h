/* assumes.h - what a snap may count on
 *
 * A word counts only if snapbox keeps the promise behind it. Versions are
 * compared with the snapd whose behaviour snapbox follows.
 */
#ifndef POLICY_MODEL_ASSUMES_H
#define POLICY_MODEL_ASSUMES_H

#include <stdbool.h>

#define ASSUMES_SNAPD "2.77"

/* Is this promise kept on this machine? arch is the Debian name of the machine.
 * Entries isa-ARCH-X hold for other machines and, here, if the processor has X;
 * what cannot be told is not promised. */
bool assumes_hold(const char *word, const char *arch);

/* The Debian name of the architecture that this program was built for. */
const char *assumes_arch(void);

#endif
