/* pseudo.h - a program as people read it */
#ifndef SECCOMP_PSEUDO_H
#define SECCOMP_PSEUDO_H

#include "core/buf.h"
#include "seccomp/arch.h"
#include "seccomp/emit.h"

/* One instruction a line, jumps as line numbers, words and answers by name. */
void pseudo_print(struct buf *b, const struct sc_program *program, bool big);

#endif
