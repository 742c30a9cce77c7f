/* assumes.c - what a snap may count on */
#include "policy/model/assumes.h"

#include <string.h>

#include "core/str.h"

#if defined(__x86_64__)
#define ARCH "amd64"
#elif defined(__i386__)
#define ARCH "i386"
#elif defined(__aarch64__)
#define ARCH "arm64"
#elif defined(__arm__)
#define ARCH "armhf"
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH "riscv64"
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH "ppc64el"
#elif defined(__s390x__)
#define ARCH "s390x"
#else
#error "no Debian name for this architecture"
#endif

/* kernel-assets is a promise about gadgets, which snapbox does not have. */
static const char *const kept[] = {
	"app-refresh-mode", "command-chain", "common-data-dir", "snap-env", "snap-uid-envvars",
	NULL,
};

static bool take_part(const char **s, uint64_t *n)
{
	size_t len = strspn(*s, "0123456789");

	*n = 0;
	for (size_t i = 0; i < len; i++)
		*n = *n < 100000000 ? *n * 10 + (uint64_t)((*s)[i] - '0') : *n;
	*s += len;
	return len;
}

/* Does the version have reach want? Numbers with dots between them only: "2.40~rc1" is
 * not something to count on. */
static bool version_reached(const char *want, const char *have)
{
	int verdict = 0;

	if (*want == '0')
		return false;
	for (;;) {
		uint64_t w, h = 0;
		bool more = *have;

		if (!take_part(&want, &w))
			return false;
		if (more)
			take_part(&have, &h);
		if (!verdict)
			verdict = !more || h < w ? -1 : h > w;
		have += *have == '.';
		if (!*want)
			return verdict >= 0;
		if (*want++ != '.')
			return false;
	}
}

const char *assumes_arch(void)
{
	return ARCH;
}

bool assumes_hold(const char *word, const char *arch)
{
	const char *version = str_after(word, "snapd"), *isa = str_after(word, "isa-");

	if (version)
		return version_reached(version, ASSUMES_SNAPD);
	if (isa) {
		const char *dash = strchr(isa, '-');

		if (!dash || dash == isa || !dash[1])
			return false;
		/* snapd knows one: RISC-V's rva23, which it asks the kernel's hwprobe for. */
		return strlen(arch) != (size_t)(dash - isa) || strncmp(isa, arch, strlen(arch));
	}
	return str_in(word, kept);
}
