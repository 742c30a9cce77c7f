/* init.c - the first process of a machine that has a kernel, snapbox and this
 *
 * Mounts proc, sys, dev and run, loads the modules in /modules/order, does the
 * steps in /steps, prints TAP on the console and powers off. A steps file:
 *
 *	test NAME          begins a test; it ends with the next one
 *	run WORD...        start /WORD with these arguments (split at spaces) and
 *	                   wait; its output and exit code are what the rest is about
 *	start WORD...      the same without waiting; it ends with the test, or with the
 *	                   next start. %pid in the words of a run is its number
 *	uid N              the following runs of this test are N's, not root's
 *	exit N...          the code must be one of these (without this line: 0)
 *	out TEXT           the output must hold TEXT
 *	not TEXT           the output must not hold TEXT
 *	write PATH TEXT    a file, or a line more in it, mode 0644
 *	secret PATH TEXT   the same, mode 0600
 *	mkdir PATH         0755
 *	mkdir PATH UID     0700, that user's
 *	umount PATH        detach all that is mounted there
 *	forget PATH        remove a tree, as a reboot does with /run
 *	gone PATH          must not exist
 *
 * Empty lines and lines that begin with # are for people.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN_SECONDS 120

static int number;
static char name[256], why[1024], output[65536];
static int code;
static bool pending; /* a run whose exit code no line has asked for */
static uid_t uid;
static pid_t started;

static void fails(const char *what, const char *detail)
{
	if (!*why)
		snprintf(why, sizeof why, "%s%s", what, detail);
}

/* A run that was not asked for its code must have succeeded. */
static void settle(void)
{
	char text[32];

	if (pending && code) {
		snprintf(text, sizeof text, "%d", code);
		fails("left with ", text);
	}
	pending = false;
}

static void stop(void)
{
	if (started && !kill(started, SIGKILL))
		waitpid(started, NULL, 0);
	started = 0;
}

static void report(void)
{
	stop();
	if (!*name)
		return;
	settle();
	printf("%s %d - %s\n", *why ? "not ok" : "ok", ++number, name);
	if (*why) {
		printf("# %s\n", why);
		for (char *l = strtok(output, "\n"); l; l = strtok(NULL, "\n"))
			printf("# | %s\n", l);
	}
	*name = *why = *output = 0;
	uid = 0;
}

static void start(char **argv, int out)
{
	static char *const env[] = {"PATH=/bin", "HOME=/root", "TERM=dumb", NULL};
	static char *const user_env[] = {"PATH=/bin", "HOME=/home/user", "USER=user", NULL};

	dup2(out, 1);
	dup2(out, 2);
	close(out);
	alarm(RUN_SECONDS);
	if (uid && (setgroups(0, NULL) || setgid(uid) || setuid(uid) || chdir("/")))
		_exit(125);
	execve(argv[0], argv, uid ? user_env : env);
	printf("%s: %s\n", argv[0], strerror(errno));
	fflush(stdout);
	_exit(127);
}

/* Words, with the number of what was started for %pid. */
static int split(char *words, char **argv)
{
	static char text[8192];
	char *at = text;
	int n = 0;

	for (char *w = strtok(words, " "); w && n < 63; w = strtok(NULL, " ")) {
		char *pid = strstr(w, "%pid");

		argv[n++] = at;
		if (pid)
			at += sprintf(at, "%.*s%d%s", (int)(pid - w), w, started, pid + 4) + 1;
		else
			at += sprintf(at, "%s", w) + 1;
	}
	argv[n] = NULL;
	return n;
}

static void run_along(char *words)
{
	char *argv[64];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	settle();
	stop();
	split(words, argv);
	started = fork();
	if (!started)
		start(argv, null);
	close(null);
	sleep(2); /* longer than a start takes */
}

static void run(char *words)
{
	char *argv[64];
	int pipes[2], status;
	size_t len = 0;
	ssize_t got;

	settle();
	split(words, argv);
	fflush(stdout);
	if (pipe(pipes) < 0)
		return fails("pipe", "");
	pid_t pid = fork();
	if (!pid) {
		close(pipes[0]);
		start(argv, pipes[1]);
	}
	close(pipes[1]);
	while (len < sizeof output - 1 && (got = read(pipes[0], output + len, sizeof output - 1 - len)) > 0)
		len += (size_t)got;
	output[len] = 0;
	close(pipes[0]);
	waitpid(pid, &status, 0);
	code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	pending = true;
	while (waitpid(-1, NULL, WNOHANG) > 0) /* orphans come to us */
		;
}

