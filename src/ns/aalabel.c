/* aalabel.c - the app's AppArmor label: asked for, and read back before the exec
 *
 * MUST keep the error of the kernel until it is told apart (attacks.md A142).
 */
#include "ns/aalabel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/die.h"
#include "core/str.h"

#define PROC_ROOT_INO 1
#define ATTR_MAX 64

static int open_real_proc(void)
{
	int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;
	struct stat st;

	if (fd < 0 || fstatfs(fd, &fs) || fstat(fd, &st))
		die("/proc: %m");
	if (fs.f_type != PROC_SUPER_MAGIC || st.st_ino != PROC_ROOT_INO)
		die("/proc is not the kernel's");
	return fd;
}

/* Below what proc itself made: no link, and nothing that was mounted there. Which
 * number we have in the pid namespace of that proc, it says itself. */
static int open_attr(int proc, const char *file, int flags)
{
	char self[ATTR_MAX] = "", path[2 * ATTR_MAX];
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};

	if (readlinkat(proc, "thread-self", self, sizeof self - 1) < 0)
		return -1;
	snprintf(path, sizeof path, "%s/attr%s", self, file);
	return (int)syscall(SYS_openat2, proc, path, &how, sizeof how);
}

/* One line of the kernel's, without its end. False with errno. */
static bool read_attr(int fd, char *out)
{
	ssize_t n = pread(fd, out, AALABEL_MAX - 1, 0);

	if (n < 0)
		return false;
	if (n == AALABEL_MAX - 1) {
		errno = EOVERFLOW;
		return false;
	}
	out[n] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return true;
}

void aalabel_open(struct aalabel *l)
{
	DOING("look for", "AppArmor");
	int proc = open_real_proc(), attr = open_attr(proc, "", O_PATH | O_DIRECTORY), current;

	*l = (struct aalabel){.exec = -1};
	if (attr < 0)
		die("our own attributes in /proc: %m");
	close(attr);
	current = open_attr(proc, "/apparmor/current", O_RDONLY);
	if (current < 0 && errno != ENOENT)
		die("our own label: %m");
	if (current >= 0) {
		l->on = read_attr(current, l->own);
		if (!l->on && errno != EINVAL) /* EINVAL: built in and switched off */
			die("our own label: %m");
		close(current);
	}
	if (l->on && (l->exec = open_attr(proc, "/apparmor/exec", O_RDWR)) < 0)
		die("the label of the next exec: %m");
	close(proc);
}

bool aalabel_unconfined(const struct aalabel *l)
{
	return !strcmp(l->own, "unconfined") || str_ends(l->own, " (unconfined)");
}

static _Noreturn void refused(int error, const char *label)
{
	if (error == ENOENT)
		die("the AppArmor profile %s is not loaded: as root, \"snapbox boot\" loads it",
		    label);
	if (error == EACCES || error == EPERM)
		die("AppArmor does not let us change to %s: %s", label, strerror(error));
	die("ask AppArmor for %s: %s", label, strerror(error));
}

void aalabel_request(const struct aalabel *l, const char *label, const char *mode)
{
	char text[AALABEL_MAX], want[AALABEL_MAX], noted[AALABEL_MAX];
	int n = snprintf(text, sizeof text, "exec %s", label);

	if (n < 0 || n >= AALABEL_MAX - 16)
		die("%s: too long for a label", label);
	if (write(l->exec, text, (size_t)n) != n)
		refused(errno, label);
	snprintf(want, sizeof want, "%s (%s)", label, mode);
	if (!read_attr(l->exec, noted))
		die("read back what AppArmor was asked for: %m");
	if (strcmp(noted, want))
		die("AppArmor has noted down \"%s\", not \"%s\": as root, \"snapbox boot\" "
		    "loads profiles again", noted, want);
}
