/* hook.c - run a hook of an installed snap
 *
 * MUST give the hook nothing of the installing person's environment, terminal or
 * descriptors; and MUST end, whatever the hook does: a lock is held meanwhile.
 */
#include "applets/lib/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/node.h"
#include "core/proc.h"
#include "core/txn.h"

#define POLL_NS 5000000L

static _Noreturn void start(struct arena *a, const char *instance, const char *hook)
{
	char *argv[] = {"snapbox", "run", arena_printf(a, "--hook=%s", hook),
			arena_dup(a, instance), NULL};
	char *env[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", NULL};
	int null = open("/dev/null", O_RDONLY);

	if (setsid() < 0 || null < 0 || dup2(null, 0) < 0 || dup2(2, 1) < 0)
		_exit(EXIT_NOEXEC);
	syscall(SYS_close_range, 3u, ~0u, 0u);
	execve("/proc/self/exe", argv, env);
	_exit(EXIT_NOEXEC);
}

/* 0 when it ended, else why it had to be killed. */
static const char *wait_for(struct arena *a, pid_t pid, int *status)
{
	struct timespec pause = {.tv_nsec = POLL_NS};
	const char *why = arena_printf(a, "did not end within %d s", HOOK_SECONDS);

	for (long long left = HOOK_SECONDS * (1000000000LL / POLL_NS); left > 0; left--) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return NULL;
		if (txn_signal()) {
			why = arena_printf(a, "was stopped by signal %d", txn_signal());
			break;
		}
		nanosleep(&pause, NULL);
	}
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL); /* it may not lead a group yet */
	waitpid(pid, status, 0);
	return why;
}

bool hook_run(struct arena *a, const char *instance, const char *hook, char *why)
{
	sigset_t old;
	int status = 0;

	txn_hold_signals(&old);
	pid_t pid = proc_fork();
	if (!pid) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		start(a, instance, hook);
	}
	const char *reason = wait_for(a, pid, &status);
	if (!reason)
		kill(-pid, SIGKILL); /* what it left running belongs to nobody */
	if (!reason && WIFSIGNALED(status))
		reason = arena_printf(a, "was killed by signal %d", WTERMSIG(status));
	if (!reason && WEXITSTATUS(status))
		reason = arena_printf(a, "failed with status %d", WEXITSTATUS(status));
	if (reason)
		snprintf(why, WHY_MAX, "the %s hook %s", hook, reason);
	else
		sigprocmask(SIG_SETMASK, &old, NULL);
	return !reason;
}
