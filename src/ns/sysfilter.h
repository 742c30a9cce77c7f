/* sysfilter.h - the system call filter of a label, read first and loaded last */
#ifndef NS_SYSFILTER_H
#define NS_SYSFILTER_H

#include "core/arena.h"

struct sysfilter;

struct sysfilter *sysfilter_read(struct arena *a, const char *label); /* dies */
void sysfilter_load(const struct sysfilter *f);                      /* dies */

#endif
