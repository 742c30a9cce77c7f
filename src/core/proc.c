/* proc.c - children
 *
 * The jail (attacks.md R20) is for reading what strangers wrote: the child can
 * compute, use the descriptors it was given, and end; nothing else.
 */
#include "core/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <grp.h>

#include "core/buf.h"
#include "core/str.h"

#define NOBODY 65534

pid_t proc_fork(void)
{
	signal(SIGCHLD, SIG_DFL);
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %m");
	if (!pid) {
		undo_forget(0); /* what the parent has to undo is not for the child */
		die_trap = NULL;
	}
	return pid;
}

int proc_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("wait for a child: %m");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The numbers below are of one table of system calls; the doors to others (on x86-64
 * "int 0x80", where 5 is open and 11 execve) end the child as well. */
#if defined __x86_64__
#define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined __i386__
#define OWN_ARCH AUDIT_ARCH_I386
#elif defined __aarch64__
#define OWN_ARCH AUDIT_ARCH_AARCH64
#elif defined __arm__
#define OWN_ARCH AUDIT_ARCH_ARM
#elif defined __riscv
#define OWN_ARCH AUDIT_ARCH_RISCV64
#elif defined __powerpc64__
#define OWN_ARCH AUDIT_ARCH_PPC64LE
#elif defined __s390x__
#define OWN_ARCH AUDIT_ARCH_S390X
#else
#error "name this architecture as audit does"
#endif

/* Everything a reader and the C library below it need; all else ends the child. */
static const int jail_calls[] = {
	SYS_read, SYS_pread64, SYS_readv, SYS_write, SYS_writev, SYS_lseek, SYS_fstat, SYS_close,
	SYS_mmap, SYS_munmap, SYS_mremap, SYS_madvise, SYS_mprotect, SYS_brk, SYS_futex,
	SYS_exit, SYS_exit_group, SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_sigaltstack,
	SYS_clock_gettime, SYS_getpid, SYS_gettid, SYS_sched_yield, SYS_newfstatat,
	SYS_tgkill, SYS_rt_sigaction, SYS_prlimit64, SYS_getrusage, SYS_readlinkat,
};

#define JAIL_CALLS (sizeof jail_calls / sizeof jail_calls[0])

static bool jail_filter(void)
{
	struct sock_filter code[JAIL_CALLS + 6];
	size_t n = 0;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, arch));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 1, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < JAIL_CALLS; i++)
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							 (unsigned)jail_calls[i],
							 (unsigned char)(JAIL_CALLS - i), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog prog = {.len = (unsigned short)n, .filter = code};

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog);
}

static bool limit(int what, rlim_t value)
{
	struct rlimit r = {value, value};

	return !setrlimit(what, &r);
}

/* The descriptors to keep move to 3, 4, ...; callers pass them on as they are, so
 * instead all others are closed one gap at a time. */
static void close_others(const int *keep, size_t n, int out)
{
	unsigned from = 3;

	for (;;) {
		unsigned next = ~0u;

		for (size_t i = 0; i <= n; i++) {
			int fd = i == n ? out : keep[i];

			if (fd >= 0 && (unsigned)fd >= from && (unsigned)fd < next)
				next = (unsigned)fd;
		}
		if (next > from)
			syscall(SYS_close_range, from, next == ~0u ? ~0u : next - 1, 0u);
		if (next == ~0u)
			return;
		from = next + 1;
	}
}

static bool jail_enter(const struct proc_jail *j, int out)
{
	size_t n = 0;

	while (n < 4 && j->keep[n] >= 0)
		n++;
	close_others(j->keep, n, out);
	if (!geteuid() && (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
			   setresuid(NOBODY, NOBODY, NOBODY)))
		return false;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || !limit(RLIMIT_CORE, 0) ||
	    !limit(RLIMIT_CPU, j->cpu_seconds) || !limit(RLIMIT_FSIZE, j->max) ||
	    !limit(RLIMIT_NOFILE, 64))
		return false;
	if (j->memory && !limit(RLIMIT_AS, j->memory))
		return false;
	return jail_filter();
}

static _Noreturn void jail_main(const struct proc_jail *j, int out)
{
	static const char failed[] = "!cannot give up privileges";
	bool ok = jail_enter(j, out);

	if (!ok) {
		if (write(out, failed, sizeof failed - 1) < 0)
			_exit(2);
		_exit(1);
	}
	_exit(j->fn(out, j->arg) ? 0 : 1);
}

static const char *failure(struct arena *a, int status, const struct buf *b,
			   const struct proc_jail *j)
{
	if (status == 1 && b->len && b->data[0] == '!')
		return b->data + 1;
	if (status == 128 + SIGXFSZ || b->len > j->max)
		return "its description is too large";
	if (status == 128 + SIGXCPU || status == 128 + SIGKILL)
		return "takes too long to read";
	if (status == 128 + SIGSYS)
		return "the reader tried a forbidden system call";
	return arena_printf(a, "the reader failed (status %d)", status);
}

int proc_jail_start(const struct proc_jail *j, pid_t *pid)
{
	int pipefd[2];

	if (pipe2(pipefd, O_CLOEXEC))
		die("pipe: %m");
	*pid = proc_fork();
	if (!*pid)
		jail_main(j, pipefd[1]);
	close(pipefd[1]);
	return pipefd[0];
}

const char *proc_jail_end(struct arena *a, const struct proc_jail *j, pid_t pid)
{
	struct buf nothing = buf_new(a);
	int status = proc_wait(pid);

	return status ? failure(a, status, &nothing, j) : NULL;
}

char *proc_jailed(struct arena *a, const struct proc_jail *j, size_t *len, const char **why)
{
	struct buf b = buf_new(a);
	char chunk[16384];
	ssize_t n;
	pid_t pid;
	int fd = proc_jail_start(j, &pid);

	while ((n = read(fd, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR)) {
		if (n > 0)
			buf_add(&b, chunk, (size_t)n);
		if (b.len > j->max) {
			kill(pid, SIGKILL);
			break;
		}
	}
	close(fd);
	int status = proc_wait(pid);
	if (status || b.len > j->max) {
		*why = failure(a, status, &b, j);
		return NULL;
	}
	if (len)
		*len = b.len;
	return b.data ? b.data : arena_dup(a, "");
}