static void wants_exit(const char *text)
{
	char is[32];

	snprintf(is, sizeof is, "%d", code);
	pending = false;
	for (; *text; text += strcspn(text, " "), text += strspn(text, " "))
		if (atoi(text) == code)
			return;
	fails("left with ", is);
}

static void write_file(char *words, mode_t mode)
{
	char *text = strchr(words, ' ');
	int fd;

	if (text)
		*text++ = 0;
	fd = open(words, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode);
	if (fd < 0 || dprintf(fd, "%s\n", text ? text : "") < 0)
		fails("write ", words);
	close(fd);
}

static void make_dir(char *words)
{
	char *owner = strchr(words, ' ');

	if (owner)
		*owner++ = 0;
	if (mkdir(words, owner ? 0700 : 0755) < 0 && errno != EEXIST)
		fails("mkdir ", words);
	if (owner && chown(words, (uid_t)atoi(owner), (gid_t)atoi(owner)) < 0)
		fails("chown ", words);
}

static void forget(const char *path)
{
	DIR *d = opendir(path);

	for (struct dirent *e; d && (e = readdir(d));) {
		char below[4096];

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(below, sizeof below, "%s/%s", path, e->d_name);
		umount2(below, MNT_DETACH);
		if (unlink(below) < 0)
			forget(below);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static void step(char *line)
{
	size_t n = strcspn(line, " \t");
	char *rest = line + n + strspn(line + n, " \t");

	line[n] = 0;
	if (!strcmp(line, "test")) {
		report();
		snprintf(name, sizeof name, "%s", rest);
	} else if (!strcmp(line, "run")) {
		run(rest);
	} else if (!strcmp(line, "start")) {
		run_along(rest);
	} else if (!strcmp(line, "uid")) {
		uid = (uid_t)atoi(rest);
	} else if (!strcmp(line, "exit")) {
		wants_exit(rest);
	} else if (!strcmp(line, "out")) {
		if (!strstr(output, rest))
			fails("lacks: ", rest);
	} else if (!strcmp(line, "not")) {
		if (strstr(output, rest))
			fails("holds: ", rest);
	} else if (!strcmp(line, "write")) {
		write_file(rest, 0644);
	} else if (!strcmp(line, "secret")) {
		write_file(rest, 0600);
	} else if (!strcmp(line, "mkdir")) {
		make_dir(rest);
	} else if (!strcmp(line, "umount")) {
		while (!umount2(rest, MNT_DETACH))
			;
	} else if (!strcmp(line, "forget")) {
		forget(rest);
	} else if (!strcmp(line, "gone")) {
		if (!access(rest, F_OK))
			fails("is still there: ", rest);
	} else {
		fails("no such step: ", line);
	}
}

static char *next_line(FILE *f)
{
	static char line[4096];

	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = 0;
		if (*line && *line != '#')
			return line;
	}
	return NULL;
}

static void load_modules(void)
{
	FILE *order = fopen("/modules/order", "re");

	for (char *m; order && (m = next_line(order));) {
		char path[256];

		snprintf(path, sizeof path, "/modules/%s.ko", m);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) < 0)
			printf("# module %s: %s\n", m, strerror(errno));
		close(fd);
	}
	if (order)
		fclose(order);
}

int main(void)
{
	mkdir("/dev", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	int console = open("/dev/console", O_RDWR);
	for (int fd = 0; console >= 0 && fd < 3; fd++)
		dup2(console, fd);
	if (console > 2)
		close(console);
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/run", 0755);
	mkdir("/dev/pts", 0755);
	mkdir("/tmp", 01777);
	chmod("/tmp", 01777);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	mount("securityfs", "/sys/kernel/security", "securityfs", 0, NULL);
	mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL);
	mount("run", "/run", "tmpfs", 0, "mode=0755");
	mount("devpts", "/dev/pts", "devpts", 0, "ptmxmode=0666");
	putchar('\n'); /* the firmware leaves the cursor in its own line */
	load_modules();

	FILE *steps = fopen("/steps", "re");
	for (char *line; steps && (line = next_line(steps));)
		step(line);
	report();
	printf("1..%d\n", number);
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
