/* start.c - start a program in a state that no shell would give it
 *
 *	start [OPTION]... PROGRAM [ARG]...
 *
 *	--argv0 TEXT       as argv[0]
 *	--argc0            argv is {NULL}
 *	--env TEXT         into an environment that is otherwise empty, as it is
 *	--close N          descriptor N
 *	--open N PATH      PATH as descriptor N, for writing if it can be
 *	--full N           descriptor N is a pipe that nobody empties
 *	--ignore SIGNAL    ignored;  --block: all signals blocked
 *	--limit NAME N     nofile, fsize, stack, core, nproc or as; both limits
 *	--umask MODE       octal
 *	--nnp              no new privileges
 *	--persona HEX      personality(2)
 *	--timer MS         an alarm that is running
 *	--traced           a parent that traces, and lets everything pass
 *	--caps             inheritable and ambient: all that there are
 *	--uid N            user and group, no other groups; capabilities stay if --caps
 *	--gone             the working directory is a new one that was removed
 *
 * Options apply in their order. Leaves as the program did.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static char *argv0, *env[256];
static int env_count;
static bool argc0, empty_env, traced, caps;

static void must(long r, const char *what)
{
	if (r >= 0)
		return;
	fprintf(stderr, "start: %s: %s\n", what, strerror(errno));
	exit(125);
}

static void open_as(int n, const char *path)
{
	int fd = open(path, O_RDWR);

	if (fd < 0)
		fd = open(path, O_RDONLY);
	must(fd, path);
	if (fd != n) {
		must(dup2(fd, n), path);
		close(fd);
	}
}

static void full(int n)
{
	int ends[2];
	char block[4096] = "";

	must(pipe(ends), "pipe");
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	while (write(ends[1], block, sizeof block) > 0)
		;
	fcntl(ends[1], F_SETFL, 0);
	must(dup2(ends[1], n), "dup2");
	close(ends[1]);
	must(dup2(ends[0], 200), "dup2"); /* a reader there is, but it does not read */
	close(ends[0]);
}

static void limit(const char *name, const char *value)
{
	static const struct {
		const char *name;
		int resource;
	} all[] = {{"nofile", RLIMIT_NOFILE}, {"fsize", RLIMIT_FSIZE}, {"stack", RLIMIT_STACK},
		   {"core", RLIMIT_CORE}, {"nproc", RLIMIT_NPROC}, {"as", RLIMIT_AS}};
	rlim_t v = strcmp(value, "unlimited") ? strtoull(value, NULL, 0) : RLIM_INFINITY;
	struct rlimit r = {v, v};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (!strcmp(all[i].name, name))
			return must(setrlimit(all[i].resource, &r), name);
	errno = EINVAL;
	must(-1, name);
}

static void all_caps(void)
{
	struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2];

	must(syscall(SYS_capget, &head, data), "capget");
	for (int i = 0; i < 2; i++)
		data[i].effective = data[i].inheritable = data[i].permitted;
	must(syscall(SYS_capset, &head, data), "capset");
	for (int c = 0; c < 64; c++)
		prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, c, 0, 0);
}

static void become(uid_t id)
{
	if (caps)
		must(prctl(PR_SET_KEEPCAPS, 1), "keepcaps");
	must(setgroups(0, NULL), "setgroups");
	must(setgid(id), "setgid");
	must(setuid(id), "setuid");
	if (caps)
		all_caps();
}

static void gone(void)
{
	char dir[] = "/tmp/start-XXXXXX";

	must(mkdtemp(dir) ? 0 : -1, "mkdtemp");
	must(chdir(dir), dir);
	must(rmdir(dir), dir);
}

/* One option; returns how many words it took. */
static int take(char **w)
{
	const char *o = w[0] + 2;

	if (!strcmp(o, "argc0"))
		return argc0 = true, 1;
	if (!strcmp(o, "block")) {
		sigset_t set;
		sigfillset(&set);
		return sigprocmask(SIG_BLOCK, &set, NULL), 1;
	}
	if (!strcmp(o, "nnp"))
		return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 1;
	if (!strcmp(o, "traced"))
		return traced = true, 1;
	if (!strcmp(o, "caps"))
		return caps = true, all_caps(), 1;
	if (!strcmp(o, "gone"))
		return gone(), 1;
	if (!w[1])
		return 0;
	if (!strcmp(o, "argv0"))
		return argv0 = w[1], 2;
	if (!strcmp(o, "env"))
		return empty_env = true, env[env_count++] = w[1], 2;
	if (!strcmp(o, "close"))
		return close(atoi(w[1])), 2;
	if (!strcmp(o, "full"))
		return full(atoi(w[1])), 2;
	if (!strcmp(o, "ignore"))
		return signal(atoi(w[1]), SIG_IGN), 2;
	if (!strcmp(o, "umask"))
		return umask((mode_t)strtoul(w[1], NULL, 8)), 2;
	if (!strcmp(o, "persona"))
		return personality(strtoul(w[1], NULL, 16)), 2;
	if (!strcmp(o, "uid"))
		return become((uid_t)atoi(w[1])), 2;
	if (!strcmp(o, "timer")) {
		struct itimerval t = {.it_value.tv_usec = atoi(w[1]) * 1000};
		return setitimer(ITIMER_REAL, &t, NULL), 2;
	}
	if (!w[2])
		return 0;
	if (!strcmp(o, "open"))
		return open_as(atoi(w[1]), w[2]), 3;
	if (!strcmp(o, "limit"))
		return limit(w[1], w[2]), 3;
	return 0;
}

static int trace(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		int sig = WSTOPSIG(status);
		ptrace(PTRACE_CONT, pid, NULL, sig == SIGTRAP || sig == SIGSTOP ? 0 : sig);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	extern char **environ;
	static char *nothing[] = {NULL};
	char **w = argv + 1;
	int n;

	while (argc > 1 && *w && !strncmp(*w, "--", 2)) {
		if (!(n = take(w)))
			break;
		w += n;
	}
	if (!*w || !strncmp(*w, "--", 2)) {
		fputs("start: wrong use; see the head of start.c\n", stderr);
		return 125;
	}
	char *program = *w;
	if (argv0)
		*w = argv0;
	if (traced) {
		pid_t pid = fork();
		if (pid)
			return trace(pid);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	}
	execve(program, argc0 ? nothing : w, empty_env ? env : environ);
	fprintf(stderr, "start: %s: %s\n", program, strerror(errno));
	return 127;
}
