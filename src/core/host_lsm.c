/* host_lsm.c - AppArmor with each of its kernel features, and Landlock
 *
 * The features are a directory tree in securityfs. Where that is not mounted
 * (initramfs, minimal systems) root reads it through a mount of its own that
 * is attached nowhere.
 */
#include "core/host_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"

#ifndef SYS_lsm_list_modules
#define SYS_lsm_list_modules 461 /* Linux 6.8, the same number everywhere */
#endif

#define FEATURES "apparmor/features"
#define FEATURE_FILE_MAX 4096
#define FEATURE_DEPTH_MAX 6
#define LSM_ID_APPARMOR 104
#define LANDLOCK_VERSION 1u /* LANDLOCK_CREATE_RULESET_VERSION */

/* Asked first because it cannot be faked by a mount: 1, 0, or -1 before Linux 6.8. */
static int kernel_lists_apparmor(void)
{
	uint64_t ids[32];
	uint32_t size = sizeof ids;
	long n = syscall(SYS_lsm_list_modules, ids, &size, 0);

	if (n < 0)
		return -1;
	for (long i = 0; i < n; i++)
		if (ids[i] == LSM_ID_APPARMOR)
			return 1;
	return 0;
}

static int module_says_enabled(void)
{
	char c;
	int fd = open("/sys/module/apparmor/parameters/enabled", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	ssize_t n = read(fd, &c, 1);
	close(fd);
	return n == 1 && c == 'Y';
}

/* A descriptor of the features directory, or -1. */
static int open_features(void)
{
	int fd = fs_open(AT_FDCWD, "/sys/kernel/security/" FEATURES, O_RDONLY | O_DIRECTORY, 0);

	if (fd >= 0)
		return fd;
	int context = (int)syscall(SYS_fsopen, "securityfs", FSOPEN_CLOEXEC);
	if (context < 0)
		return -1;
	int mount = -1;
	if (!syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
	close(context);
	if (mount < 0)
		return -1;
	fd = fs_open(mount, FEATURES, O_RDONLY | O_DIRECTORY, 0);
	close(mount);
	return fd;
}

static char *one_line(struct arena *a, const char *text)
{
	char *line = arena_dup(a, text);
	size_t n = strlen(line);

	while (n && strchr("\n ", line[n - 1]))
		line[--n] = '\0';
	for (char *p = line; *p; p++)
		if (*p == '\n')
			*p = ' ';
	return line;
}

/* A directory before what is in it; its fact has no detail. */
static void add_features(struct arena *a, struct host_list *l, int dir, const char *prefix,
			 int depth)
{
	size_t n = 0;
	char **names = fs_list(a, dir, ".", &n);

	for (size_t i = 0; names && i < n; i++) {
		struct stat st;
		char *name = arena_printf(a, "%s%s", prefix, names[i]);

		if (fstatat(dir, names[i], &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (S_ISREG(st.st_mode)) {
			char *text = fs_read(a, dir, names[i], FEATURE_FILE_MAX, NULL);

			host_add(a, l, "apparmor", name, HOST_PRESENT,
				 text ? one_line(a, text) : "");
		} else if (S_ISDIR(st.st_mode)) {
			int sub = fs_open(dir, names[i], O_RDONLY | O_DIRECTORY, 0);

			host_add(a, l, "apparmor", name, HOST_PRESENT, "");
			if (sub >= 0 && depth < FEATURE_DEPTH_MAX)
				add_features(a, l, sub, arena_printf(a, "%s/", name), depth + 1);
			if (sub >= 0)
				close(sub);
		}
	}
}

/* What snap policy asks of AppArmor; the first that exists of a "|" list counts. */
static const char *const wanted[] = {
	"caps", "dbus", "domain", "file", "mount", "namespaces", "network|network_v8|network_v9",
	"network_v9/af_unix|network/af_unix", "ptrace", "signal", NULL,
};

static bool has_any(struct arena *a, const struct host_list *l, size_t from, const char *list)
{
	for (char **w = str_split(a, list, '|', NULL); *w; w++)
		for (size_t i = from; i < l->len; i++)
			if (str_eq(l->at[i].name, *w))
				return true;
	return false;
}

bool host_probe_apparmor(struct arena *a, struct host_list *l)
{
	int listed = kernel_lists_apparmor();
	bool active = (listed < 0 ? module_says_enabled() : listed) == 1;
	size_t from = l->len + 1;

	host_add(a, l, "apparmor", "", active ? HOST_PRESENT : HOST_MISSING,
		 active ? "" : "not among the kernel's active security modules");
	int dir = active ? open_features() : -1;
	if (dir >= 0) {
		add_features(a, l, dir, "", 0);
		close(dir);
	}
	for (size_t i = 0; wanted[i]; i++)
		if (!has_any(a, l, from, wanted[i]))
			host_add(a, l, "apparmor", wanted[i],
				 active && dir < 0 ? HOST_UNKNOWN : HOST_MISSING,
				 active && dir < 0 ? "securityfs is not mounted, and only root can "
						     "look without it" : "");
	return active;
}

int host_probe_landlock(struct arena *a, struct host_list *l)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);

	if (abi > 0)
		host_add(a, l, "landlock", "", HOST_PRESENT, arena_printf(a, "ABI %ld", abi));
	else
		host_add(a, l, "landlock", "", HOST_MISSING,
			 errno == EOPNOTSUPP ? "built into the kernel but not switched on" :
					       "not in the kernel");
	return abi > 0 ? (int)abi : 0;
}
