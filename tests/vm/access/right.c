/* right.c - things to try with mounts, capabilities and labels */
#include "access.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

#define MS_RDONLY 1
#define MS_REMOUNT 32
#define MS_BIND 4096
#define MS_MOVE 8192
#define MS_REC 16384
#define MS_UNBINDABLE (1 << 17)
#define MS_PRIVATE (1 << 18)
#define MS_SLAVE (1 << 19)
#define MS_SHARED (1 << 20)

int mount(const char *, const char *, const char *, unsigned long, const void *);
int umount2(const char *, int);

const char *own_label(void)
{
	static char text[512];
	int fd = open("/proc/thread-self/attr/apparmor/current", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof text - 1);

	text[n > 0 ? n : 0] = 0;
	text[strcspn(text, "\n")] = 0;
	close(fd);
	return text;
}

int ask_label(const char *file, const char *how, const char *label)
{
	char path[64], text[256];
	int n = snprintf(text, sizeof text, "%s %s", how, label);

	snprintf(path, sizeof path, "/proc/thread-self/attr/apparmor/%s", file);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 || write(fd, text, (size_t)n) != n ? -1 : close(fd);
}

/* become LABEL [WANTED]: at once, then read back */
static int act_become(char **w)
{
	char wanted[256];

	if (ask_label("current", "changeprofile", w[0]))
		return -1;
	snprintf(wanted, sizeof wanted, "%s (enforce)", w[1] ? w[1] : w[0]);
	return strcmp(own_label(), wanted) ? (errno = ENOKEY, -1) : 0;
}

static int act_stack(char **w) { return ask_label("current", "stack", w[0]); }

/* hat NAME: in and out again */
static int act_hat(char **w)
{
	char text[128];

	snprintf(text, sizeof text, "0000000000000abc^%s", w[0]);
	if (ask_label("current", "changehat", text))
		return -1;
	return ask_label("current", "changehat", "0000000000000abc^");
}

/* onexec LABEL PROGRAM WANTED */
static int act_onexec(char **w)
{
	char label[256];
	static char *env[] = {NULL};

	if (ask_label("exec", "exec", w[0]))
		return -1;
	snprintf(label, sizeof label, "%s (enforce)", w[2]);
	return execve(w[1], (char *[]){w[1], "label", label, NULL}, env);
}

/* mount SOURCE TARGET TYPE [FLAG,...] */
static int act_mount(char **w)
{
	static const struct {
		const char *name;
		unsigned long flag;
	} all[] = {
		{"ro", MS_RDONLY}, {"remount", MS_REMOUNT}, {"bind", MS_BIND}, {"move", MS_MOVE},
		{"rec", MS_REC}, {"private", MS_PRIVATE}, {"slave", MS_SLAVE},
		{"shared", MS_SHARED}, {"unbindable", MS_UNBINDABLE}, {"nosuid", 2},
		{"nodev", 4}, {"noexec", 8},
	};
	unsigned long flags = 0;

	for (char *f = w[3] ? strtok(w[3], ",") : NULL; f; f = strtok(NULL, ","))
		for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
			if (!strcmp(all[i].name, f))
				flags |= all[i].flag;
	return mount(w[0], w[1], w[2], flags, NULL);
}

static int act_umount(char **w) { return umount2(w[0], 2); }
static int act_pivot(char **w) { return (int)syscall(SYS_pivot_root, w[0], w[1]); }
static int act_chroot(char **w) { return chroot(w[0]); }

/* A new filesystem as a handle, put at TARGET. */
static int act_fsmount(char **w)
{
	int fs = (int)syscall(SYS_fsopen, w[0], 1), m;

	if (fs < 0 || syscall(SYS_fsconfig, fs, 6, NULL, NULL, 0))
		return -1;
	m = (int)syscall(SYS_fsmount, fs, 1, 0);
	return m < 0 ? -1 : (int)syscall(SYS_move_mount, m, "", AT_FDCWD, w[1], 4);
}

