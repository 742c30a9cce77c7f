/* lock.c - locked files */
#include "core/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "core/die.h"
#include "core/dirs.h"
#include "core/fs.h"

#define POLL_FIRST_NS 200000L /* 0.2 ms, then longer and longer */
#define POLL_LAST_NS 20000000L

static int lock_file(const char *name)
{
	char file[300];
	int dir = dirs_open(DIR_LOCK);

	if (dir < 0 && errno == ENOENT) {
		dirs_make(DIR_RUN);
		dirs_make(DIR_LOCK);
		dir = dirs_open(DIR_LOCK);
	}
	if (dir < 0)
		die("lock directory: %m");
	snprintf(file, sizeof file, "%s.lock", name);
	int fd = fs_open(dir, file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0)
		die("lock %s: %m", name);
	close(dir);
	return fd;
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

int lock_try(const char *name, bool shared)
{
	int fd = lock_file(name);

	if (!flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB))
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int lock_take(const char *name, bool shared)
{
	int fd = lock_file(name);
	long long deadline = now_ms() + LOCK_WAIT_MS;
	struct timespec pause = {.tv_nsec = POLL_FIRST_NS};

	/* Polling, not an alarm: a caller can block SIGALRM but not the clock. */
	while (flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			die("lock %s: %m", name);
		if (now_ms() > deadline)
			die("lock %s: still held by another snapbox after %d s", name,
			    LOCK_WAIT_MS / 1000);
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < POLL_LAST_NS)
			pause.tv_nsec *= 2;
	}
	return fd;
}

void lock_drop(int fd)
{
	if (fd >= 0)
		close(fd);
}

void lock_undo(void *fd)
{
	lock_drop(*(int *)fd);
}
