/* arch.c - the architectures that a filter can be made for
 *
 * Tokens are ELF machine numbers with the kernel's bits for word size and byte
 * order (include/uapi/linux/audit.h), written out so that old headers will do.
 */
#include "seccomp/arch.h"

#include <stddef.h>
#include <sys/utsname.h>

#include "core/str.h"

#define LE 0x40000000u
#define W64 0x80000000u
#define N32 0x20000000u

#define X86_64 (62 | W64 | LE)

const struct sc_arch sc_archs[] = {
	{"amd64", "x86_64", X86_64, X86_64, 64, false, FAMILY_GENERIC, SPACE_BELOW_X32, "i386"},
	{"arm64", "aarch64", 183 | W64 | LE, 183 | W64 | LE, 64, false, FAMILY_ARM, SPACE_ALL,
	 "armhf"},
	{"armhf", "arm", 40 | LE, 40 | LE, 32, false, FAMILY_ARM, SPACE_ALL, NULL},
	{"hppa", "parisc", 15, 15, 32, true, FAMILY_PARISC, SPACE_ALL, NULL},
	{"hppa64", "parisc64", 15 | W64, 15 | W64, 64, true, FAMILY_PARISC, SPACE_ALL, NULL},
	{"i386", "x86", 3 | LE, 3 | LE, 32, false, FAMILY_GENERIC, SPACE_ALL, NULL},
	{"loong64", "loongarch64", 258 | W64 | LE, 258 | W64 | LE, 64, false, FAMILY_GENERIC,
	 SPACE_ALL, NULL},
	{"m68k", "m68k", 4, 4, 32, true, FAMILY_ARM, SPACE_ALL, NULL},
	{"mips", "mips", 8, 8, 32, true, FAMILY_MIPS, SPACE_ALL, NULL},
	{"mips64", "mips64", 8 | W64, 8 | W64, 64, true, FAMILY_MIPS, SPACE_ALL, NULL},
	{"mips64el", "mipsel64", 8 | W64 | LE, 8 | W64 | LE, 64, false, FAMILY_MIPS, SPACE_ALL,
	 NULL},
	{"mipsel", "mipsel", 8 | LE, 8 | LE, 32, false, FAMILY_MIPS, SPACE_ALL, NULL},
	{"mipsn32", "mips64n32", 8 | W64 | N32, 8 | W64 | N32, 32, true, FAMILY_MIPS, SPACE_ALL,
	 NULL},
	{"mipsn32el", "mipsel64n32", 8 | W64 | LE | N32, 8 | W64 | LE | N32, 32, false, FAMILY_MIPS,
	 SPACE_ALL, NULL},
	{"powerpc", "ppc", 20, 20, 32, true, FAMILY_ARM, SPACE_ALL, NULL},
	{"ppc64", "ppc64", 21 | W64, 21 | W64, 64, true, FAMILY_ARM, SPACE_ALL, "powerpc"},
	{"ppc64el", "ppc64le", 21 | W64 | LE, 21 | W64 | LE, 64, false, FAMILY_ARM, SPACE_ALL,
	 NULL},
	{"riscv64", "riscv64", 243 | W64 | LE, 243 | W64 | LE, 64, false, FAMILY_GENERIC, SPACE_ALL,
	 NULL},
	{"s390", "s390", 22, 22, 32, true, FAMILY_GENERIC, SPACE_ALL, NULL},
	{"s390x", "s390x", 22 | W64, 22 | W64, 64, true, FAMILY_GENERIC, SPACE_ALL, NULL},
	{"sh4", "sh", 42 | LE, 42 | LE, 32, false, FAMILY_SH, SPACE_ALL, NULL},
	{"sh4eb", "sheb", 42, 42, 32, true, FAMILY_SH, SPACE_ALL, NULL},
	{"x32", "x32", 62 | LE, X86_64, 32, false, FAMILY_GENERIC, SPACE_X32, NULL},
	{0},
};

/* What uname(2) says where it is none of the names above. */
static const char *const machines[][2] = {
	{"armv6l", "armhf"}, {"armv7l", "armhf"}, {"armv8l", "armhf"}, {"i486", "i386"},
	{"i586", "i386"}, {"i686", "i386"}, {"parisc", "hppa"},
};

#if defined __x86_64__ && defined __ILP32__
static const char built_for[] = "x32";
#elif defined __x86_64__
static const char built_for[] = "amd64";
#elif defined __i386__
static const char built_for[] = "i386";
#elif defined __aarch64__
static const char built_for[] = "arm64";
#elif defined __arm__
static const char built_for[] = "armhf";
#elif defined __powerpc64__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static const char built_for[] = "ppc64el";
#elif defined __powerpc64__
static const char built_for[] = "ppc64";
#elif defined __powerpc__
static const char built_for[] = "powerpc";
#elif defined __s390x__
static const char built_for[] = "s390x";
#elif defined __riscv && __riscv_xlen == 64
static const char built_for[] = "riscv64";
#elif defined __loongarch64
static const char built_for[] = "loong64";
#elif defined __mips64 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static const char built_for[] = "mips64el";
#elif defined __mips__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static const char built_for[] = "mipsel";
#else
#error "which architecture is this?"
#endif

const struct sc_arch *sc_arch_find(const char *name)
{
	for (const struct sc_arch *at = sc_archs; at->name; at++)
		if (str_eq(name, at->name) || str_eq(name, at->also))
			return at;
	return NULL;
}

const struct sc_arch *sc_arch_native(void)
{
	return sc_arch_find(built_for);
}

const struct sc_arch *sc_arch_of_machine(const char *machine)
{
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
		if (str_eq(machine, machines[i][0]))
			return sc_arch_find(machines[i][1]);
	return sc_arch_find(machine);
}

const struct sc_arch *sc_arch_kernel(void)
{
	struct utsname u;

	if (uname(&u))
		return sc_arch_native();
	const struct sc_arch *kernel = sc_arch_of_machine(u.machine);
	const struct sc_arch *native = sc_arch_native();
	/* A 32-bit personality, or a machine whose name says less than the build does. */
	return kernel && kernel->big == native->big ? kernel : native;
}

/* Does that kernel run programs of this other architecture? The lower half of a token is
 * the ELF machine number, which many pairs share. */
static bool runs(const struct sc_arch *kernel, const struct sc_arch *arch)
{
	return str_eq(kernel->second, arch->name) ||
	       (kernel->big == arch->big && (uint16_t)kernel->audit == (uint16_t)arch->audit);
}

struct sc_target sc_target_of(const struct sc_arch *arch, const struct sc_arch *kernel)
{
	struct sc_target t = {.arch = arch};

	if (kernel && kernel->audit != arch->audit && runs(kernel, arch))
		t.second = kernel;
	else if (arch->second)
		t.second = sc_arch_find(arch->second);
	return t;
}
