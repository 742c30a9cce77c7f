/* kernel.c - things to try with what the kernel keeps for who may rule the machine
 *
 * MUST leave the machine as it was where it is not refused: what is asked for is what is
 * so already, or cannot be. An error that says "you may, but not so" counts as done.
 */
#include "access.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/quota.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The call got past who may call it when it fails with a or b. */
static int past(long r, int a, int b)
{
	return r >= 0 || errno == a || errno == b ? 0 : -1;
}

/* inet4-connect TYPE PORT, inet6-connect TYPE PORT: to this machine itself */
static int inet_address(struct sockaddr_in6 *a, int family, const char *port)
{
	struct sockaddr_in *a4 = (void *)a;

	memset(a, 0, sizeof *a);
	a->sin6_family = (sa_family_t)family;
	a->sin6_port = htons((unsigned short)atoi(port));
	if (family == AF_INET)
		a4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		a->sin6_addr = in6addr_loopback;
	return family == AF_INET ? sizeof *a4 : sizeof *a;
}

static int reach(int family, char **w, bool binds)
{
	struct sockaddr_in6 a;
	int len = inet_address(&a, family, w[1]);
	int s = socket(family, *w[0] == 's' ? SOCK_STREAM : SOCK_DGRAM, 0);

	if (s < 0)
		return -1;
	if (binds)
		return past(bind(s, (void *)&a, (socklen_t)len), EADDRNOTAVAIL, EADDRINUSE);
	return past(connect(s, (void *)&a, (socklen_t)len), ECONNREFUSED, ENETUNREACH);
}

static int act_connect4(char **w) { return reach(AF_INET, w, false); }
static int act_connect6(char **w) { return reach(AF_INET6, w, false); }
static int act_bind4(char **w) { return reach(AF_INET, w, true); }
static int act_bind6(char **w) { return reach(AF_INET6, w, true); }

static int act_add_key(char **w)
{
	return (int)syscall(SYS_add_key, "user", w[0], "x", 1, -3);
}

/* keyctl OPERATION: 0 asks for the id of the session's keyring, 11 reads it */
static int act_keyctl(char **w)
{
	return past(syscall(SYS_keyctl, atoi(w[0]), -3, 0, 0, 0), EINVAL, ENOKEY);
}

static int act_request_key(char **w)
{
	return past(syscall(SYS_request_key, "user", w[0], NULL, 0), ENOKEY, ENOENT);
}

static int act_userfaultfd(char **w)
{
	return (int)syscall(SYS_userfaultfd, atoi(w[0]));
}

/* bpf COMMAND: 0 makes a map, 5 loads a program (which the verifier does not like) */
static int act_bpf(char **w)
{
	uint32_t attr[32] = {2, 4, 4, 1};
	int command = atoi(w[0]);

	if (command)
		memset(attr, 0, sizeof attr);
	return past(syscall(SYS_bpf, command, attr, sizeof attr), EINVAL, EFAULT);
}

/* perf PID: counts instructions of a process; -1 those of a processor */
static int act_perf(char **w)
{
	struct {
		uint32_t type, size;
		uint64_t config, rest[13];
	} attr = {.type = 1, .size = 64};
	int pid = atoi(w[0]);

	return past(syscall(SYS_perf_event_open, &attr, pid, pid < 0 ? 0 : -1, -1, 8L), ENODEV,
		    EOPNOTSUPP);
}

static int act_kexec(char **w)
{
	return past(syscall(SYS_kexec_load, 0, 0, NULL, strtoul(w[0], NULL, 0)), EINVAL, EBUSY);
}

static int act_init_module(char **w)
{
	return past(syscall(SYS_init_module, w[0], strlen(w[0]), ""), ENOEXEC, EINVAL);
}

static int act_finit_module(char **w)
{
	int fd = open(w[0], O_RDONLY | O_CLOEXEC);

	return past(syscall(SYS_finit_module, fd, "", 0), ENOEXEC, EINVAL);
}

static int act_delete_module(char **w)
{
	return past(syscall(SYS_delete_module, w[0], O_NONBLOCK), ENOENT, EBUSY);
}

static int act_fsopen(char **w) { return (int)syscall(SYS_fsopen, w[0], 1); }
static int act_fspick(char **w) { return (int)syscall(SYS_fspick, AT_FDCWD, w[0], 0); }

static int act_open_tree(char **w)
{
	return (int)syscall(SYS_open_tree, AT_FDCWD, w[0], 1 | O_CLOEXEC);
}

/* mount_setattr PATH: read only; the root of everything is not a mount that can be */
static int act_mount_setattr(char **w)
{
	uint64_t attr[4] = {0};

	return (int)syscall(SYS_mount_setattr, AT_FDCWD, w[0], 0, attr, sizeof attr);
}

