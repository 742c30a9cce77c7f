/* names.c - the names of arguments, as numbers of the target
 *
 * PF_X is AF_X. Tables are sorted by name, in the order of strcmp().
 */
#include "seccomp/names.h"

#include <stdlib.h>
#include <string.h>

#include "core/str.h"

struct name {
	const char *name;
	uint32_t value;
};

static const struct name table[] = {
	{"AF_ALG", 38}, {"AF_APPLETALK", 5}, {"AF_ASH", 18}, {"AF_ATMPVC", 8}, {"AF_AX25", 3},
	{"AF_BLUETOOTH", 31}, {"AF_BRIDGE", 7}, {"AF_CAIF", 37}, {"AF_CAN", 29}, {"AF_CONN", 123},
	{"AF_ECONET", 19}, {"AF_IB", 27}, {"AF_IEEE802154", 36}, {"AF_INET", 2}, {"AF_INET6", 10},
	{"AF_IPX", 4}, {"AF_IRDA", 23}, {"AF_ISDN", 34}, {"AF_IUCV", 32}, {"AF_KEY", 15},
	{"AF_LLC", 26}, {"AF_LOCAL", 1}, {"AF_MPLS", 28}, {"AF_NETBEUI", 13}, {"AF_NETLINK", 16},
	{"AF_NETROM", 6}, {"AF_NFC", 39}, {"AF_PACKET", 17}, {"AF_PHONET", 35}, {"AF_PPPOX", 24},
	{"AF_QIPCRTR", 42}, {"AF_RDS", 21}, {"AF_ROSE", 11}, {"AF_RXRPC", 33}, {"AF_SECURITY", 14},
	{"AF_SNA", 22}, {"AF_TIPC", 30}, {"AF_UNIX", 1}, {"AF_VSOCK", 40}, {"AF_WANPIPE", 25},
	{"AF_X25", 9}, {"AF_XDP", 44},

	{"CLONE_NEWIPC", 0x08000000}, {"CLONE_NEWNET", 0x40000000}, {"CLONE_NEWNS", 0x00020000},
	{"CLONE_NEWPID", 0x20000000}, {"CLONE_NEWUSER", 0x10000000}, {"CLONE_NEWUTS", 0x04000000},

	{"KCMP_EPOLL_TFD", 7}, {"KCMP_FILE", 0}, {"KCMP_FILES", 2}, {"KCMP_FS", 3}, {"KCMP_IO", 5},
	{"KCMP_SIGHAND", 4}, {"KCMP_SYSVSEM", 6}, {"KCMP_VM", 1},

	{"NETLINK_AUDIT", 9}, {"NETLINK_CONNECTOR", 11}, {"NETLINK_CRYPTO", 21},
	{"NETLINK_DNRTMSG", 14}, {"NETLINK_ECRYPTFS", 19}, {"NETLINK_FIB_LOOKUP", 10},
	{"NETLINK_FIREWALL", 3}, {"NETLINK_GENERIC", 16}, {"NETLINK_INET_DIAG", 4},
	{"NETLINK_IP6_FW", 13}, {"NETLINK_ISCSI", 8}, {"NETLINK_KOBJECT_UEVENT", 15},
	{"NETLINK_NETFILTER", 12}, {"NETLINK_NFLOG", 5}, {"NETLINK_RDMA", 20}, {"NETLINK_ROUTE", 0},
	{"NETLINK_SCSITRANSPORT", 18}, {"NETLINK_SELINUX", 7}, {"NETLINK_SOCK_DIAG", 4},
	{"NETLINK_USERSOCK", 2}, {"NETLINK_XFRM", 6},

	{"O_CREAT", 0100}, {"O_NOTIFICATION_PIPE", 0200}, {"O_TMPFILE", 020200000},

	{"PRIO_PGRP", 1}, {"PRIO_PROCESS", 0}, {"PRIO_USER", 2},

	{"PR_CAPBSET_DROP", 24}, {"PR_CAPBSET_READ", 23}, {"PR_CAP_AMBIENT", 47},
	{"PR_CAP_AMBIENT_CLEAR_ALL", 4}, {"PR_CAP_AMBIENT_IS_SET", 1}, {"PR_CAP_AMBIENT_LOWER", 3},
	{"PR_CAP_AMBIENT_RAISE", 2}, {"PR_GET_CHILD_SUBREAPER", 37}, {"PR_GET_DUMPABLE", 3},
	{"PR_GET_ENDIAN", 19}, {"PR_GET_FPEMU", 9}, {"PR_GET_FPEXC", 11}, {"PR_GET_KEEPCAPS", 7},
	{"PR_GET_NAME", 16}, {"PR_GET_NO_NEW_PRIVS", 39}, {"PR_GET_PDEATHSIG", 2},
	{"PR_GET_SECCOMP", 21}, {"PR_GET_SECUREBITS", 27}, {"PR_GET_THP_DISABLE", 42},
	{"PR_GET_TID_ADDRESS", 40}, {"PR_GET_TIMERSLACK", 30}, {"PR_GET_TIMING", 13},
	{"PR_GET_TSC", 25}, {"PR_GET_UNALIGN", 5}, {"PR_MCE_KILL", 33}, {"PR_MCE_KILL_GET", 34},
	{"PR_MPX_DISABLE_MANAGEMENT", 44}, {"PR_MPX_ENABLE_MANAGEMENT", 43},
	{"PR_SET_CHILD_SUBREAPER", 36}, {"PR_SET_DUMPABLE", 4}, {"PR_SET_ENDIAN", 20},
	{"PR_SET_FPEMU", 10}, {"PR_SET_FPEXC", 12}, {"PR_SET_KEEPCAPS", 8}, {"PR_SET_MM", 35},
	{"PR_SET_MM_ARG_END", 9}, {"PR_SET_MM_ARG_START", 8}, {"PR_SET_MM_AUXV", 12},
	{"PR_SET_MM_BRK", 7}, {"PR_SET_MM_END_CODE", 2}, {"PR_SET_MM_END_DATA", 4},
	{"PR_SET_MM_ENV_END", 11}, {"PR_SET_MM_ENV_START", 10}, {"PR_SET_MM_EXE_FILE", 13},
	{"PR_SET_MM_START_BRK", 6}, {"PR_SET_MM_START_CODE", 1}, {"PR_SET_MM_START_DATA", 3},
	{"PR_SET_MM_START_STACK", 5}, {"PR_SET_NAME", 15}, {"PR_SET_NO_NEW_PRIVS", 38},
	{"PR_SET_PDEATHSIG", 1}, {"PR_SET_PTRACER", 0x59616d61}, {"PR_SET_SECCOMP", 22},
	{"PR_SET_SECUREBITS", 28}, {"PR_SET_THP_DISABLE", 41}, {"PR_SET_TIMERSLACK", 29},
	{"PR_SET_TIMING", 14}, {"PR_SET_TSC", 26}, {"PR_SET_UNALIGN", 6},
	{"PR_TASK_PERF_EVENTS_DISABLE", 31}, {"PR_TASK_PERF_EVENTS_ENABLE", 32},

	{"PTRACE_ATTACH", 16}, {"PTRACE_CONT", 7}, {"PTRACE_DETACH", 17}, {"PTRACE_GETFPREGS", 14},
	{"PTRACE_GETFPXREGS", 18}, {"PTRACE_GETREGS", 12}, {"PTRACE_GETREGSET", 0x4204},
	{"PTRACE_PEEKDATA", 2}, {"PTRACE_PEEKUSER", 3}, {"PTRACE_PEEKUSR", 3},

	{"Q_GETFMT", 0x800004}, {"Q_GETINFO", 0x800005}, {"Q_GETQUOTA", 0x800007},
	{"Q_QUOTAOFF", 0x800003}, {"Q_QUOTAON", 0x800002}, {"Q_SETINFO", 0x800006},
	{"Q_SETQUOTA", 0x800008}, {"Q_SYNC", 0x800001}, {"Q_XGETQSTAT", 0x5805},
	{"Q_XGETQUOTA", 0x5803}, {"Q_XQUOTAOFF", 0x5802}, {"Q_XQUOTAON", 0x5801},
	{"Q_XQUOTARM", 0x5806}, {"Q_XSETQLIM", 0x5804},

	{"SOCK_DGRAM", 2}, {"SOCK_PACKET", 10}, {"SOCK_RAW", 3}, {"SOCK_RDM", 4},
	{"SOCK_SEQPACKET", 5}, {"SOCK_STREAM", 1},

	{"S_IFBLK", 0060000}, {"S_IFCHR", 0020000}, {"S_IFIFO", 0010000}, {"S_IFREG", 0100000},
	{"S_IFSOCK", 0140000}, {"S_ISGID", 02000}, {"S_ISUID", 04000},

	{"TIOCLINUX", 0x541c}, {"TIOCSTI", 0x5412},
};

