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

/* The number of a call that has one of its own beside that behind another. libseccomp
 * tells only the other way round. */
static int direct_number(const struct sc_arch *arch, const char *name)
{
	int first = arch->family == FAMILY_MIPS ? MIPS_FIRST : 0;

	for (int nr = first; nr < first + DIRECT_SCAN; nr++) {
		char *found = seccomp_syscall_resolve_num_arch(arch->token, nr);
		bool same = found && !strcmp(found, name);

		free(found); /* libseccomp's own memory */
		if (same)
			return nr;
	}
	return -1;
}

int resolve_name(const struct sc_arch *arch, const char *name, struct sc_number out[SC_NUMBERS])
{
	int nr = seccomp_syscall_resolve_name_arch(arch->token, name), n = 0;

	if (nr == __NR_SCMP_ERROR)
		return -1;
	if (nr >= 0) {
		out[0] = (struct sc_number){.nr = (uint32_t)nr};
		return 1;
	}
	bool socket = nr <= -SOCKET_SUB && nr >= -SOCKET_LAST,
	     ipc = nr <= -IPC_SUB && nr >= -IPC_LAST;
	if (!socket && !ipc)
		return 0;
	int behind = seccomp_syscall_resolve_name_arch(arch->token, socket ? "socketcall" : "ipc");
	if (behind < 0)
		return 0;
	out[n++] = (struct sc_number){
		.nr = (uint32_t)behind,
		.mask = socket ? SOCKET_MASK : IPC_MASK,
		.sub = (uint32_t)(socket ? -nr - SOCKET_SUB : -nr - IPC_SUB),
	};
	int direct = direct_number(arch, name);
	if (direct >= 0)
		out[n++] = (struct sc_number){.nr = (uint32_t)direct};
	return n;
}

int resolve_raw(const struct sc_arch *arch, const char *name, bool translate)
{
	return translate ? seccomp_syscall_resolve_name_rewrite(arch->token, name)
			 : seccomp_syscall_resolve_name_arch(arch->token, name);
}

const char *resolve_number(struct arena *a, const struct sc_arch *arch, int number)
{
	char *found = seccomp_syscall_resolve_num_arch(arch->token, number);
	const char *name = found ? arena_dup(a, found) : NULL;

	free(found);
	return name;
}

const char *resolve_version(struct arena *a)
{
	const struct scmp_version *v = seccomp_version();

	return arena_printf(a, "%u.%u.%u", v->major, v->minor, v->micro);
}