/* clone FLAGS: a child that ends at once */
static int act_clone(char **w)
{
	long pid = syscall(SYS_clone, strtoul(w[0], NULL, 0) | SIGCHLD, 0, 0, 0, 0);

	if (!pid)
		_exit(0);
	return pid < 0 ? -1 : waitpid((pid_t)pid, NULL, 0) < 0;
}

static int act_clone3(char **w)
{
	uint64_t args[8] = {[0] = strtoull(w[0], NULL, 0), [4] = SIGCHLD};
	long pid = syscall(SYS_clone3, args, sizeof args);

	if (!pid)
		_exit(0);
	return pid < 0 ? -1 : waitpid((pid_t)pid, NULL, 0) < 0;
}

static int act_new(char **w) { return unshare((int)strtol(w[0], NULL, 0)); }

static int act_setns(char **w)
{
	int fd = open(w[0], O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : setns(fd, 0);
}

/* By a handle of the process, not by its files. */
static int act_setns_pid(char **w)
{
	int fd = (int)syscall(SYS_pidfd_open, atoi(w[0]), 0);

	return fd < 0 ? -1 : setns(fd, CLONE_NEWUTS);
}

/* pidfd_getfd PID: its standard input */
static int act_getfd(char **w)
{
	int fd = (int)syscall(SYS_pidfd_open, atoi(w[0]), 0);

	return fd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, fd, 0, 0);
}

static int act_pidfd_signal(char **w)
{
	int fd = (int)syscall(SYS_pidfd_open, atoi(w[0]), 0);

	return fd < 0 ? -1 : (int)syscall(SYS_pidfd_send_signal, fd, SIGCONT, NULL, 0);
}

static int act_vmwrite(char **w)
{
	char here = 0;
	struct iovec from = {&here, 1}, to = {(void *)64, 1};

	return past(process_vm_writev(atoi(w[0]), &from, 1, &to, 1, 0), EFAULT, EFAULT);
}

static int act_kcmp(char **w)
{
	return syscall(SYS_kcmp, getpid(), atoi(w[0]), 1, 0, 0) < 0 ? -1 : 0;
}

static int act_sigqueue(char **w)
{
	return sigqueue(atoi(w[0]), SIGCONT, (union sigval){0});
}

static int act_reboot(char **w)
{
	return past(syscall(SYS_reboot, 0, 0, strtoul(w[0], NULL, 0), NULL), EINVAL, EINVAL);
}

/* Neither a time nor a zone is set, but who may is looked at. */
static int act_settime(char **w)
{
	(void)w;
	return (int)syscall(SYS_settimeofday, NULL, NULL);
}

static int act_sethostname(char **w)
{
	char name[128];

	(void)w;
	return gethostname(name, sizeof name) ? -1 : sethostname(name, strlen(name));
}

static int act_quota(char **w)
{
	char data[256];

	return past(quotactl(QCMD(Q_GETFMT, USRQUOTA), w[0], 0, data), ESRCH, ENOTBLK);
}

static int act_swapon(char **w) { return past(swapon(w[0], 0), ENOENT, EINVAL); }
static int act_swapoff(char **w) { return past(swapoff(w[0]), ENOENT, EINVAL); }
static int act_acct(char **w) { return past(syscall(SYS_acct, w[0]), ENOENT, EACCES + 999); }
static int act_iopl(char **w) { return (int)syscall(SYS_iopl, atoi(w[0])); }

static int act_handle(char **w)
{
	unsigned char handle[16] = {8, 0, 0, 0, 1};
	int fd = open(w[0], O_RDONLY | O_CLOEXEC);

	return past(syscall(SYS_open_by_handle_at, fd, handle, O_RDONLY), ESTALE, EBADF);
}

