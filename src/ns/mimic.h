/* mimic.h - a directory in which something can be made, in place of one in which it cannot */
#ifndef NS_MIMIC_H
#define NS_MIMIC_H

#include <stdbool.h>

#include "core/arena.h"

/* Cover the directory that at refers to with a tmpfs of its mode and owner; every entry
 * is there again, mounted from where it was, links as links. A descriptor of its root,
 * which can be written; *ro: the directory could not. Dies. */
int mimic_make(struct arena *a, int at, bool *ro);

#endif