static const struct {
	enum sc_family family;
	struct name is;
} differ[] = {
	{FAMILY_ARM, {"O_TMPFILE", 020040000}},

	{FAMILY_MIPS, {"O_CREAT", 0x100}},
	{FAMILY_MIPS, {"O_NOTIFICATION_PIPE", 0x400}},
	{FAMILY_MIPS, {"SOCK_DGRAM", 1}},
	{FAMILY_MIPS, {"SOCK_STREAM", 2}},
	{FAMILY_MIPS, {"TIOCLINUX", 0x5483}},
	{FAMILY_MIPS, {"TIOCSTI", 0x5472}},

	{FAMILY_PARISC, {"O_CREAT", 0400}},
	{FAMILY_PARISC, {"O_NOTIFICATION_PIPE", 02000}},
	{FAMILY_PARISC, {"O_TMPFILE", 040010000}},
	{FAMILY_PARISC, {"PTRACE_GETREGS", 18}},

	{FAMILY_SH, {"TIOCLINUX", 0x4001541c}},
	{FAMILY_SH, {"TIOCSTI", 0x40015412}},
};

/* Arguments that are int, unsigned, mode_t or umode_t in the kernel, bit n for
 * argument n. mount(2), unshare(2) and ptrace(2) take unsigned longs. */