/* setuid-bit PATH: on a file of our own */
static int act_setuid_bit(char **w)
{
	int fd = open(w[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	return fd < 0 ? -1 : fchmod(fd, 04755);
}

static int act_mkblock(char **w) { return mknod(w[0], S_IFBLK | 0600, 0x701); }

/* Type a byte into a terminal, of which it is not even one. */
static int act_tiocsti(char **w)
{
	int fd = open(w[0], O_RDWR | O_CLOEXEC);

	return past(ioctl(fd, 0x5412, "x"), ENOTTY, EIO);
}

static int act_shmget(char **w)
{
	int id = shmget((key_t)strtol(w[0], NULL, 0), 4096, IPC_CREAT | 0600);

	return id < 0 ? -1 : shmctl(id, IPC_RMID, NULL);
}

static int act_shmat(char **w)
{
	int id = shmget((key_t)strtol(w[0], NULL, 0), 0, 0);

	return id < 0 || shmat(id, NULL, 0) == (void *)-1 ? -1 : 0;
}

static int act_shm_open(char **w)
{
	int fd = shm_open(w[0], O_RDWR | O_CREAT, 0600);

	return fd < 0 ? -1 : shm_unlink(w[0]);
}

/* memfd PROGRAM: a copy of it in memory, executed */
static int act_memfd(char **w)
{
	char chunk[4096];
	ssize_t n;
	int in = open(w[0], O_RDONLY | O_CLOEXEC), fd = memfd_create("t", 0), status;

	if (in < 0 || fd < 0)
		return -1;
	while ((n = read(in, chunk, sizeof chunk)) > 0)
		if (write(fd, chunk, (size_t)n) != n)
			return -1;
	pid_t pid = fork();
	if (!pid) {
		syscall(SYS_execveat, fd, "", (char *[]){w[0], NULL}, NULL, AT_EMPTY_PATH);
		_exit(errno == EACCES ? 113 : 114);
	}
	if (waitpid(pid, &status, 0) < 0)
		return -1;
	errno = EACCES;
	return WIFEXITED(status) && WEXITSTATUS(status) < 113 ? 0 : -1;
}

/* run PROGRAM [WORD]...: does it start at all? */
static int act_run(char **w)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		close(1);
		close(2);
		execv(w[0], w);
		_exit(113);
	}
	if (waitpid(pid, &status, 0) < 0)
		return -1;
	errno = EACCES;
	return WIFEXITED(status) && WEXITSTATUS(status) != 113 ? 0 : -1;
}

/* openat2 DIRECTORY PATH: from a handle of a directory that may be opened */
static int act_beneath(char **w)
{
	int dir = open(w[0], O_PATH | O_DIRECTORY | O_CLOEXEC);

	return dir < 0 ? -1 : openat(dir, w[1], O_RDONLY | O_CLOEXEC);
}

/* A place as a handle, then opened through /proc. */
static int act_reopen(char **w)
{
	char path[64];
	int fd = open(w[0], O_PATH | O_CLOEXEC);

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return fd < 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
}

/* A link to it, made where we may, then opened. */
static int act_by_link(char **w)
{
	unlink(w[1]);
	return symlink(w[0], w[1]) ? -1 : open(w[1], O_RDONLY | O_CLOEXEC);
}

const struct act acts_kernel[] = {
	{"acct", 1, act_acct},
	{"add_key", 1, act_add_key},
	{"beneath", 2, act_beneath},
	{"bind4", 2, act_bind4},
	{"bind6", 2, act_bind6},
	{"bpf", 1, act_bpf},
	{"by-link", 2, act_by_link},
	{"clone", 1, act_clone},
	{"clone3", 1, act_clone3},
	{"connect4", 2, act_connect4},
	{"connect6", 2, act_connect6},
	{"delete_module", 1, act_delete_module},
	{"finit_module", 1, act_finit_module},
	{"fsopen", 1, act_fsopen},
	{"fspick", 1, act_fspick},
	{"getfd", 1, act_getfd},
	{"handle", 1, act_handle},
	{"init_module", 1, act_init_module},
	{"iopl", 1, act_iopl},
	{"kcmp", 1, act_kcmp},
	{"kexec", 1, act_kexec},
	{"keyctl", 1, act_keyctl},
	{"memfd", 1, act_memfd},
	{"mkblock", 1, act_mkblock},
	{"mount_setattr", 1, act_mount_setattr},
	{"new", 1, act_new},
	{"open_tree", 1, act_open_tree},
	{"perf", 1, act_perf},
	{"pidfd-signal", 1, act_pidfd_signal},
	{"quota", 1, act_quota},
	{"reboot", 1, act_reboot},
	{"reopen", 1, act_reopen},
	{"request_key", 1, act_request_key},
	{"run", 1, act_run},
	{"sethostname", 0, act_sethostname},
	{"setns", 1, act_setns},
	{"setns-pid", 1, act_setns_pid},
	{"settime", 0, act_settime},
	{"setuid-bit", 1, act_setuid_bit},
	{"shm_open", 1, act_shm_open},
	{"shmat", 1, act_shmat},
	{"shmget", 1, act_shmget},
	{"sigqueue", 1, act_sigqueue},
	{"swapoff", 1, act_swapoff},
	{"swapon", 1, act_swapon},
	{"tiocsti", 1, act_tiocsti},
	{"userfaultfd", 1, act_userfaultfd},
	{"vmwrite", 1, act_vmwrite},
	{0},
};
