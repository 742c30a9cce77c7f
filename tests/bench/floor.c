/* floor.c - the least that a confined start can be made of
 *
 *	floor warm NAMESPACE FILTER PROGRAM     join, two filters, exec
 *	floor cold BASE FILTER PROGRAM          unshare, 32 mounts, pivot, filters, exec
 *	floor pin NAMESPACE                     make a namespace to join
 *
 * FILTER is a .bin2 file as snapbox compiles it: 128 bytes of header with the
 * lengths of the allow and the deny program, then both. No checks, no locks, no
 * environment, no privileges given up: a launcher can only be slower.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOUNTS 32

static void must(long r, const char *what)
{
	if (r < 0) {
		perror(what);
		exit(1);
	}
}

static void load(const char *program, size_t bytes)
{
	struct sock_fprog p = {(unsigned short)(bytes / 8), (struct sock_filter *)(uintptr_t)program};

	if (bytes)
		must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p), "seccomp");
}

static void filters(int fd)
{
	static char data[128 + 2 * 32768] __attribute__((aligned(8)));
	uint32_t allow, deny;

	must(read(fd, data, sizeof data), "read filter");
	memcpy(&allow, data + 8, 4);
	memcpy(&deny, data + 12, 4);
	load(data + 128 + allow, deny);
	load(data + 128, allow);
}

static void warm(const char *ns)
{
	int fd = open(ns, O_RDONLY | O_CLOEXEC);

	must(fd, ns);
	must(setns(fd, CLONE_NEWNS), "setns");
}

/* A tmpfs as root, the base bound on it, and binds of it until there are 32. */
static void cold(const char *base)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID};
	char dir[16];

	must(unshare(CLONE_NEWNS), "unshare");
	must(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "slave");
	int fs = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
	must(syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "fsconfig");
	int root = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	must(root, "fsmount");
	must(syscall(SYS_move_mount, root, "", AT_FDCWD, "/mnt", MOVE_MOUNT_F_EMPTY_PATH), "attach");
	for (int i = 1; i < MOUNTS; i++) {
		int tree = (int)syscall(SYS_open_tree, AT_FDCWD, base, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		must(tree, base);
		snprintf(dir, sizeof dir, "%d", i);
		must(mkdirat(root, dir, 0755), "mkdir");
		must(syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attr, sizeof attr), "attr");
		must(syscall(SYS_move_mount, tree, "", root, dir, MOVE_MOUNT_F_EMPTY_PATH), "move");
		close(tree);
	}
	must(chdir("/mnt"), "chdir");
	must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	must(umount2(".", MNT_DETACH), "umount");
	must(chdir("/1"), "chdir base");
}

/* Linux 6.18 numbers namespaces in batches per processor, and refuses to bind
 * one that looks older than the one it is bound in: try on each. */
static int pin_once(const char *at, int cpu)
{
	char from[64];
	int ready[2], done[2];
	cpu_set_t set;

	must(pipe(ready), "pipe");
	must(pipe(done), "pipe");
	pid_t pid = fork();
	if (!pid) {
		close(done[1]);
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		sched_setaffinity(0, sizeof set, &set);
		must(unshare(CLONE_NEWNS), "unshare");
		must(write(ready[1], "", 1), "write");
		_exit(read(done[0], from, 1) < 0);
	}
	close(ready[1]);
	must(read(ready[0], from, 1) == 1 ? 0 : -1, "child");
	snprintf(from, sizeof from, "/proc/%d/ns/mnt", pid);
	int r = mount(from, at, NULL, MS_BIND, NULL);
	close(done[1]);
	close(done[0]);
	close(ready[0]);
	waitpid(pid, NULL, 0);
	return r;
}

static int pin(const char *at)
{
	int fd = open(at, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	must(fd, at);
	close(fd);
	for (int i = 0; i < 1000; i++)
		if (!pin_once(at, i % (int)sysconf(_SC_NPROCESSORS_ONLN)))
			return 0;
	perror("bind");
	return 1;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "pin"))
		return pin(argv[2]);
	if (argc != 5)
		return 2;
	int program = open(argv[4], O_PATH | O_CLOEXEC);
	must(program, argv[4]);
	int filter = open(argv[3], O_RDONLY | O_CLOEXEC);
	must(filter, argv[3]);
	if (!strcmp(argv[1], "warm"))
		warm(argv[2]);
	else
		cold(argv[2]);
	filters(filter);
	syscall(SYS_execveat, program, "", &argv[4], (char *[]){NULL}, AT_EMPTY_PATH);
	perror(argv[4]);
	return 127;
}
