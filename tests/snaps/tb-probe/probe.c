/* probe.c - what a process finds itself to be, as one JSON object
 *
 *	probe                 everything
 *	probe args WORD...    the words, byte for byte
 *	probe state           one line: how confined
 *	probe tiocsti         try to type into the caller's terminal, every way known
 *
 * Static, reads nothing but /proc/self, opens nothing while it counts
 * descriptors. What cannot be read is null.
 */
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "errname.h"

extern char **environ;

static void text(const char *s)
{
	if (!s) {
		fputs("null", stdout);
		return;
	}
	putchar('"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void list(const char *name, char **words)
{
	printf("\"%s\":[", name);
	for (char **w = words; *w; w++) {
		if (w != words)
			putchar(',');
		text(*w);
	}
	printf("],\n");
}

static char *slurp(const char *path)
{
	static char data[1 << 18];
	size_t len = 0;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	while (len < sizeof data - 1 && (n = read(fd, data + len, sizeof data - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	data[len] = 0;
	return data;
}

static void lines(const char *name, const char *path)
{
	char *s = slurp(path);

	printf("\"%s\":", name);
	if (!s) {
		printf("null,\n");
		return;
	}
	putchar('[');
	for (char *line = strtok(s, "\n"), *first = line; line; line = strtok(NULL, "\n")) {
		if (line != first)
			putchar(',');
		text(line);
	}
	printf("],\n");
}

/* One "Name:\tvalue" of /proc/self/status, or NULL. */
static const char *status(const char *name)
{
	static char value[256];
	char *s = slurp("/proc/self/status");
	size_t n = strlen(name);

	for (char *line = s ? strtok(s, "\n") : NULL; line; line = strtok(NULL, "\n"))
		if (!strncmp(line, name, n) && line[n] == ':') {
			snprintf(value, sizeof value, "%s", line + n + 1 + strspn(line + n + 1, " \t"));
			return value;
		}
	return NULL;
}

static void from_status(const char *key, const char *name)
{
	printf("\"%s\":", key);
	text(status(name));
	printf(",\n");
}

/* Real, effective, saved, of files: asked of /proc, as the calls may be denied. */
static void four(const char *key, const char *name)
{
	unsigned id[4] = {0};

	sscanf(status(name) ?: "", "%u %u %u %u", &id[0], &id[1], &id[2], &id[3]);
	printf("\"%s\":[%u,%u,%u,%u],\n", key, id[0], id[1], id[2], id[3]);
}

static void ids(void)
{
	gid_t groups[1024];
	int n = getgroups(1024, groups);

	four("uid", "Uid");
	four("gid", "Gid");
	printf("\"groups\":[");
	for (int i = 0; i < n; i++)
		printf("%s%u", i ? "," : "", groups[i]);
	printf("],\n");
}

static void descriptors(void)
{
	bool first = true;

	printf("\"fds\":{");
	for (int fd = 0; fd < 4096; fd++) {
		char link[64], to[4096] = "";

		if (fcntl(fd, F_GETFD) < 0)
			continue;
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		ssize_t n = readlink(link, to, sizeof to - 1);
		printf("%s\"%d\":", first ? "" : ",", fd);
		text(n < 0 ? NULL : to);
		first = false;
	}
	printf("},\n");
}

static void limits(void)
{
	static const char *const names[] = {"cpu", "fsize", "data", "stack", "core", "rss",
		"nproc", "nofile", "memlock", "as", "locks", "sigpending", "msgqueue", "nice",
		"rtprio", "rttime"};

	printf("\"limits\":{");
	for (int i = 0; i < 16; i++) {
		struct rlimit r = {0};

		getrlimit(i, &r);
		printf("%s\"%s\":[%lld,%lld]", i ? "," : "", names[i], (long long)r.rlim_cur,
		       (long long)r.rlim_max);
	}
	printf("},\n");
}

static void timers(void)
{
	struct itimerval t = {0};
	bool any = false;

	for (int i = ITIMER_REAL; i <= ITIMER_PROF; i++)
		any |= !getitimer(i, &t) && (t.it_value.tv_sec || t.it_value.tv_usec);
	printf("\"timers\":%s,\n", any ? "true" : "false");
}

static void everything(char **argv)
{
	char cwd[4096];

	puts("{");
	ids();
	from_status("cap_inh", "CapInh");
	from_status("cap_prm", "CapPrm");
	from_status("cap_eff", "CapEff");
	from_status("cap_bnd", "CapBnd");
	from_status("cap_amb", "CapAmb");
	printf("\"securebits\":%d,\n", prctl(PR_GET_SECUREBITS));
	printf("\"no_new_privs\":%d,\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	printf("\"dumpable\":%d,\n", prctl(PR_GET_DUMPABLE));
	from_status("seccomp", "Seccomp");
	from_status("filters", "Seccomp_filters");
	from_status("tracer", "TracerPid");
	from_status("umask", "Umask");
	from_status("sig_blocked", "SigBlk");
	from_status("sig_ignored", "SigIgn");
	from_status("sig_caught", "SigCgt");
	lines("label", "/proc/self/attr/current");
	lines("cgroup", "/proc/self/cgroup");
	descriptors();
	limits();
	timers();
	printf("\"personality\":%lu,\n", (unsigned long)personality(0xffffffff));
	printf("\"cwd\":");
	text(getcwd(cwd, sizeof cwd));
	printf(",\n");
	lines("mountinfo", "/proc/self/mountinfo");
	list("env", environ);
	list("argv", argv);
	puts("\"probe\":1\n}");
}

static int state(void)
{
	char prm[64], filters[64];

	snprintf(prm, sizeof prm, "%s", status("CapPrm") ?: "?");
	snprintf(filters, sizeof filters, "%s", status("Seccomp_filters") ?: "?");
	printf("uid=%u caps=%s seccomp=%d filters=%s nnp=%d\n", getuid(), prm,
	       prctl(PR_GET_SECCOMP), filters, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	return 0;
}

static int try_ioctl(const char *what, unsigned long request, void *arg)
{
	long r = syscall(SYS_ioctl, 0, request, arg);

	printf("%s %s\n", what, r < 0 ? errname(errno) : "ok");
	return r >= 0;
}

static int tiocsti(void)
{
	static const unsigned long high[] = {0, 1, 0x7fffffff, 0xffffffff};
	char c = '!', sub[16] = {2};
	int got = 0;

	for (size_t i = 0; i < sizeof high / sizeof high[0]; i++) {
		unsigned long or = high[i] << 32;
		got += try_ioctl("TIOCSTI", or | TIOCSTI, &c);
		got += try_ioctl("TIOCLINUX", or | TIOCLINUX, sub);
		got += try_ioctl("TIOCSETD", or | TIOCSETD, &(int){0});
		got += try_ioctl("TIOCCONS", or | TIOCCONS, NULL);
	}
	return got != 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "args")) {
		printf("{");
		list("args", argv + 2);
		puts("\"probe\":1}");
		return 0;
	}
	if (argc > 1 && !strcmp(argv[1], "state"))
		return state();
	if (argc > 1 && !strcmp(argv[1], "tiocsti"))
		return tiocsti();
	everything(argv);
	return 0;
}
