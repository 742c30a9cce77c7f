/* read.h - files of facts, which may lie behind links */
#ifndef TESTS_FACTS_READ_H
#define TESTS_FACTS_READ_H

#include "core/arena.h"

/* NULL when there is no such file. */
char *facts_read(struct arena *a, const char *path);

#endif
