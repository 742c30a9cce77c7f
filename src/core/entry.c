/* entry.c - what a process inherits, put aside before anything else runs */
#include "core/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/die.h"

#define SIGNALS 64

struct entry entry;

static void standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			/* The lowest free number is this one. O_PATH-less /dev/full would lose
			 * messages in silence too; null is what musl does under AT_SECURE. */
			if (open("/dev/null", O_RDWR) != fd)
				_exit(EXIT_REFUSED);
	if (syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC))
		die("close_range: %m (Linux 5.11 is needed)");
}

static void signals(void)
{
	struct sigaction plain = {.sa_handler = SIG_DFL}, had;
	sigset_t none;

	if (!sigaction(SIGHUP, NULL, &had))
		entry.ignores_hangup = had.sa_handler == SIG_IGN;
	for (int s = 1; s <= SIGNALS; s++)
		sigaction(s, &plain, NULL); /* KILL, STOP and libc's own refuse: fine */
	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, &entry.blocked))
		die("sigprocmask: %m");
}

static void timers(void)
{
	struct itimerval off = {0};

	setitimer(ITIMER_REAL, &off, NULL);
	setitimer(ITIMER_VIRTUAL, &off, NULL);
	setitimer(ITIMER_PROF, &off, NULL);
}

/* A setuid copy becomes what one with file capabilities is: the caller's identity,
 * with capabilities permitted but asleep. Not a word is said, nor a file touched,
 * with an identity that is not the caller's. */
static void own_identity(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (uid == geteuid() && gid == getegid())
		return;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setresgid(gid, gid, gid) ||
	    setresuid(uid, uid, uid) || prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0))
		_exit(EXIT_REFUSED);
}

void entry_reset(int argc, char **argv)
{
	if (argc < 1 || !argv[0] || !argv[0][0])
		_exit(EXIT_USAGE);
	entry.secure = getauxval(AT_SECURE) || getuid() != geteuid() || getgid() != getegid();
	own_identity();
	standard_descriptors();
	signals();
	timers();
	if (personality(0xffffffff))
		personality(0);
	entry.umask = umask(022);
	if (entry.secure && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		die("cannot forbid dumps: %m");
}

void entry_restore(void)
{
	umask(entry.umask);
	if (entry.ignores_hangup)
		signal(SIGHUP, SIG_IGN);
	if (sigprocmask(SIG_SETMASK, &entry.blocked, NULL))
		die("sigprocmask: %m");
}