static const struct {
	const char *call;
	unsigned args;
} truncated[] = {
	{"accept4", 1 << 3},
	{"bpf", 1 << 0},
	{"chmod", 1 << 1},
	{"clone", 1 << 0},
	{"creat", 1 << 1},
	{"epoll_create1", 1 << 0},
	{"eventfd2", 1 << 1},
	{"fchmod", 1 << 1},
	{"fchmodat", 1 << 2},
	{"fchmodat2", 1 << 2 | 1 << 3},
	{"fchownat", 1 << 4},
	{"fcntl", 1 << 1},
	{"fcntl64", 1 << 1},
	{"getpriority", 1 << 0 | 1 << 1},
	{"inotify_init1", 1 << 0},
	{"ioctl", 1 << 1},
	{"ioprio_set", 1 << 0 | 1 << 1 | 1 << 2},
	{"kcmp", 1 << 0 | 1 << 1 | 1 << 2},
	{"keyctl", 1 << 0},
	{"kill", 1 << 0 | 1 << 1},
	{"linkat", 1 << 4},
	{"memfd_create", 1 << 1},
	{"mkdir", 1 << 1},
	{"mkdirat", 1 << 2},
	{"mknod", 1 << 1 | 1 << 2},
	{"mknodat", 1 << 2 | 1 << 3},
	{"nice", 1 << 0},
	{"open", 1 << 1 | 1 << 2},
	{"openat", 1 << 2 | 1 << 3},
	{"personality", 1 << 0},
	{"pidfd_getfd", 1 << 1 | 1 << 2},
	{"pidfd_open", 1 << 0 | 1 << 1},
	{"pipe2", 1 << 1},
	{"prctl", 1 << 0},
	{"quotactl", 1 << 0},
	{"renameat2", 1 << 4},
	{"sched_setaffinity", 1 << 0 | 1 << 1},
	{"sched_setparam", 1 << 0},
	{"sched_setscheduler", 1 << 0 | 1 << 1},
	{"seccomp", 1 << 0 | 1 << 1},
	{"setns", 1 << 0 | 1 << 1},
	{"setpriority", 1 << 0 | 1 << 1 | 1 << 2},
	{"setsockopt", 1 << 0 | 1 << 1 | 1 << 2},
	{"signalfd4", 1 << 3},
	{"socket", 1 << 0 | 1 << 1 | 1 << 2},
	{"socketpair", 1 << 0 | 1 << 1 | 1 << 2},
	{"tgkill", 1 << 0 | 1 << 1 | 1 << 2},
	{"timerfd_create", 1 << 0 | 1 << 1},
	{"tkill", 1 << 0 | 1 << 1},
	{"umount2", 1 << 1},
	{"unlinkat", 1 << 2},
	{"userfaultfd", 1 << 0},
};

static const char *const takes_ids[] = {
	"chown", "chown32", "copy_file_range", "fchown", "fchown32", "fchownat", "lchown",
	"lchown32", "setgid", "setgid32", "setregid", "setregid32", "setresgid", "setresgid32",
	"setresuid", "setresuid32", "setreuid", "setreuid32", "setuid", "setuid32", NULL,
};

static int by_name(const void *key, const void *entry)
{
	return strcmp(key, ((const struct name *)entry)->name);
}

bool names_find(const char *name, enum sc_family family, uint32_t *value)
{
	char af[32] = "AF_";

	if (str_starts(name, "PF_") && strlen(name) < sizeof af) {
		strcpy(af + 3, name + 3);
		name = af;
	}
	for (size_t i = 0; i < sizeof differ / sizeof *differ; i++) {
		if (differ[i].family == family && str_eq(differ[i].is.name, name)) {
			*value = differ[i].is.value;
			return true;
		}
	}
	const struct name *at =
		bsearch(name, table, sizeof table / sizeof *table, sizeof *table, by_name);
	if (at)
		*value = at->value;
	return at;
}

bool names_truncated(const char *call, unsigned arg)
{
	for (size_t i = 0; i < sizeof truncated / sizeof *truncated; i++)
		if (str_eq(truncated[i].call, call))
			return truncated[i].args >> arg & 1;
	return false;
}

bool names_takes_ids(const char *call)
{
	return str_in(call, takes_ids);
}
