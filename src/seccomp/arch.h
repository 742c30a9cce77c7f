/* arch.h - the architectures that a filter can be made for
 *
 * Facts only, the same on every build machine. Names are Debian's; those of
 * libseccomp are understood as well.
 */
#ifndef SECCOMP_ARCH_H
#define SECCOMP_ARCH_H

#include <stdbool.h>
#include <stdint.h>

/* Architectures of one family give the names of arguments the same numbers. */
enum sc_family {
	FAMILY_GENERIC,
	FAMILY_ARM, /* arm, powerpc and m68k: O_DIRECTORY is elsewhere */
	FAMILY_MIPS,
	FAMILY_PARISC,
	FAMILY_SH,
};

/* Which numbers exist below one audit token that two ABIs share. */
enum sc_space {
	SPACE_ALL,
	SPACE_BELOW_X32,
	SPACE_X32,
};

#define SC_X32_BIT 0x40000000u

struct sc_arch {
	const char *name, *also; /* Debian's, libseccomp's */
	uint32_t token;          /* libseccomp's; the audit token but for x32 */
	uint32_t audit;          /* what the kernel puts into struct seccomp_data */
	uint8_t bits;            /* 32: the upper words of arguments are always 0 */
	bool big;                /* byte order of numbers */
	enum sc_family family;
	enum sc_space space;
	const char *second; /* the other ABI that its kernel runs, or NULL (behaviour.md C24) */
};

/* The one of that name, or NULL. */
const struct sc_arch *sc_arch_find(const char *name);

/* The same of a machine's name as uname(2) has it, or NULL. */
const struct sc_arch *sc_arch_of_machine(const char *machine);

/* All of them, ended by one without a name. */
extern const struct sc_arch sc_archs[];

/* What this program was built for, and what the running kernel is. */
const struct sc_arch *sc_arch_native(void);
const struct sc_arch *sc_arch_kernel(void);

/* What a filter is made for: the architecture of the apps, and the other one that the
 * kernel runs, or NULL. kernel is NULL when it is the same as arch. */
struct sc_target {
	const struct sc_arch *arch, *second;
};
struct sc_target sc_target_of(const struct sc_arch *arch, const struct sc_arch *kernel);

#endif
