/* poke.c - try things, and say what came of each
 *
 *	poke ACTION [WORD]... [, ACTION [WORD]...]...
 *
 * Prints one line an action: its name, and "ok", a value, or the error's name.
 * Leaves with 1 when one failed. The table at the foot is the list of actions.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <dirent.h>
#include <netinet/in.h>
#include <unistd.h>

#include "errname.h"

static int act_read(char **w)
{
	char data[4096];
	int fd = open(w[0], O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, data, sizeof data - 1);

	if (n < 0)
		return -1;
	data[n] = 0;
	data[strcspn(data, "\n")] = 0;
	printf("%s ", data);
	return close(fd);
}

static int act_write(char **w)
{
	int fd = open(w[0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, w[1], strlen(w[1])) < 0)
		return -1;
	return close(fd);
}

/* Could it be written? Without doing so: it may be the host's. */
static int act_openw(char **w)
{
	int fd = open(w[0], O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

static int act_list(char **w)
{
	DIR *d = opendir(w[0]);

	if (!d)
		return -1;
	for (struct dirent *e; (e = readdir(d));)
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			printf("%s ", e->d_name);
	return closedir(d);
}

static int act_stat(char **w)
{
	struct stat st;

	if (lstat(w[0], &st) < 0)
		return -1;
	printf("%o:%u:%u ", st.st_mode, st.st_uid, st.st_gid);
	return 0;
}

static int act_mkdir(char **w)
{
	return mkdir(w[0], (mode_t)strtoul(w[1], NULL, 8));
}

static int act_rename(char **w)
{
	return rename(w[0], w[1]);
}

static int act_symlink(char **w)
{
	return symlink(w[0], w[1]);
}

static int act_unlink(char **w)
{
	return unlink(w[0]);
}

static int act_chmod(char **w)
{
	return chmod(w[0], (mode_t)strtoul(w[1], NULL, 8));
}

static int act_mknod(char **w)
{
	return mknod(w[0], S_IFBLK | 0600, makedev((unsigned)atoi(w[1]), (unsigned)atoi(w[2])));
}

static int act_mount(char **w)
{
	return mount(w[0], w[1], w[2], strcmp(w[2], "bind") ? 0 : MS_BIND, NULL);
}

static int act_remount(char **w)
{
	return mount(NULL, w[0], NULL, MS_REMOUNT | MS_BIND, NULL);
}

static int act_umount(char **w)
{
	return umount2(w[0], MNT_DETACH);
}

static int act_unshare(char **w)
{
	return unshare((int)strtol(w[0], NULL, 0));
}

static int act_setns(char **w)
{
	int fd = open(w[0], O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : setns(fd, 0);
}

static int act_chroot(char **w)
{
	return chroot(w[0]);
}

static int act_setuid(char **w)
{
	uid_t id = (uid_t)strtol(w[0], NULL, 10);

	return (int)syscall(SYS_setresuid, id, id, id);
}

static int act_setgid(char **w)
{
	gid_t id = (gid_t)strtol(w[0], NULL, 10);

	return (int)syscall(SYS_setresgid, id, id, id);
}

static int act_kill(char **w)
{
	return kill((pid_t)atoi(w[0]), atoi(w[1]));
}

/* 0 as pid: a child of our own. */
static int act_ptrace(char **w)
{
	pid_t pid = (pid_t)atoi(w[0]), child = 0;

	if (!pid && !(child = pid = fork())) {
		pause();
		_exit(0);
	}
	long r = ptrace(PTRACE_SEIZE, pid, NULL, NULL);
	int e = errno;
	if (child) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	errno = e;
	return (int)r;
}

static int act_socket(char **w)
{
	int fd = socket(atoi(w[0]), atoi(w[1]), atoi(w[2]));

	return fd < 0 ? -1 : close(fd);
}

static int act_unix(char **w)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strncpy(to.sun_path, w[0], sizeof to.sun_path - 1);
	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof to);
}

static int act_tcp(char **w)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(w[0])),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof to);
}

static int act_openpty(char **w)
{
	int n = -1, fd = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);

	(void)w;
	if (fd < 0 || unlockpt(fd) < 0 || !ptsname(fd))
		return -1;
	printf("%s ", ptsname(fd));
	n = open(ptsname(fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	return n;
}

static int act_exec(char **w)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execl(w[0], w[0], w[1], (char *)NULL);
		_exit(errno);
	}
	if (waitpid(pid, &status, 0) < 0)
		return -1;
	if (WIFEXITED(status) && WEXITSTATUS(status)) {
		errno = WEXITSTATUS(status);
		return -1;
	}
	return WIFEXITED(status) ? 0 : -1;
}

static int act_sleep(char **w)
{
	printf("pid %d ", getpid());
	fflush(stdout);
	usleep((useconds_t)(atof(w[0]) * 1e6));
	return 0;
}

static int act_exit(char **w)
{
	exit(atoi(w[0]));
}

static int act_signal(char **w)
{
	return kill(getpid(), atoi(w[0]));
}

static const struct {
	const char *name;
	int words;
	int (*act)(char **words);
} actions[] = {
	{"chmod", 2, act_chmod},     {"chroot", 1, act_chroot},   {"exec", 2, act_exec},
	{"exit", 1, act_exit},       {"kill", 2, act_kill},       {"list", 1, act_list},
	{"mkdir", 2, act_mkdir},     {"mknod", 3, act_mknod},     {"mount", 3, act_mount},
	{"openpty", 0, act_openpty}, {"openw", 1, act_openw},     {"ptrace", 1, act_ptrace},
	{"read", 1, act_read},
	{"remount", 1, act_remount}, {"rename", 2, act_rename},   {"setgid", 1, act_setgid},
	{"setns", 1, act_setns},     {"setuid", 1, act_setuid},   {"signal", 1, act_signal},
	{"sleep", 1, act_sleep},     {"socket", 3, act_socket},   {"stat", 1, act_stat},
	{"symlink", 2, act_symlink}, {"tcp", 1, act_tcp},         {"umount", 1, act_umount},
	{"unix", 1, act_unix},       {"unlink", 1, act_unlink},   {"unshare", 1, act_unshare},
	{"write", 2, act_write},
};

/* Do the action at w; returns where the next one is, or NULL when there is none such. */
static char **do_one(char **w, int *failed)
{
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		if (strcmp(actions[i].name, w[0]))
			continue;
		for (int n = 1; n <= actions[i].words; n++)
			if (!w[n])
				return NULL;
		printf("%s ", w[0]);
		fflush(stdout);
		int r = actions[i].act(w + 1);
		printf("%s\n", r < 0 ? errname(errno) : "ok");
		fflush(stdout);
		*failed |= r < 0;
		return w + 1 + actions[i].words;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (char **w = argv + 1; argc > 1 && w && *w; w += *w && !strcmp(*w, ",")) {
		w = do_one(w, &failed);
		if (!w) {
			fputs("poke: wrong use; see the table in poke.c\n", stderr);
			return 2;
		}
	}
	return failed;
}
