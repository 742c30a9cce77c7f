/* file.c - things to try with files */
#include "access.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <dirent.h>
#include <unistd.h>

static int opened(const char *path, int flags)
{
	int fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : close(fd);
}

static int act_read(char **w) { return opened(w[0], O_RDONLY); }
static int act_write(char **w) { return opened(w[0], O_WRONLY); }
static int act_both(char **w) { return opened(w[0], O_RDWR); }
static int act_append(char **w) { return opened(w[0], O_WRONLY | O_APPEND); }
static int act_create(char **w) { return opened(w[0], O_WRONLY | O_CREAT | O_EXCL); }
static int act_trunc(char **w) { return opened(w[0], O_WRONLY | O_TRUNC); }
static int act_tmpfile(char **w) { return opened(w[0], O_WRONLY | O_TMPFILE); }
static int act_truncate(char **w) { return truncate(w[0], 0); }
static int act_mkdir(char **w) { return mkdir(w[0], 0755); }
static int act_rmdir(char **w) { return rmdir(w[0]); }
static int act_unlink(char **w) { return unlink(w[0]); }
static int act_rename(char **w) { return rename(w[0], w[1]); }
static int act_link(char **w) { return link(w[0], w[1]); }
static int act_symlink(char **w) { return symlink(w[0], w[1]); }
static int act_chmod(char **w) { return chmod(w[0], 0600); }
static int act_chown(char **w) { return chown(w[0], 1, 1); }
static int act_mkfifo(char **w) { return mkfifo(w[0], 0600); }
static int act_mknod(char **w) { return mknod(w[0], S_IFCHR | 0600, makedev(1, 3)); }
static int act_setxattr(char **w) { return setxattr(w[0], "trusted.t", "x", 1, 0); }
static int act_chdir(char **w) { return chdir(w[0]); }

static int act_exchange(char **w)
{
	return (int)syscall(SYS_renameat2, AT_FDCWD, w[0], AT_FDCWD, w[1], 2);
}

static int act_stat(char **w)
{
	struct stat st;

	return stat(w[0], &st);
}

static int act_utime(char **w)
{
	return utimensat(AT_FDCWD, w[0], NULL, 0);
}

static int act_list(char **w)
{
	DIR *d = opendir(w[0]);

	return d ? closedir(d) : -1;
}

static int act_lock(char **w)
{
	int fd = open(w[0], O_RDONLY | O_CLOEXEC);

	return fd < 0 ? (errno = EBADFD, -1) : flock(fd, LOCK_SH | LOCK_NB);
}

static int act_lockwrite(char **w)
{
	int fd = open(w[0], O_RDONLY | O_CLOEXEC);

	return fd < 0 ? (errno = EBADFD, -1) : flock(fd, LOCK_EX | LOCK_NB);
}

static int act_mapexec(char **w)
{
	int fd = open(w[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno = EBADFD, -1;
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0;
}

/* Mapped to be read, then made executable. */
static int act_mprotect(char **w)
{
	int fd = open(w[0], O_RDONLY | O_CLOEXEC);
	void *at = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		return errno = EBADFD, -1;
	return mprotect(at, 4096, PROT_READ | PROT_EXEC);
}

/* exec PATH LABEL[_(MODE)] [scrubbed|kept]: it runs, under that label. */
static int act_exec(char **w)
{
	char label[256] = "unconfined";
	static char *env[] = {NULL};

	if (strcmp(w[1], "unconfined"))
		strcat(strcpy(label, w[1]), " (enforce)");
	return execve(w[0], (char *[]){w[0], "label", label, w[2], NULL}, env);
}

/* The same by a handle. */
static int act_fexec(char **w)
{
	char label[256];
	static char *env[] = {NULL};
	int fd = open(w[0], O_PATH | O_CLOEXEC);

	if (fd < 0)
		return -1;
	strcat(strcpy(label, w[1]), " (enforce)");
	return (int)syscall(SYS_execveat, fd, "", (char *[]){w[0], "label", label, NULL}, env,
			    AT_EMPTY_PATH);
}

const struct act acts_file[] = {
	{"append", 1, act_append},
	{"both", 1, act_both},
	{"chdir", 1, act_chdir},
	{"chmod", 1, act_chmod},
	{"chown", 1, act_chown},
	{"create", 1, act_create},
	{"exchange", 2, act_exchange},
	{"exec", 2, act_exec},
	{"fexec", 2, act_fexec},
	{"link", 2, act_link},
	{"list", 1, act_list},
	{"lock", 1, act_lock},
	{"lockwrite", 1, act_lockwrite},
	{"mapexec", 1, act_mapexec},
	{"mkdir", 1, act_mkdir},
	{"mkfifo", 1, act_mkfifo},
	{"mknod", 1, act_mknod},
	{"mprotect", 1, act_mprotect},
	{"read", 1, act_read},
	{"rename", 2, act_rename},
	{"rmdir", 1, act_rmdir},
	{"setxattr", 1, act_setxattr},
	{"stat", 1, act_stat},
	{"symlink", 2, act_symlink},
	{"tmpfile", 1, act_tmpfile},
	{"trunc", 1, act_trunc},
	{"truncate", 1, act_truncate},
	{"unlink", 1, act_unlink},
	{"utime", 1, act_utime},
	{"write", 1, act_write},
	{0},
};
