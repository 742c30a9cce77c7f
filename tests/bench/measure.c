/* measure.c - how long commands take from spawn to the end of wait
 *
 *	measure [-n SAMPLES] [-9 FILE] <contestants
 *
 * A contestant is a line: name, uid, idle in ms, what to do before each start
 * ("-" for nothing), the command; separated by tabs, words by spaces. All take
 * turns, one start each a round, so that what disturbs the machine disturbs
 * all of them. The first two rounds are not counted. -9 opens FILE anew as
 * descriptor 9 for each start (bwrap --seccomp 9).
 *
 * Prints, tab separated and in ms: name, median, lower and upper quartile,
 * smallest, samples; or name and "-" and a reason when its first start fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONTESTANTS 32
#define WORDS 160
#define WARM_UP 2

struct contestant {
	char *name;
	uid_t uid;
	int idle;
	char *prepare[WORDS], *command[WORDS];
	double *ms;
	int failed; /* its first status that is not 0 */
};

static const char *nine;
static char *user_env[] = {"PATH=/usr/bin:/bin", "HOME=/home/bench", "USER=bench", NULL};
static char *root_env[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", NULL};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Between vfork and exec only system calls, and no wrapper that keeps state. */
static int start(char **argv, uid_t uid)
{
	int status;
	pid_t pid = vfork();

	if (!pid) {
		if (uid && (syscall(SYS_setgroups, 0, NULL) || syscall(SYS_setgid, uid) ||
			    syscall(SYS_setuid, uid)))
			_exit(124);
		execve(argv[0], argv, uid ? user_env : root_env);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("measure");
		exit(1);
	}
	return status;
}

static void open_nine(void)
{
	int fd = open(nine, O_RDONLY);

	if (fd < 0) {
		perror(nine);
		exit(1);
	}
	if (fd != 9) {
		dup2(fd, 9);
		close(fd);
	}
}

static double sample(struct contestant *c)
{
	if (*c->prepare)
		start(c->prepare, 0);
	if (nine)
		open_nine();
	if (c->idle)
		usleep((useconds_t)c->idle * 1000);
	double from = now();
	int status = start(c->command, c->uid);
	double took = now() - from;

	if (status && !c->failed)
		c->failed = status;
	return took;
}

static void split(char *text, char **words)
{
	int n = 0;

	for (char *w = strtok(text, " "); w && n < WORDS - 1; w = strtok(NULL, " "))
		words[n++] = w;
	words[n] = NULL;
}

static bool read_one(struct contestant *c, int samples)
{
	static char line[8192];
	char *field[5];

	if (!fgets(line, sizeof line, stdin))
		return false;
	line[strcspn(line, "\n")] = 0;
	char *rest = strdup(line);
	for (int i = 0; i < 5; i++)
		if (!(field[i] = strsep(&rest, "\t"))) {
			fprintf(stderr, "measure: fields are missing: %s\n", line);
			exit(2);
		}
	c->name = field[0];
	c->uid = (uid_t)atoi(field[1]);
	c->idle = atoi(field[2]);
	if (strcmp(field[3], "-"))
		split(field[3], c->prepare);
	split(field[4], c->command);
	c->ms = calloc((size_t)samples, sizeof *c->ms);
	return true;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(struct contestant *c, int n)
{
	if (c->failed) {
		printf("%s\t-\tfailed with %d\n", c->name,
		       WIFEXITED(c->failed) ? WEXITSTATUS(c->failed) : 128 + WTERMSIG(c->failed));
		return;
	}
	qsort(c->ms, (size_t)n, sizeof *c->ms, ascending);
	printf("%s\t%.3f\t%.3f\t%.3f\t%.3f\t%d\n", c->name, c->ms[n / 2], c->ms[n / 4],
	       c->ms[n * 3 / 4], c->ms[0], n);
}

int main(int argc, char **argv)
{
	static struct contestant all[CONTESTANTS];
	int samples = 200, count = 0, opt;

	while ((opt = getopt(argc, argv, "n:9:")) >= 0)
		switch (opt) {
		case 'n': samples = atoi(optarg); break;
		case '9': nine = optarg; break;
		default: return 2;
		}
	if (samples < 1)
		return 2;
	while (count < CONTESTANTS && read_one(&all[count], samples))
		count++;
	int null = open("/dev/null", O_RDWR), report_to = dup(1);
	fcntl(report_to, F_SETFD, FD_CLOEXEC);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	close(null);
	for (int round = -WARM_UP; round < samples; round++)
		for (int i = 0; i < count; i++) {
			struct contestant *c = &all[i];
			if (c->failed)
				continue;
			double ms = sample(c);
			if (round >= 0)
				c->ms[round] = ms;
		}
	dup2(report_to, 1);
	for (int i = 0; i < count; i++)
		report(&all[i], samples);
	return 0;
}
