/* seccomp.h - filters as files, for the commands that compile and show them */
#ifndef APPLETS_LIB_SECCOMP_H
#define APPLETS_LIB_SECCOMP_H

#include <stdio.h>

#include "seccomp/compile.h"

/* The whole of a file that the caller named. Dies. */
char *seccomp_read_file(struct arena *a, const char *path, size_t max, size_t *len);

/* Dies, naming the line, when it cannot be compiled. root is the directory that the
 * target's etc/passwd is below, "" for this system. */
void seccomp_compile_file(struct arena *a, const char *path, struct sc_target target,
			  const char *root, struct sc_compiled *out);

/* Replace the file at path, at once. Dies when something else than a file is there. */
void seccomp_write_file(struct arena *a, const char *path, const struct sc_compiled *compiled);
void seccomp_replace(struct arena *a, const char *path, const void *bytes, size_t len);

/* Sizes, targets, names that were skipped. */
void seccomp_tell(FILE *out, struct sc_target target, const struct sc_compiled *compiled);

#endif
