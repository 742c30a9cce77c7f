/* emit.h - a graph as a classic BPF program */
#ifndef SECCOMP_EMIT_H
#define SECCOMP_EMIT_H

#include <linux/filter.h>
#include <stdbool.h>

#include "seccomp/graph.h"

/* Instructions in this machine's byte order; which offsets they load depends on the
 * target's. */
struct sc_program {
	struct sock_filter *code;
	size_t count;
};

#define SC_PROGRAM_MAX 4095 /* instructions; the kernel takes one more */

/* The program that begins at root; false when it would be longer than SC_PROGRAM_MAX. big is
 * the byte order of the target. */
bool emit_program(struct graph *g, uint32_t root, bool big, struct sc_program *out);

#endif