/* A copy of the mount at SOURCE as a handle, put at TARGET. */
static int act_treemove(char **w)
{
	int m = (int)syscall(SYS_open_tree, AT_FDCWD, w[0], 1 | O_CLOEXEC);

	return m < 0 ? -1 : (int)syscall(SYS_move_mount, m, "", AT_FDCWD, w[1], 4);
}

static int act_unshare(char **w)
{
	return unshare(!strcmp(w[0], "user") ? CLONE_NEWUSER : !strcmp(w[0], "net") ? CLONE_NEWNET :
		       !strcmp(w[0], "ipc") ? CLONE_NEWIPC : CLONE_NEWNS);
}

static int try_capability(const char *c)
{
	struct rlimit high = {1 << 10, 1 << 19}, low = {1 << 10, 1 << 12};
	struct timex same = {.modes = ADJ_TICK, .tick = 10000};

	if (!strcmp(c, "chown"))
		return chown("/t/user", 1, 1);
	if (!strcmp(c, "setuid"))
		return setuid(7);
	if (!strcmp(c, "setgid"))
		return setgid(7);
	if (!strcmp(c, "setpcap"))
		return prctl(PR_CAPBSET_DROP, 3, 0, 0, 0);
	if (!strcmp(c, "sys_admin"))
		return sethostname("t", 1);
	if (!strcmp(c, "sys_chroot"))
		return chroot("/");
	if (!strcmp(c, "sys_nice"))
		return setpriority(PRIO_PROCESS, 0, -5);
	if (!strcmp(c, "sys_resource"))
		return setrlimit(RLIMIT_NOFILE, &low) || setrlimit(RLIMIT_NOFILE, &high);
	if (!strcmp(c, "sys_time"))
		return adjtimex(&same) < 0 ? -1 : 0;
	if (!strcmp(c, "syslog"))
		return klogctl(9, NULL, 0) < 0 ? -1 : 0;
	if (!strcmp(c, "net_admin"))
		return setsockopt(socket(AF_INET, SOCK_DGRAM, 0), SOL_SOCKET, SO_SNDBUFFORCE,
				  &(int){4096}, sizeof(int));
	if (!strcmp(c, "fowner"))
		return chmod("/t/user", 0600);
	if (!strcmp(c, "dac_override"))
		return open("/t/user", O_WRONLY | O_CLOEXEC) < 0 ? -1 : 0;
	if (!strcmp(c, "mknod"))
		return mknod("/t/node", S_IFCHR | 0600, 0x103);
	if (!strcmp(c, "sys_ptrace"))
		return open("/proc/1/environ", O_RDONLY | O_CLOEXEC) < 0 ? -1 : 0;
	return errno = EINVAL, -1;
}

static int act_capability(char **w) { return try_capability(w[0]); }

/* rlimit WHAT: is it what the profile says? */
static int act_rlimit(char **w)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r))
		return -1;
	return r.rlim_max == strtoul(w[0], NULL, 10) ? 0 : (errno = ERANGE, -1);
}

static int act_label(char **w)
{
	char text[512];

	snprintf(text, sizeof text, "%s (%s)", w[0], w[1]);
	return strcmp(own_label(), text) ? (errno = ENOKEY, -1) : 0;
}

const struct act acts_right[] = {
	{"become", 1, act_become},
	{"capability", 1, act_capability},
	{"chroot", 1, act_chroot},
	{"fsmount", 2, act_fsmount},
	{"hat", 1, act_hat},
	{"label", 2, act_label},
	{"mount", 3, act_mount},
	{"onexec", 3, act_onexec},
	{"pivot", 2, act_pivot},
	{"rlimit", 1, act_rlimit},
	{"stack", 1, act_stack},
	{"treemove", 2, act_treemove},
	{"umount", 1, act_umount},
	{"unshare", 1, act_unshare},
	{0},
};
