/* features.h - what a kernel can be asked to enforce: declared, never probed here
 *
 * The text form of the kernel's directory apparmor/features, as abi files and
 * --features-file have it: name {words or more names}.
 * Reads any text: bounded in size and nesting.
 */
#ifndef POLICY_APPARMOR_FEATURES_H
#define POLICY_APPARMOR_FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/host.h"

#define FEATURES_MAX ((size_t)1 << 20)

struct features;

/* NULL and *why when the text is not of that form. */
struct features *features_parse(struct arena *a, const char *text, size_t len, const char **why);

/* The same from a directory tree, e.g. /sys/kernel/security/apparmor/features. */
struct features *features_load(struct arena *a, const char *dir, const char **why);

/* In the text form, the same for the same features: what a digest is made of. */
void features_write(struct buf *b, const struct features *f);
/* The same from facts about a host; NULL when they name none. */
const struct features *features_of_host(struct arena *a, const struct host *h);

/* Is there "a/b/c": a name, or at the end one of the words of a name? */
bool features_has(const struct features *f, const char *path);
bool features_both(const struct features *a, const struct features *b, const char *path);

/* The first word as a number (0x too), or 0. */
uint64_t features_number(const struct features *f, const char *path);

/* What a text without abi is written for: kernels of 2018. */
const char *features_default(void);

/* What of all this decides how policy is written, as names of struct target. */
struct target {
	const struct features *kernel, *policy;
	unsigned abi; /* of the header: 5, 6 or 7 */
	bool network, network_v8, network_v9, unix_v7, unix_v9, mount, dbus, signal, ptrace;
	bool stack, xattr, userns, posix_mqueue, sysv_mqueue, io_uring;
	bool interruptible, kill_signal, error, disconnected_ipc;
	unsigned permstable; /* version of the permission tables; 0 is none */
	bool state32, diff_encode, oob;
};

/* kernel: what it is written for; policy: what its author knew. */
void target_set(struct target *t, const struct features *kernel, const struct features *policy);

#endif
