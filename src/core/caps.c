/* caps.c - capabilities in three named sets
 *
 * MUST read back every change. MUST NOT leave anything inheritable or ambient.
 *
 * The two system calls are made directly: libcap is a third of this file and
 * fifty times its size, and all of it would be within reach of the privileged
 * copy.
 */
#include "core/caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/die.h"

#define BIT(cap) (UINT64_C(1) << (cap))

/* setuid and setgid: files made on the way belong to root, not to the caller.
 * sys_ptrace: /proc/1/ns/mnt. setpcap: the bounding set.
 * sys_resource is not here: a system without it in its bounding set still starts. */
static const uint64_t masks[] = {
	[CAPS_NONE] = 0,
	[CAPS_FILTER] = BIT(CAP_SYS_ADMIN),
	[CAPS_POLICY] = BIT(CAP_MAC_ADMIN),
	[CAPS_LAUNCH] = BIT(CAP_SYS_ADMIN) | BIT(CAP_SYS_CHROOT) | BIT(CAP_SYS_PTRACE) |
			BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_SETPCAP),
};

static const char *const names[] = {
	"chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid",
	"setpcap", "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw",
	"ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace",
	"sys_pacct", "sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time",
	"sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap",
	"mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read",
	"perfmon", "bpf", "checkpoint_restore",
};

#define NAMES (sizeof names / sizeof names[0])

struct sets {
	uint64_t effective, permitted, inheritable;
};

static struct sets get(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct half[2];

	if (syscall(SYS_capget, &head, half))
		die("read capabilities: %m");
	return (struct sets){
		.effective = half[0].effective | (uint64_t)half[1].effective << 32,
		.permitted = half[0].permitted | (uint64_t)half[1].permitted << 32,
		.inheritable = half[0].inheritable | (uint64_t)half[1].inheritable << 32,
	};
}

bool caps_permitted(enum caps set)
{
	return !(masks[set] & ~get().permitted);
}

uint64_t caps_mask(enum caps set)
{
	return masks[set];
}

void caps_hold(enum caps permitted, enum caps effective, uint64_t keep)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct sets now = get();
	/* What is not permitted cannot be kept; what must be there is checked below. */
	uint64_t p = (masks[permitted] | keep) & now.permitted;
	uint64_t e = (masks[effective] | keep) & now.permitted;
	struct __user_cap_data_struct half[2] = {
		{.effective = (uint32_t)e, .permitted = (uint32_t)p},
		{.effective = (uint32_t)(e >> 32), .permitted = (uint32_t)(p >> 32)},
	};

	if (masks[permitted] & ~p || masks[effective] & ~e)
		die("capabilities: fewer than are needed here");
	if (syscall(SYS_capset, &head, half))
		die("set capabilities: %m");
	now = get();
	if (now.permitted != p || now.effective != e || now.inheritable)
		die("set capabilities: had no effect");
	/* Ambient ones are a subset of the inheritable: the kernel has dropped them. */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		die("clear ambient capabilities: %m");
}

void caps_bound(uint64_t keep)
{
	for (unsigned long cap = 0; cap < 64; cap++) {
		if (keep >> cap & 1)
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0)) {
			if (errno == EINVAL && cap >= NAMES)
				return; /* the kernel knows no higher one */
			die("drop capability %lu for good: %m", cap);
		}
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0))
			die("drop capability %lu for good: had no effect", cap);
	}
}

static bool parse_one(const char *name, size_t n, uint64_t *mask)
{
	for (size_t cap = 0; cap < NAMES; cap++)
		if (strlen(names[cap]) == n && !memcmp(names[cap], name, n)) {
			*mask |= BIT(cap);
			return true;
		}
	return false;
}

bool caps_parse(const char *text, uint64_t *mask)
{
	*mask = 0;
	if (!strcmp(text, "none"))
		return true;
	if (!strcmp(text, "all")) {
		*mask = ~UINT64_C(0);
		return true;
	}
	for (;;) {
		size_t n = strcspn(text, " ");

		if (!parse_one(text, n, mask))
			return false;
		if (!text[n])
			return true;
		text += n + 1;
	}
}

const char *caps_print(struct arena *a, uint64_t mask)
{
	struct buf out = buf_new(a);

	for (size_t cap = 0; cap < NAMES; cap++)
		if (mask >> cap & 1)
			buf_printf(&out, "%s%s", out.len ? " " : "", names[cap]);
	return out.len ? buf_text(&out) : "none";
}
