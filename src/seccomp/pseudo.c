/* pseudo.c - a program as people read it */
#include "seccomp/pseudo.h"

#include <linux/seccomp.h>
#include <stddef.h>

#include "seccomp/sim.h"

static void word(struct buf *b, uint32_t offset, bool big)
{
	if (offset == offsetof(struct seccomp_data, nr))
		buf_str(b, "number");
	else if (offset == offsetof(struct seccomp_data, arch))
		buf_str(b, "architecture");
	else if (offset >= offsetof(struct seccomp_data, args))
		buf_printf(b, "argument %zu, %s half",
			   (offset - offsetof(struct seccomp_data, args)) / 8 + 1,
			   (offset % 8 == 4) == big ? "lower" : "upper");
	else
		buf_printf(b, "data at %u", offset);
}

static void jump(struct buf *b, const char *op, const struct sock_filter *f, size_t at)
{
	buf_printf(b, "if %s 0x%x go to %zu else %zu", op, f->k, at + 1 + f->jt, at + 1 + f->jf);
}

void pseudo_print(struct buf *b, const struct sc_program *program, bool big)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct sock_filter *f = &program->code[i];

		buf_printf(b, "%4zu  ", i);
		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			buf_str(b, "look at ");
			word(b, f->k, big);
			break;
		case BPF_ALU | BPF_AND | BPF_K: buf_printf(b, "keep bits 0x%x", f->k); break;
		case BPF_JMP | BPF_JA: buf_printf(b, "go to %zu", i + 1 + f->k); break;
		case BPF_JMP | BPF_JEQ | BPF_K: jump(b, "==", f, i); break;
		case BPF_JMP | BPF_JGE | BPF_K: jump(b, ">=", f, i); break;
		case BPF_JMP | BPF_JGT | BPF_K: jump(b, ">", f, i); break;
		case BPF_JMP | BPF_JSET | BPF_K: jump(b, "any bit of", f, i); break;
		case BPF_RET | BPF_K: buf_str(b, sim_name(f->k)); break;
		default: buf_printf(b, "code 0x%x, %u, %u, 0x%x", f->code, f->jt, f->jf, f->k);
		}
		buf_char(b, '\n');
	}
}
