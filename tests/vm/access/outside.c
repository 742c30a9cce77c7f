/* outside.c - what a snap must not reach: a process, its servers, files of others
 *
 * Everything is as open as file modes can make it: what keeps a snap out is its policy.
 * Only sockets and shared memory belong to the process; files are made as root.
 */
#include "access.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PORT 4711
#define KEY 4711

static void put(const char *path, uid_t uid)
{
	char dir[256];

	for (const char *p = path + 1; (p = strchr(p, '/')); p++) {
		snprintf(dir, sizeof dir, "%.*s", (int)(p - path), path);
		if (!mkdir(dir, 0777) && (chmod(dir, 0777) || chown(dir, uid, uid)))
			exit(1);
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, "secret\n", 7) != 7 || fchmod(fd, 0666) || fchown(fd, uid, uid)) {
		perror(path);
		exit(1);
	}
	close(fd);
}

static void serve_unix(const char *name, int type)
{
	struct sockaddr_un a;
	unsigned len = unix_address(&a, name);
	int s = socket(AF_UNIX, type, 0);

	unlink(name);
	if (s < 0 || bind(s, (void *)&a, len) || (type == SOCK_STREAM && listen(s, 5))) {
		perror(name);
		exit(1);
	}
	if (*name == '/' && chmod(name, 0777))
		exit(1);
}

static void serve_inet(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(PORT),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int s = socket(AF_INET, SOCK_STREAM, 0);

	/* without loopback connect(2) fails otherwise than when it is forbidden */
	if (s >= 0 && !bind(s, (void *)&a, sizeof a))
		listen(s, 5);
}

int outside(char **w)
{
	static const char *const in_home[] = {
		".ssh/id", ".hidden", "plain", "snap/other/common/file", ".local/share/file",
		".config/file", NULL,
	};
	static const char *const elsewhere[] = {
		"/var/snap/other/common/file", "/run/secret/file", "/dev/shm/outside",
		"/mnt/file", "/media/file", "/home/other/plain", "/home/other/.hidden", NULL,
	};
	uid_t uid = (uid_t)atoi(w[0]);
	char path[256];

	umask(0);
	for (size_t i = 0; in_home[i]; i++) {
		snprintf(path, sizeof path, "%s/%s", w[1], in_home[i]);
		put(path, uid);
	}
	for (size_t i = 0; elsewhere[i]; i++)
		put(elsewhere[i], uid);
	int fd = shmget(KEY, 4096, IPC_CREAT | 0666);
	if (setgid(uid) || setuid(uid) || prctl(PR_SET_DUMPABLE, 1) || fd < 0)
		return 1;
	serve_unix("/run/secret/stream", SOCK_STREAM);
	serve_unix("/run/secret/dgram", SOCK_DGRAM);
	serve_unix("@outside", SOCK_STREAM);
	serve_unix("@outside.dgram", SOCK_DGRAM);
	serve_inet();
	printf("ready %d\n", getpid());
	fflush(stdout);
	alarm(100);
	pause();
	return 0;
}
