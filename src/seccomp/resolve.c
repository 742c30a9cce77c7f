/* resolve.c - names of system calls to numbers of any architecture, and back */
#include "seccomp/resolve.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

/* libseccomp's numbers for what can be behind socketcall(2) and ipc(2): minus 100 or
 * 200 minus the first argument that selects it. */
#define SOCKET_SUB 100
#define SOCKET_LAST 120
#define IPC_SUB 200
#define IPC_LAST 224

#define SOCKET_MASK 0xffffffffu
#define IPC_MASK 0xffffu /* above it a version, for calls of old programs */

#define DIRECT_SCAN 600 /* numbers above an ABI's first that are looked through */
#define MIPS_FIRST 4000
#define MIPS_64_FIRST 5000
#define MIPS_N32_FIRST 6000

/* Calls younger than the libseccomp we build. Since Linux 5.1 they have one number, counted
 * from where the ABI's own begin. */
static const struct {
	const char *name;
	int nr;
} young[] = {
	{"open_tree_attr", 467}, {"file_getattr", 468}, {"file_setattr", 469}, {"listns", 470},
	{"rseq_slice_yield", 471},
};

static int first_number(const struct sc_arch *arch)
{
	if (arch->space == SPACE_X32)
		return SC_X32_BIT;
	if (arch->family != FAMILY_MIPS)
		return 0;
	return arch->bits == 64 ? MIPS_64_FIRST : arch->audit >> 31 ? MIPS_N32_FIRST : MIPS_FIRST;
}

static int number_of(const struct sc_arch *arch, const char *name)
{
	int nr = seccomp_syscall_resolve_name_arch(arch->token, name);

	for (size_t i = 0; nr == __NR_SCMP_ERROR && i < sizeof young / sizeof *young; i++)
		if (!strcmp(young[i].name, name))
			nr = first_number(arch) + young[i].nr;
	return nr;
}

static bool is_behind(int nr)
{
	return (nr <= -SOCKET_SUB && nr >= -SOCKET_LAST) || (nr <= -IPC_SUB && nr >= -IPC_LAST);
}

/* The number of a call that has one of its own beside that behind another; -1 if it has
 * none. libseccomp tells only the other way round, and slowly: asked once for each. */
static int direct_number(const struct sc_arch *arch, int behind)
{
	static const struct sc_arch *known;
	static int direct[IPC_LAST + 1];
	int first = first_number(arch);

	if (known != arch) {
		for (size_t i = 0; i < sizeof direct / sizeof *direct; i++)
			direct[i] = -1;
		for (int nr = first; nr < first + DIRECT_SCAN; nr++) {
			char *name = seccomp_syscall_resolve_num_arch(arch->token, nr);
			int as = name ? seccomp_syscall_resolve_name_arch(arch->token, name) : 0;

			free(name); /* libseccomp's own memory */
			if (is_behind(as))
				direct[-as] = nr;
		}
		known = arch;
	}
	return direct[-behind];
}

int resolve_name(const struct sc_arch *arch, const char *name, struct sc_number out[SC_NUMBERS])
{
	int nr = number_of(arch, name), n = 0;

	if (nr == __NR_SCMP_ERROR)
		return -1;
	if (nr >= 0) {
		out[0] = (struct sc_number){.nr = (uint32_t)nr};
		return 1;
	}
	if (!is_behind(nr))
		return 0;
	bool socket = nr > -IPC_SUB;
	int behind = seccomp_syscall_resolve_name_arch(arch->token, socket ? "socketcall" : "ipc");
	if (behind < 0)
		return 0;
	out[n++] = (struct sc_number){
		.nr = (uint32_t)behind,
		.mask = socket ? SOCKET_MASK : IPC_MASK,
		.sub = (uint32_t)(socket ? -nr - SOCKET_SUB : -nr - IPC_SUB),
	};
	int direct = direct_number(arch, nr);
	if (direct >= 0)
		out[n++] = (struct sc_number){.nr = (uint32_t)direct};
	return n;
}

int resolve_raw(const struct sc_arch *arch, const char *name, bool translate)
{
	int nr = number_of(arch, name);

	return translate && nr < -1 ? seccomp_syscall_resolve_name_rewrite(arch->token, name) : nr;
}

const char *resolve_number(struct arena *a, const struct sc_arch *arch, int number)
{
	char *found = seccomp_syscall_resolve_num_arch(arch->token, number);
	const char *name = found ? arena_dup(a, found) : NULL;

	free(found);
	for (size_t i = 0; !name && i < sizeof young / sizeof *young; i++)
		if (number == first_number(arch) + young[i].nr)
			name = young[i].name;
	return name;
}

const char *resolve_version(struct arena *a)
{
	const struct scmp_version *v = seccomp_version();

	return arena_printf(a, "%u.%u.%u", v->major, v->minor, v->micro);
}
