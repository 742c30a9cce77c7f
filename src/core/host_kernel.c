/* host_kernel.c - seccomp, namespaces, control groups, capabilities, mounts */
#include "core/host_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"

static enum host_state yes(bool there)
{
	return there ? HOST_PRESENT : HOST_MISSING;
}

void host_probe_seccomp(struct arena *a, struct host_list *l)
{
	static const struct {
		const char *name;
		uint32_t action;
	} actions[] = {
		{"kill_process", SECCOMP_RET_KILL_PROCESS},
		{"kill_thread", SECCOMP_RET_KILL_THREAD},
		{"trap", SECCOMP_RET_TRAP},		    {"errno", SECCOMP_RET_ERRNO},
		{"user_notif", SECCOMP_RET_USER_NOTIF},	    {"trace", SECCOMP_RET_TRACE},
		{"log", SECCOMP_RET_LOG},		    {"allow", SECCOMP_RET_ALLOW},
	};
	bool there = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0 || errno != EINVAL;

	host_add(a, l, "seccomp", "", yes(there), there ? "" : "not in the kernel");
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		uint32_t action = actions[i].action;

		host_add(a, l, "seccomp", actions[i].name,
			 yes(!syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action)), "");
	}
}

void host_probe_namespaces(struct arena *a, struct host_list *l)
{
	static const char *const kinds[] = {"mnt", "net", "ipc", "uts", "pid", "user", "cgroup",
					    "time", NULL};

	for (size_t i = 0; kinds[i]; i++) {
		struct stat st;

		if (!stat(arena_printf(a, "/proc/self/ns/%s", kinds[i]), &st))
			host_add(a, l, "namespace", kinds[i], HOST_PRESENT, "");
		else if (!stat("/proc/self", &st))
			host_add(a, l, "namespace", kinds[i], HOST_MISSING, "not in the kernel");
		else
			host_add(a, l, "namespace", kinds[i], HOST_UNKNOWN,
				 "/proc is not mounted");
	}
}

static bool is_mounted(const char *path, long magic)
{
	struct statfs s;

	return !statfs(path, &s) && (long)s.f_type == magic;
}

/* Only loading a device program tells whether the kernel takes one. */
static enum host_state takes_device_programs(void)
{
	static const char licence[] = "GPL";
	struct bpf_insn code[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insn_cnt = 2,
		.insns = (uintptr_t)code,
		.license = (uintptr_t)licence,
	};
	long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr);

	if (fd >= 0) {
		close((int)fd);
		return HOST_PRESENT;
	}
	return errno == EPERM ? HOST_UNKNOWN : HOST_MISSING;
}

void host_probe_cgroups(struct arena *a, struct host_list *l)
{
	bool pure = is_mounted("/sys/fs/cgroup", CGROUP2_SUPER_MAGIC);
	bool hybrid = is_mounted("/sys/fs/cgroup/unified", CGROUP2_SUPER_MAGIC);
	bool v1 = is_mounted("/sys/fs/cgroup/devices", CGROUP_SUPER_MAGIC);
	enum host_state programs = takes_device_programs();

	host_add(a, l, "cgroup", "v2", yes(pure || hybrid),
		 pure ? "/sys/fs/cgroup" : hybrid ? "/sys/fs/cgroup/unified" : "not mounted");
	host_add(a, l, "cgroup", "v1 devices", yes(v1),
		 v1 ? "/sys/fs/cgroup/devices" : "not mounted");
	host_add(a, l, "cgroup", "v2 devices", programs,
		 programs == HOST_UNKNOWN ? "only root can ask the kernel" :
		 programs == HOST_MISSING ? "the kernel takes no device programs" : "");
}

void host_probe_capabilities(struct arena *a, struct host_list *l)
{
	static const struct {
		const char *name;
		int cap;
	} needed[] = {
		{"chown", CAP_CHOWN},		  {"dac_override", CAP_DAC_OVERRIDE},
		{"dac_read_search", CAP_DAC_READ_SEARCH}, {"fowner", CAP_FOWNER},
		{"setgid", CAP_SETGID},		  {"setuid", CAP_SETUID},
		{"setpcap", CAP_SETPCAP},	  {"sys_admin", CAP_SYS_ADMIN},
		{"sys_chroot", CAP_SYS_CHROOT},	  {"sys_ptrace", CAP_SYS_PTRACE},
	};

	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
		bool there = prctl(PR_CAPBSET_READ, needed[i].cap, 0, 0, 0) == 1;

		host_add(a, l, "capability", needed[i].name, yes(there),
			 there ? "" : "not in the bounding set");
	}
}

static bool knows_filesystem(struct arena *a, const char *name)
{
	char *text = fs_read(a, AT_FDCWD, "/proc/filesystems", 65536, NULL);

	return text && strstr(text, arena_printf(a, "\t%s\n", name));
}

void host_probe_mounts(struct arena *a, struct host_list *l)
{
	bool api = syscall(SYS_mount_setattr, -1, "", 0, NULL, 0) && errno != ENOSYS;
	bool loop = !access("/dev/loop-control", F_OK);
	bool squashfs = knows_filesystem(a, "squashfs");

	host_add(a, l, "mount", "new mount calls", yes(api), api ? "" : "Linux 5.12 is needed");
	host_add(a, l, "mount", "loop", yes(loop), loop ? "" : "no /dev/loop-control");
	host_add(a, l, "mount", "squashfs", squashfs ? HOST_PRESENT : HOST_UNKNOWN,
		 squashfs ? "" : "not loaded: snaps are unpacked unless the kernel can load it");
}
