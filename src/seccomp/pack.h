/* pack.h - what the compiler made, as the bytes of a NAME.bin2 (bin.h) */
#ifndef SECCOMP_PACK_H
#define SECCOMP_PACK_H

#include "seccomp/compile.h"

/* In the byte order of the target. */
const void *pack_bin(struct arena *a, const struct sc_compiled *compiled, size_t *len);

#endif
