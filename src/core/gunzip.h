/* gunzip.h - a gzip file to its text */
#ifndef CORE_GUNZIP_H
#define CORE_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

/* Does it begin as gzip files do? */
bool gunzip_is(const void *data, size_t len);

/* NUL-terminated; NULL when it is damaged, or larger than max bytes. */
char *gunzip(struct arena *a, const void *data, size_t len, size_t max, size_t *out_len);

#endif
