/* syscheck.c - system calls by number, with chosen 64-bit arguments
 *
 *	syscheck [-i | -x] NUMBER [ARG]...    one call: "0x..." or the error's name
 *	syscheck [-i | -x] all FROM TO        each number with arguments -1, one a line
 *
 * -i goes through int 0x80, -x sets the x32 bit. Each call is made by a child
 * of its own in a session of its own, with two seconds to live; a child that
 * dies is "killed SIGNAL". Numbers are as strtoull reads them.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "errname.h"

enum way { NATIVE, INT80, X32 };

static inline __attribute__((always_inline)) long call(enum way way, long nr, const uint64_t a[6])
{
	long r;

	if (way == INT80) {
		__asm__ volatile("push %%rbp; mov %7, %%rbp; int $0x80; pop %%rbp"
				 : "=a"(r)
				 : "a"(nr), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4]),
				   "r"(a[5])
				 : "memory", "r8", "r9", "r10", "r11");
		return (int)r;
	}
	register uint64_t r10 __asm__("r10") = a[3], r8 __asm__("r8") = a[4], r9 __asm__("r9") = a[5];

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(way == X32 ? nr | 0x40000000 : nr), "D"(a[0]), "S"(a[1]), "d"(a[2]),
			   "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return r;
}

/* The result comes back in memory: a pipe would need calls that may be denied. */
static void one(enum way way, long nr, const uint64_t args[6])
{
	static volatile struct {
		long result;
		bool done;
	} *box;
	int status;

	if (!box)
		box = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	box->done = false;
	pid_t parent, pid = fork();
	if (!pid) {
		parent = getpid();
		setsid();
		alarm(2);
		long r = call(way, nr, args);
		if (getpid() == parent) {
			box->result = r;
			box->done = true;
		}
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		printf("no child: %s\n", errname(errno));
	else if (box->done && box->result < 0 && box->result > -4096)
		printf("%s\n", errname((int)-box->result));
	else if (box->done)
		printf("0x%lx\n", box->result);
	else if (WIFSIGNALED(status))
		printf("killed %s\n", WTERMSIG(status) == SIGSYS ? "SIGSYS" : strsignal(WTERMSIG(status)));
	else
		printf("exited\n");
	fflush(stdout);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static int all(enum way way, long from, long to)
{
	static const uint64_t nothing[6] = {-1, -1, -1, -1, -1, -1};

	for (long nr = from; nr <= to; nr++) {
		/* rt_sigreturn jumps to wherever the stack says */
		if (nr == 15 || (way == INT80 && (nr == 119 || nr == 173)))
			continue;
		printf("%ld ", nr);
		fflush(stdout);
		one(way, nr, nothing);
	}
	return 0;
}

int main(int argc, char **argv)
{
	enum way way = NATIVE;
	uint64_t args[6] = {0};

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && (!strcmp(argv[1], "-i") || !strcmp(argv[1], "-x"))) {
		way = argv[1][1] == 'i' ? INT80 : X32;
		argc--, argv++;
	}
	if (argc == 4 && !strcmp(argv[1], "all"))
		return all(way, atol(argv[2]), atol(argv[3]));
	if (argc < 2 || argc > 8) {
		fputs("usage: syscheck [-i | -x] NUMBER [ARG]... | all FROM TO\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		args[i - 2] = strtoull(argv[i], NULL, 0);
	one(way, atol(argv[1]), args);
	return 0;
}
