/* kconfig.c - debug kernel-config: is a kernel built with what confinement takes?
 *
 * For whoever configures a kernel for an image: what is built in here is what the probe
 * of confinement finds there.
 */
#include "applets/lib/kconfig.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "applets/lib/table.h"
#include "core/fs.h"
#include "core/gunzip.h"
#include "core/json.h"
#include "core/str.h"

enum need {
	NEED_TO_RUN,  /* without it no snap runs */
	NEED_STRICT,  /* without it something is not enforced, or is substituted */
	NEED_SUBSTITUTE, /* takes the place of AppArmor; not needed beside it */
	NEED_IMAGE,   /* without it snaps are unpacked instead of mounted */
};

static const char *const needs[] = {
	[NEED_TO_RUN] = "needed", [NEED_STRICT] = "strict", [NEED_SUBSTITUTE] = "substitute",
	[NEED_IMAGE] = "images",
};

static const struct wanted {
	const char *option;
	enum need need;
	const char *why;
} wanted[] = {
	{"NAMESPACES", NEED_TO_RUN, "a view of its own for each snap"},
	{"SECCOMP", NEED_TO_RUN, "system calls"},
	{"SECCOMP_FILTER", NEED_TO_RUN, "system calls"},
	{"PROC_FS", NEED_TO_RUN, "identities are checked there"},
	{"TMPFS", NEED_TO_RUN, "roots of namespaces"},
	{"UNIX98_PTYS", NEED_TO_RUN, "terminals of their own"},
	{"DEVTMPFS", NEED_TO_RUN, "devices"},
	{"MULTIUSER", NEED_TO_RUN, "users and capabilities"},
	{"SECURITY", NEED_STRICT, "AppArmor and Landlock"},
	{"SECURITYFS", NEED_STRICT, "AppArmor policy is loaded there"},
	{"SECURITY_APPARMOR", NEED_STRICT, "files, network, signals, ptrace, mounts"},
	{"SECURITY_NETWORK", NEED_STRICT, "network of AppArmor"},
	{"SECURITY_PATH", NEED_STRICT, "files of AppArmor and Landlock"},
	{"SECURITY_YAMA", NEED_STRICT, "ptrace of unconfined programs"},
	{"AUDIT", NEED_STRICT, "what is refused is logged"},
	{"SECURITY_LANDLOCK", NEED_SUBSTITUTE, "files, TCP, abstract sockets, signals"},
	{"SQUASHFS", NEED_IMAGE, "mounted images"},
	{"SQUASHFS_XZ", NEED_IMAGE, "images packed with xz"},
	{"SQUASHFS_LZO", NEED_IMAGE, "images packed with lzo"},
	{"SQUASHFS_ZLIB", NEED_IMAGE, "images packed with zlib"},
	{"SQUASHFS_ZSTD", NEED_IMAGE, "images packed with zstd"},
	{"SQUASHFS_XATTR", NEED_IMAGE, "attributes of files in images"},
	{"BLK_DEV_LOOP", NEED_IMAGE, "mounted images"},
};

#define WANTED (sizeof wanted / sizeof wanted[0])

enum kconfig_value kconfig_find(const char *text, const char *option)
{
	enum kconfig_value found = KCONFIG_NO;
	size_t n = strlen(option);

	for (const char *line = text, *end; line; line = end ? end + 1 : NULL) {
		const char *name = str_after(line, "CONFIG_");
		const char *unset = str_after(line, "# CONFIG_");

		end = strchr(line, '\n');
		if (unset && !strncmp(unset, option, n) && str_starts(unset + n, " is not set"))
			found = KCONFIG_NO;
		if (!name || strncmp(name, option, n) || name[n] != '=')
			continue;
		size_t len = strcspn(name + n + 1, "\n");
		found = len != 1 ? KCONFIG_OTHER : name[n + 1] == 'y' ? KCONFIG_YES :
			name[n + 1] == 'm' ? KCONFIG_MODULE :
			name[n + 1] == 'n' ? KCONFIG_NO : KCONFIG_OTHER;
	}
	return found;
}

