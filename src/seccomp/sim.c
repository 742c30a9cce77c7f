/* sim.c - run a program here, as the kernel would
 *
 * All of classic BPF that the kernel takes for seccomp (kernel/seccomp.c,
 * seccomp_check_filter): nothing reads a packet, loads are whole words.
 */
#include "seccomp/sim.h"

#include <stdio.h>
#include <string.h>

struct machine {
	const struct seccomp_data *data;
	uint32_t a, x, mem[BPF_MEMWORDS];
	bool big;
};

static bool word(const struct machine *m, uint32_t offset, uint32_t *out)
{
	uint64_t wide;

	if (offset % 4 || offset >= sizeof *m->data)
		return false;
	if (offset == offsetof(struct seccomp_data, nr)) {
		*out = (uint32_t)m->data->nr;
	} else if (offset == offsetof(struct seccomp_data, arch)) {
		*out = m->data->arch;
	} else {
		memcpy(&wide, (const char *)m->data + offset / 8 * 8, sizeof wide);
		*out = (uint32_t)((offset % 8 == 4) == m->big ? wide : wide >> 32);
	}
	return true;
}

static bool alu(struct machine *m, const struct sock_filter *i)
{
	uint32_t v = BPF_SRC(i->code) == BPF_X ? m->x : i->k;

	switch (BPF_OP(i->code)) {
	case BPF_ADD: m->a += v; return true;
	case BPF_SUB: m->a -= v; return true;
	case BPF_MUL: m->a *= v; return true;
	case BPF_DIV: m->a = v ? m->a / v : 0; return v || BPF_SRC(i->code) == BPF_X;
	case BPF_OR: m->a |= v; return true;
	case BPF_AND: m->a &= v; return true;
	case BPF_XOR: m->a ^= v; return true;
	case BPF_LSH: m->a = v < 32 ? m->a << v : 0; return v < 32 || BPF_SRC(i->code) == BPF_X;
	case BPF_RSH: m->a = v < 32 ? m->a >> v : 0; return v < 32 || BPF_SRC(i->code) == BPF_X;
	case BPF_NEG: m->a = -m->a; return true;
	}
	return false;
}

static bool memory(struct machine *m, const struct sock_filter *i)
{
	switch (i->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return word(m, i->k, &m->a);
	case BPF_LD | BPF_W | BPF_LEN:
		m->a = sizeof *m->data;
		return true;
	case BPF_LDX | BPF_W | BPF_LEN:
		m->x = sizeof *m->data;
		return true;
	case BPF_LD | BPF_IMM:
		m->a = i->k;
		return true;
	case BPF_LDX | BPF_IMM:
		m->x = i->k;
		return true;
	}
	if (i->k >= BPF_MEMWORDS)
		return false;
	switch (i->code) {
	case BPF_LD | BPF_MEM: m->a = m->mem[i->k]; return true;
	case BPF_LDX | BPF_MEM: m->x = m->mem[i->k]; return true;
	case BPF_ST: m->mem[i->k] = m->a; return true;
	case BPF_STX: m->mem[i->k] = m->x; return true;
	}
	return false;
}

/* How far to skip: SIZE_MAX when it is no jump. */
static size_t jump(const struct machine *m, const struct sock_filter *i)
{
	uint32_t v = BPF_SRC(i->code) == BPF_X ? m->x : i->k;

	switch (BPF_OP(i->code)) {
	case BPF_JA: return i->k;
	case BPF_JEQ: return m->a == v ? i->jt : i->jf;
	case BPF_JGT: return m->a > v ? i->jt : i->jf;
	case BPF_JGE: return m->a >= v ? i->jt : i->jf;
	case BPF_JSET: return m->a & v ? i->jt : i->jf;
	}
	return SIZE_MAX;
}

bool sim_run(const struct sock_filter *code, size_t count, const struct seccomp_data *data,
	     bool big, uint32_t *answer, size_t *steps)
{
	struct machine m = {.data = data, .big = big};
	size_t ran = 0;

	if (count > BPF_MAXINSNS)
		return false;
	for (size_t at = 0; at < count; at++) {
		const struct sock_filter *i = &code[at];
		bool ok = true;
		size_t skip;

		ran++;
		switch (BPF_CLASS(i->code)) {
		case BPF_RET:
			*answer = BPF_RVAL(i->code) == BPF_A ? m.a : i->k;
			if (steps)
				*steps = ran;
			return true;
		case BPF_ALU:
			ok = alu(&m, i);
			break;
		case BPF_JMP:
			skip = jump(&m, i);
			ok = skip < count - at - 1;
			at += ok ? skip : 0;
			break;
		case BPF_MISC:
			if (BPF_MISCOP(i->code) == BPF_TAX)
				m.x = m.a;
			else
				m.a = m.x;
			break;
		default:
			ok = memory(&m, i);
		}
		if (!ok)
			return false;
	}
	return false;
}

uint32_t sim_both(uint32_t loaded_first, uint32_t loaded_last)
{
	/* Actions without their data are compared as signed numbers: the lowest wins, and
	 * the youngest filter is asked first (seccomp_run_filters). */
	int32_t first = (int32_t)(loaded_first & SECCOMP_RET_ACTION_FULL);
	int32_t last = (int32_t)(loaded_last & SECCOMP_RET_ACTION_FULL);

	return first < last ? loaded_first : loaded_last;
}

const char *sim_name(uint32_t answer)
{
	static char text[32];

	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW: return "ALLOW";
	case SECCOMP_RET_LOG: return "LOG";
	case SECCOMP_RET_TRACE: return "TRACE";
	case SECCOMP_RET_TRAP: return "TRAP";
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_KILL_PROCESS: return "KILL";
	case SECCOMP_RET_ERRNO:
		snprintf(text, sizeof text, "ERRNO %u", answer & SECCOMP_RET_DATA);
		return text;
	}
	snprintf(text, sizeof text, "0x%08x", answer);
	return text;
}
