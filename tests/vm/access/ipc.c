/* ipc.c - things to try with sockets, signals and other processes */
#include "access.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

unsigned unix_address(struct sockaddr_un *a, const char *name)
{
	memset(a, 0, sizeof *a);
	a->sun_family = AF_UNIX;
	memcpy(a->sun_path, name, strlen(name));
	if (*name == '@')
		a->sun_path[0] = 0;
	return (unsigned)(sizeof a->sun_family + strlen(name) + (*name != '@'));
}

static int number(const char *word)
{
	static const struct {
		const char *name;
		int n;
	} all[] = {
		{"unix", AF_UNIX}, {"inet", AF_INET}, {"inet6", AF_INET6}, {"packet", AF_PACKET},
		{"netlink", AF_NETLINK}, {"alg", AF_ALG}, {"vsock", AF_VSOCK}, {"key", AF_KEY},
		{"stream", SOCK_STREAM}, {"dgram", SOCK_DGRAM}, {"raw", SOCK_RAW},
		{"seqpacket", SOCK_SEQPACKET}, {"hup", SIGHUP}, {"term", SIGTERM},
		{"kill", SIGKILL}, {"stop", SIGSTOP}, {"cont", SIGCONT}, {"usr1", SIGUSR1},
		{"exists", 0}, {"rtmin+3", 35},
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (!strcmp(all[i].name, word))
			return all[i].n;
	return atoi(word);
}

static int act_socket(char **w)
{
	return socket(number(w[0]), number(w[1]), w[2] ? atoi(w[2]) : 0) < 0 ? -1 : 0;
}

static int act_pair(char **w)
{
	int fds[2];
	char byte = 'x';

	if (socketpair(AF_UNIX, number(w[0]), 0, fds))
		return -1;
	return write(fds[0], &byte, 1) == 1 && read(fds[1], &byte, 1) == 1 ? 0 : -1;
}

/* bind TYPE NAME */
static int act_bind(char **w)
{
	struct sockaddr_un a;
	unsigned len = unix_address(&a, w[1]);
	int s = socket(AF_UNIX, number(w[0]), 0);

	if (s < 0)
		return errno = EBADFD, -1;
	return bind(s, (void *)&a, len);
}

/* listen NAME: bind, then listen and accept nobody */
static int act_listen(char **w)
{
	struct sockaddr_un a;
	unsigned len = unix_address(&a, w[0]);
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	if (s < 0 || bind(s, (void *)&a, len))
		return errno = EBADFD, -1;
	return listen(s, 1);
}

static int act_connect(char **w)
{
	struct sockaddr_un a;
	unsigned len = unix_address(&a, w[0]);
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	if (s < 0)
		return errno = EBADFD, -1;
	if (connect(s, (void *)&a, len))
		return -1;
	return send(s, "x", 1, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

static int act_sendto(char **w)
{
	struct sockaddr_un a;
	unsigned len = unix_address(&a, w[0]);
	int s = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (s < 0)
		return errno = EBADFD, -1;
	return sendto(s, "x", 1, 0, (void *)&a, len) == 1 ? 0 : -1;
}

/* inet-bind TYPE PORT */
static int act_inet_bind(char **w)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(w[1]))};
	int s = socket(AF_INET, number(w[0]), 0);

	return s < 0 ? -1 : bind(s, (void *)&a, sizeof a);
}

static int act_signal(char **w)
{
	return kill(atoi(w[1]), number(w[0]));
}

static int act_trace(char **w)
{
	return (int)ptrace(PTRACE_SEIZE, atoi(w[0]), 0, 0);
}

static int act_traceme(char **w)
{
	(void)w;
	return (int)ptrace(PTRACE_TRACEME, 0, 0, 0);
}

/* What /proc shows of another only to those who may read it: PID FILE. */
static int act_look(char **w)
{
	char path[64], data[64];

	snprintf(path, sizeof path, "/proc/%s/%s", w[0], w[1]);
	if (!strcmp(w[1], "exe") || !strncmp(w[1], "ns/", 3))
		return readlink(path, data, sizeof data) < 0 ? -1 : 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 || read(fd, data, sizeof data) < 0 ? -1 : close(fd);
}

static int act_vmread(char **w)
{
	char here[16];
	struct iovec to = {here, sizeof here}, from = {(void *)(uintptr_t)&act_vmread, sizeof here};

	return process_vm_readv(atoi(w[0]), &to, 1, &from, 1, 0) < 0 && errno != EFAULT ? -1 : 0;
}

static int act_mqueue(char **w)
{
	mqd_t q = mq_open(w[0], O_RDWR | O_CREAT | O_CLOEXEC, 0600, NULL);

	if (q == (mqd_t)-1)
		return -1;
	mq_unlink(w[0]);
	return mq_close(q);
}

/* io_uring_setup FLAGS: 2 asks for a polling thread */
static int act_ring(char **w)
{
	unsigned params[30] = {[2] = (unsigned)strtoul(w[0], NULL, 0)};
	long fd = syscall(SYS_io_uring_setup, 4, params);

	return fd < 0 ? -1 : close((int)fd);
}

/* A process under our own label, for rules about ourselves. */
static int act_own_child(char **w)
{
	pid_t pid = fork();
	int result;

	if (!pid) {
		/* it may be that nobody can kill it: do not hold up who reads from us */
		close(1);
		close(2);
		alarm(3);
		pause();
		_exit(0);
	}
	if (!strcmp(w[0], "trace"))
		result = (int)ptrace(PTRACE_SEIZE, pid, 0, 0);
	else
		result = kill(pid, number(w[0]));
	int saved = errno;
	ptrace(PTRACE_DETACH, pid, 0, 0);
	kill(pid, SIGKILL);
	errno = saved;
	return result;
}

const struct act acts_ipc[] = {
	{"bind", 2, act_bind},
	{"connect", 1, act_connect},
	{"inet-bind", 2, act_inet_bind},
	{"io_uring", 1, act_ring},
	{"listen", 1, act_listen},
	{"look", 2, act_look},
	{"mqueue", 1, act_mqueue},
	{"own-child", 1, act_own_child},
	{"pair", 1, act_pair},
	{"sendto", 1, act_sendto},
	{"signal", 2, act_signal},
	{"socket", 2, act_socket},
	{"trace", 1, act_trace},
	{"traceme", 0, act_traceme},
	{"vmread", 1, act_vmread},
	{0},
};
