/* features.c - what a kernel can be asked to enforce */
#include "policy/apparmor/features.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/vec.h"

#define DEPTH_MAX 16

struct features {
	const char *name;
	VEC(const char *) words;
	VEC(struct features *) kids;
};

static struct features *new_node(struct arena *a, const char *name)
{
	struct features *f = NEW(a, struct features);

	f->name = name;
	return f;
}

struct features *features_parse(struct arena *a, const char *text, size_t len, const char **why)
{
	struct features *stack[DEPTH_MAX] = {new_node(a, "")}, *kid;
	const char *p = text, *end = text + len, *q;
	int depth = 0;

	*why = NULL;
	if (len > FEATURES_MAX || memchr(text, 0, len))
		*why = "a features file is too large or not text";
	while (p < end && !*why) {
		if (isspace((unsigned char)*p)) {
			p++;
			continue;
		}
		if (*p == '}') {
			if (--depth < 0)
				*why = "a features file has } without {";
			p++;
			continue;
		}
		for (q = p; q < end && !isspace((unsigned char)*q) && *q != '{' && *q != '}';)
			q++;
		const char *word = arena_dupn(a, p, (size_t)(q - p));
		for (p = q; p < end && (*p == ' ' || *p == '\t');)
			p++;
		if (p == end || *p != '{') {
			vec_push(a, &stack[depth]->words, word);
			continue;
		}
		p++;
		if (depth + 1 == DEPTH_MAX) {
			*why = "a features file nests too deep";
			break;
		}
		kid = new_node(a, word);
		vec_push(a, &stack[depth]->kids, kid);
		stack[++depth] = kid;
	}
	if (!*why && depth)
		*why = "a features file has { without }";
	return *why ? NULL : stack[0];
}

static void words_of(struct arena *a, struct features *f, char *text)
{
	char *save = NULL;

	for (char *w = strtok_r(text, " \t\n", &save); w; w = strtok_r(NULL, " \t\n", &save))
		vec_push(a, &f->words, w);
}

static bool load(struct arena *a, struct features *to, int dir, int depth)
{
	char **names = fs_list(a, dir, ".", NULL);

	for (size_t i = 0; names && names[i] && depth < DEPTH_MAX; i++) {
		struct features *kid = new_node(a, names[i]);
		struct stat st;
		int fd = fs_open(dir, names[i], O_RDONLY | O_NONBLOCK, 0);

		if (fd < 0)
			return false;
		bool ok = fstat(fd, &st) == 0;
		if (ok && S_ISDIR(st.st_mode)) {
			ok = load(a, kid, fd, depth + 1);
		} else if (ok) {
			char text[16384];
			ssize_t n = read(fd, text, sizeof text - 1);
			if (n > 0)
				words_of(a, kid, arena_dupn(a, text, (size_t)n));
			ok = n >= 0;
		}
		close(fd);
		if (!ok)
			return false;
		vec_push(a, &to->kids, kid);
	}
	return names != NULL;
}

struct features *features_load(struct arena *a, const char *dir, const char **why)
{
	struct features *f = new_node(a, "");
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && load(a, f, fd, 0)) {
		close(fd);
		return f;
	}
	*why = arena_printf(a, "%s: %s", dir, strerror(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

/* As deep as the reader let it nest. */
void features_write(struct buf *b, const struct features *f)
{
	for (size_t i = 0; i < f->words.len; i++) {
		buf_str(b, f->words.at[i]);
		buf_char(b, '\n');
	}
	for (size_t i = 0; i < f->kids.len; i++) {
		buf_str(b, f->kids.at[i]->name);
		buf_str(b, " {");
		features_write(b, f->kids.at[i]);
		buf_str(b, "}\n");
	}
}

static const struct features *walk(const struct features *f, const char *path, const char **word)
{
	while (f && path) {
		const char *slash = strchr(path, '/');
		size_t n = slash ? (size_t)(slash - path) : strlen(path);
		const struct features *next = NULL;

		for (size_t i = 0; i < f->kids.len && !next; i++)
			if (strlen(f->kids.at[i]->name) == n &&
			    !strncmp(f->kids.at[i]->name, path, n))
				next = f->kids.at[i];
		for (size_t i = 0; !slash && !next && i < f->words.len; i++)
			if (!strcmp(f->words.at[i], path))
				*word = f->words.at[i];
		f = next;
		path = slash ? slash + 1 : NULL;
	}
	return f;
}

bool features_has(const struct features *f, const char *path)
{
	const char *word = NULL;

	return walk(f, path, &word) || word;
}

bool features_both(const struct features *a, const struct features *b, const char *path)
{
	return features_has(a, path) && features_has(b, path);
}

uint64_t features_number(const struct features *f, const char *path)
{
	const char *word = NULL;
	const struct features *at = walk(f, path, &word);

	return at && at->words.len ? strtoull(at->words.at[0], NULL, 0) : 0;
}

const char *features_default(void)
{
	return "dbus {mask {acquire send receive}} signal {mask {hup int quit}} "
	       "ptrace {mask {read trace}} "
	       "caps {mask {chown dac_override dac_read_search fowner fsetid kill setgid setuid "
	       "setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock "
	       "ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot "
	       "sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write "
	       "audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend "
	       "audit_read}} "
	       "mount {mask {mount umount pivot_root}} network {af_unix {yes}} "
	       "file {mask {create read write exec append mmap_exec link lock}} "
	       "domain {stack {yes} change_profile {yes} change_onexec {yes} change_hat {yes}} "
	       "policy {set_load {yes} versions {v8 {yes} v7 {yes} v6 {yes} v5 {yes}}}";
}

void target_set(struct target *t, const struct features *kernel, const struct features *policy)
{
	const struct {
		const char *path;
		bool *to;
	} all[] = {
		{"network", &t->network}, {"network_v8", &t->network_v8},
		{"network_v9", &t->network_v9}, {"network/af_unix", &t->unix_v7},
		{"network_v9/af_unix", &t->unix_v9}, {"mount", &t->mount}, {"dbus", &t->dbus},
		{"signal", &t->signal}, {"ptrace", &t->ptrace}, {"domain/stack", &t->stack},
		{"domain/attach_conditions/xattr", &t->xattr},
		{"namespaces/mask/userns_create", &t->userns},
		{"ipc/posix_mqueue", &t->posix_mqueue}, {"ipc/sysv_mqueue", &t->sysv_mqueue},
		{"io_uring", &t->io_uring}, {"policy/profile/interruptible", &t->interruptible},
		{"policy/profile/kill.signal", &t->kill_signal},
		{"policy/profile/error", &t->error},
		{"domain/disconnected.ipc", &t->disconnected_ipc},
	};

	memset(t, 0, sizeof *t);
	t->kernel = kernel;
	t->policy = policy;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		*all[i].to = features_both(kernel, policy, all[i].path);
	t->abi = features_has(kernel, "policy/versions/v7") ? 7 :
		 features_has(kernel, "policy/versions/v6") ? 6 : 5;
	t->permstable = features_has(kernel, "policy/permstable32") ?
		(unsigned)features_number(kernel, "policy/permstable32_version") : 0;
	if (t->permstable < 2) /* the first version was broken */
		t->permstable = 0;
	t->state32 = features_has(kernel, "policy/state32");
	t->diff_encode = features_has(kernel, "policy/diff_encode") ||
			 features_has(kernel, "policy/diff-encode");
	t->oob = features_has(kernel, "policy/outofband");
}
