/* users.c - what snaps keep in people's home directories
 *
 * MUST NOT open anything below a home directory before the identity is the
 * user's, for good.
 */
#include "applets/lib/users.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/proc.h"
#include "core/str.h"

#define PASSWD_MAX (4u << 20)
#define WAIT_MS 30000
#define POLL_NS 2000000L

struct user {
	const char *name, *home;
	uid_t uid;
	gid_t gid;
};

static bool parse_user(struct arena *a, const char *line, struct user *u)
{
	size_t n;
	uint64_t uid, gid;
	char **f = str_split(a, line, ':', &n);

	if (n != 7 || !str_to_u64(f[2], UINT32_MAX - 1, &uid) ||
	    !str_to_u64(f[3], UINT32_MAX - 1, &gid) || f[5][0] != '/')
		return false;
	*u = (struct user){.name = f[0], .home = f[5], .uid = (uid_t)uid, .gid = (gid_t)gid};
	return true;
}

static bool become(const struct user *u)
{
	if (geteuid() || (!u->uid && !u->gid)) /* an image builder has only its own rights */
		return true;
	return !setgroups(0, NULL) && !setresgid(u->gid, u->gid, u->gid) &&
	       !setresuid(u->uid, u->uid, u->uid);
}

/* In the child: 0 removed, 1 nothing there, 2 failed. */
static int remove_as(const struct user *u, const char *name)
{
	/* The user can make this child wait for ever (FUSE): then it must hold no lock of ours. */
	if (syscall(SYS_close_range, 3u, ~0u, 0u) || !become(u))
		return 2;
	int root = open(*dirs_root() ? dirs_root() : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int at = root < 0 ? -1 : fs_open_in_root(root, u->home, O_PATH | O_DIRECTORY);
	int snap = at < 0 ? -1 : fs_open(at, "snap", O_RDONLY | O_DIRECTORY, 0);

	/* Whatever is there, if it is no directory it is not what `run` made. */
	if (snap < 0)
		return errno == EIO || errno == ENOMEM ? 2 : 1;
	if (faccessat(snap, name, F_OK, AT_SYMLINK_NOFOLLOW) && errno == ENOENT)
		return 1;
	return fs_remove_tree(snap, name) ? 0 : 2;
}

static int wait_for(pid_t pid)
{
	struct timespec pause = {.tv_nsec = POLL_NS};
	int status;

	for (long long ms = 0; ms < WAIT_MS; ms += POLL_NS / 1000000) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
		if (got < 0 && errno != EINTR)
			return 2;
		nanosleep(&pause, NULL);
	}
	kill(pid, SIGKILL); /* not waited for: it may hang in the kernel */
	return 2;
}

bool users_remove_data(struct arena *a, const char *name, bool *found)
{
	char *text = fs_read(a, AT_FDCWD, arena_printf(a, "%s/etc/passwd", dirs_root()), PASSWD_MAX,
			     NULL);
	bool ok = text || errno == ENOENT;

	if (!ok)
		warn("%s/etc/passwd: %m: data in home directories stays", dirs_root());
	for (char **line = str_split(a, text ? text : "", '\n', NULL); *line; line++) {
		struct user u;

		if (!parse_user(a, *line, &u))
			continue;
		pid_t pid = proc_fork();
		if (!pid)
			_exit(remove_as(&u, name));
		int end = wait_for(pid);
		*found |= end != 1;
		if (end == 2) {
			warn("%s%s/snap/%s of %s could not be removed", dirs_root(), u.home, name,
			     u.name);
			ok = false;
		}
	}
	return ok;
}
