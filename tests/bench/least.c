/* least.c - the CPU time of a command at its quickest, and its peak memory
 *
 *	least SAMPLES OUTPUT COMMAND...
 *
 * Standard output of the command goes to the file OUTPUT. Prints seconds of user and
 * system time together, of the quickest run, and kB. Fails when the command does.
 * The process that execs is a small one: its own pages would count as the command's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
	       (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

static void run(const char *output, char **command)
{
	int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
		execvp(command[0], command);
	fprintf(stderr, "least: %s: %s\n", command[0], strerror(errno));
	_exit(127);
}

int main(int argc, char **argv)
{
	struct rusage u;
	double least = 0;
	long kb = 0;
	int status;

	if (argc < 4)
		return 2;
	for (int i = 0; i < atoi(argv[1]); i++) {
		pid_t pid = fork();

		if (!pid)
			run(argv[2], argv + 3);
		if (pid < 0 || wait4(pid, &status, 0, &u) != pid || status)
			return 1;
		if (!i || seconds(&u) < least) {
			least = seconds(&u);
			kb = u.ru_maxrss;
		}
	}
	printf("%.4f %ld\n", least, kb);
	return 0;
}
