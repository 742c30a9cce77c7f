/* killat.c - run a command and kill it, whole, before its nth change of the system
 *
 *	killat N COMMAND [WORD]...
 *
 * Follows all its children. System calls that change something outside the
 * process count; before the nth of them everything is killed, as a power cut
 * would. Exit status: 137 when it was killed, else that of the command: then
 * it made less than N changes. N 0 never kills, and tells the number of changes
 * as the last line on standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* musl's and the kernel's headers cannot both be had: the few numbers needed. */
long ptrace(int, ...);
enum { TRACEME = 0, PEEK = 2, CONT = 7, SYSCALL = 24, SETOPTIONS = 0x4200, INFO = 0x420e };
#define OPTIONS (1 /* sysgood */ | 2 | 4 | 8 /* forks */ | 16 /* exec */ | 1 << 20 /* exitkill */)

#define PIDS_MAX 64

static const int changing[] = {
	SYS_write, SYS_pwrite64, SYS_writev, SYS_copy_file_range, SYS_sendfile, SYS_splice,
	SYS_ftruncate, SYS_truncate, SYS_fallocate, SYS_renameat, SYS_renameat2, SYS_unlinkat,
	SYS_mkdirat, SYS_symlinkat, SYS_linkat, SYS_fchmod, SYS_fchmodat, SYS_fchown,
	SYS_fchownat, SYS_mknodat, SYS_mount, SYS_umount2, SYS_move_mount, SYS_mount_setattr,
	SYS_ioctl, SYS_utimensat, SYS_fsync, SYS_fdatasync, SYS_syncfs, SYS_fsetxattr, SYS_flock,
#ifdef SYS_rename
	SYS_rename, SYS_unlink, SYS_rmdir, SYS_mkdir, SYS_symlink, SYS_link, SYS_chmod,
	SYS_chown, SYS_lchown, SYS_mknod,
#endif
	SYS_exit_group,
};

static pid_t pids[PIDS_MAX];

static void remember(pid_t pid)
{
	for (size_t i = 0; i < PIDS_MAX; i++)
		if (pids[i] == pid)
			return;
	for (size_t i = 0; i < PIDS_MAX; i++)
		if (!pids[i]) {
			pids[i] = pid;
			return;
		}
	fprintf(stderr, "killat: too many processes\n");
	exit(2);
}

static void forget(pid_t pid)
{
	for (size_t i = 0; i < PIDS_MAX; i++)
		if (pids[i] == pid)
			pids[i] = 0;
}

static bool changes(pid_t pid, const struct ptrace_syscall_info *info)
{
	int nr = (int)info->entry.nr;

	if (nr == SYS_openat)
		return info->entry.args[2] & (O_CREAT | O_TRUNC);
#ifdef SYS_open
	if (nr == SYS_open)
		return info->entry.args[1] & (O_CREAT | O_TRUNC);
#endif
	if (nr == SYS_openat2) { /* flags come first in struct open_how */
		long flags = 0;

		syscall(SYS_ptrace, PEEK, pid, info->entry.args[2], &flags);
		return flags & (O_CREAT | O_TRUNC);
	}
	for (size_t i = 0; i < sizeof changing / sizeof changing[0]; i++)
		if (changing[i] == nr)
			return true;
	return false;
}

static int kill_all(void)
{
	for (size_t i = 0; i < PIDS_MAX; i++)
		if (pids[i])
			kill(pids[i], SIGKILL);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return 137;
}

/* What a stopped tracee gets next; true when the count has reached its end. */
static bool step(pid_t pid, int status, long *count, long last)
{
	struct ptrace_syscall_info info = {0};
	int sig = WSTOPSIG(status);

	if (sig == (SIGTRAP | 0x80)) {
		if (ptrace(INFO, pid, sizeof info, &info) > 0 &&
		    info.op == PTRACE_SYSCALL_INFO_ENTRY && changes(pid, &info) &&
		    ++*count == last)
			return true;
		sig = 0;
	} else if (sig == SIGTRAP || sig == SIGSTOP) {
		sig = 0;
	}
	ptrace(SYSCALL, pid, 0, sig);
	return false;
}

int main(int argc, char **argv)
{
	long last = argc > 2 ? strtol(argv[1], NULL, 10) : -1, count = 0;
	int status, code = 2;

	if (last < 0) {
		fprintf(stderr, "usage: killat N COMMAND [WORD]...\n");
		return 2;
	}
	pid_t first = fork();
	if (!first) {
		ptrace(TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (first < 0 || waitpid(first, &status, 0) != first ||
	    ptrace(SETOPTIONS, first, 0, OPTIONS) < 0) {
		perror("killat");
		return 2;
	}
	remember(first);
	ptrace(SYSCALL, first, 0, 0);
	for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR;) {
		if (pid <= 0)
			continue;
		if (WIFSTOPPED(status)) {
			remember(pid);
			if (step(pid, status, &count, last))
				return kill_all();
			continue;
		}
		forget(pid);
		if (pid == first)
			code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	if (!last)
		fprintf(stderr, "%ld\n", count);
	return code;
}