/* The file, or NULL with errno. Descriptors of procfs have no size: it is read to its end. */
static char *read_config(struct arena *a, const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct buf b = buf_new(a);
	char part[65536];
	ssize_t got = -1;
	size_t len;

	while (fd >= 0 && (got = read(fd, part, sizeof part)) > 0 && b.len <= KCONFIG_MAX)
		buf_add(&b, part, (size_t)got);
	if (fd >= 0)
		close(fd);
	if (got < 0)
		return NULL;
	if (b.len > KCONFIG_MAX)
		die("%s: larger than %zu bytes", path, KCONFIG_MAX);
	char *text = gunzip_is(b.data, b.len) ? gunzip(a, b.data, b.len, KCONFIG_MAX, &len) :
						arena_dup(a, buf_text(&b));
	if (!text)
		die("%s: not a gzip file, or larger than %zu bytes", path, KCONFIG_MAX);
	if (!strstr(text, "CONFIG_"))
		die("%s: not the configuration of a kernel", path);
	return text;
}

/* Of the running kernel, wherever it is said. */
static char *find_config(struct arena *a, const char **path)
{
	struct utsname u;
	char *text;

	if (uname(&u))
		die("uname: %m");
	const char *places[] = {"/proc/config.gz", arena_printf(a, "/boot/config-%s", u.release),
				arena_printf(a, "/lib/modules/%s/config", u.release), NULL};
	for (size_t i = 0; places[i]; i++)
		if ((text = read_config(a, *path = places[i])))
			return text;
	die("the running kernel does not tell its configuration: name a file");
}

static const char *value_word(enum kconfig_value v)
{
	return v == KCONFIG_YES ? "yes" : v == KCONFIG_MODULE ? "module" :
	       v == KCONFIG_NO ? "no" : "other";
}

static void print_json(struct arena *a, const char *path, const enum kconfig_value *values)
{
	struct buf b = buf_new(a);

	buf_char(&b, '{');
	json_pair(&b, "file", path);
	json_key(&b, "options");
	buf_char(&b, '[');
	for (size_t i = 0; i < WANTED; i++) {
		json_comma(&b);
		buf_char(&b, '{');
		json_pair(&b, "option", wanted[i].option);
		json_pair(&b, "value", value_word(values[i]));
		json_pair(&b, "for", needs[wanted[i].need]);
		json_pair(&b, "use", wanted[i].why);
		buf_char(&b, '}');
	}
	buf_str(&b, "]}\n");
	fputs(buf_text(&b), stdout);
}

static int judge(const enum kconfig_value *values)
{
	int code = EXIT_DONE;

	for (size_t i = 0; i < WANTED; i++)
		if (values[i] == KCONFIG_NO) {
			if (wanted[i].need == NEED_TO_RUN)
				return EXIT_REFUSED;
			code = EXIT_WEAKER;
		}
	return code;
}

int kconfig_show(struct cmd *c)
{
	struct arena *a = c->arena;
	const char *path = c->argc > 1 ? c->argv[1] : NULL;
	char *text = path ? read_config(a, path) : find_config(a, &path);
	enum kconfig_value values[WANTED];
	struct table t = table_new(a, 0, 2);

	if (!text)
		die("%s: %m", path);
	table_add(&t, "Option\tValue\tFor\tUse\n");
	for (size_t i = 0; i < WANTED; i++) {
		values[i] = kconfig_find(text, wanted[i].option);
		table_add(&t, "CONFIG_%s\t%s\t%s\t%s\n", wanted[i].option, value_word(values[i]),
			  needs[wanted[i].need], wanted[i].why);
	}
	if (cmd_option(c, "json"))
		print_json(a, path, values);
	else
		table_print(&t);
	return judge(values);
}
