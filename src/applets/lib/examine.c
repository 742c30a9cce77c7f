/* examine.c - what is in an image, found out by a child that can do nothing else
 *
 * MUST not open, map or mount anything of the image outside the child.
 */
#include "applets/lib/examine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/proc.h"
#include "core/squash/image.h"
#include "core/squash/walk.h"
#include "core/str.h"
#include "core/vec.h"
#include "core/yaml.h"
#include "policy/model/check.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"
#include "policy/model/state.h"

#define MEMORY_MAX ((size_t)1 << 30) /* a million names, and the tables of the image */
#define CPU_SECONDS 60
#define ANSWER_MAX (NODE_RECORD_MAX + 4096)

static const char *const compressions[] = {"gzip", "lzo", "xz", "lz4", "zstd", NULL};

struct files {
	struct file_fact *at;
	size_t len, cap;
};

static unsigned mode_of(const struct squash_node *n)
{
	static const unsigned types[] = {
		[SQUASH_DIR] = S_IFDIR,	  [SQUASH_FILE] = S_IFREG, [SQUASH_LINK] = S_IFLNK,
		[SQUASH_BLOCK] = S_IFBLK, [SQUASH_CHAR] = S_IFCHR, [SQUASH_FIFO] = S_IFIFO,
		[SQUASH_SOCKET] = S_IFSOCK,
	};

	return types[n->type] | n->mode;
}

static bool gather(struct arena *a, struct squash *s, struct files *files, uint64_t *unpacked)
{
	struct squash_walk *w = squash_walk(s, "");
	struct squash_entry e;

	while (w && squash_next(w, &e)) {
		struct file_fact f = {.path = arena_dup(a, e.path), .mode = mode_of(&e.node)};

		if (e.node.type == SQUASH_LINK)
			f.target = arena_dup(a, e.node.target);
		else if (e.node.type == SQUASH_FILE && !e.again)
			*unpacked += e.node.size;
		vec_push(a, files, f);
	}
	return !squash_why(s);
}

static struct node *read_yaml(struct arena *a, struct squash *s, char *why)
{
	struct squash_node n;
	size_t len;

	if (!squash_lookup(s, "meta/snap.yaml", &n)) {
		snprintf(why, WHY_MAX, "%s",
			 squash_why(s) ? squash_why(s) : "no meta/snap.yaml in it");
		return NULL;
	}
	if (n.type != SQUASH_FILE) {
		snprintf(why, WHY_MAX, "meta/snap.yaml is not a regular file");
		return NULL;
	}
	char *text = squash_read(s, &n, YAML_BYTES_MAX, &len);
	if (!text) {
		snprintf(why, WHY_MAX, "meta/snap.yaml: %s", squash_why(s));
		return NULL;
	}
	char inner[WHY_MAX];
	struct node *root = yaml_parse(a, text, len, inner);
	if (!root)
		snprintf(why, WHY_MAX, "meta/snap.yaml:%.200s", inner);
	return root;
}

/* Every hook is a file; not every one is in snap.yaml. */
static void add_hooks(struct arena *a, const struct files *files, struct node *root)
{
	for (size_t i = 0; i < files->len; i++) {
		const char *name = str_after(files->at[i].path, "meta/hooks/");

		if (name && !strchr(name, '/'))
			snap_add_hook(a, root, name);
	}
}

static bool read_image(struct arena *a, int file, struct buf *out, char *why)
{
	struct files files = {0};
	struct squash_sum sum;
	uint64_t unpacked = 0;
	const char *reason;
	char inner[WHY_MAX] = "";
	struct squash *s = squash_open(a, file, NULL, &reason);

	if (!s) {
		snprintf(why, WHY_MAX, "%s", reason);
		return false;
	}
	if (!squash_check(s, &sum) || !gather(a, s, &files, &unpacked)) {
		snprintf(why, WHY_MAX, "%s", squash_why(s));
		return false;
	}
	struct node *root = read_yaml(a, s, why);
	if (!root)
		return false;
	add_hooks(a, &files, root);
	struct snap *snap = snap_from_node(a, root, inner);
	if (!snap) {
		snprintf(why, WHY_MAX, "meta/snap.yaml: %.200s", inner);
		return false;
	}
	if (!check_files(a, snap, files.at, files.len, why))
		return false;
	const struct squash_info *info = squash_info(s);
	buf_printf(out, "%u %llu %s\n", info->made, (unsigned long long)unpacked,
		   info->compression);
	buf_str(out, snap_record(a, snap));
	return true;
}

static bool write_whole(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* In the jail: only descriptors and memory. */
static bool child(int out, void *arg)
{
	struct arena *a = arena_new();
	struct buf answer = buf_new(a);
	char why[WHY_MAX] = "";

	if (read_image(a, *(int *)arg, &answer, why))
		return write_whole(out, answer.data, answer.len);
	answer.len = 0;
	buf_printf(&answer, "!%s", why);
	write_whole(out, answer.data, answer.len);
	return false;
}

/* "MADE UNPACKED COMPRESSION", said by a child that may be the stranger's by now. */
static bool parse_head(struct arena *a, const char *line, struct examined *out)
{
	size_t n;
	char **f = str_split(a, line, ' ', &n);

	if (n != 3 || !str_to_u64(f[0], UINT32_MAX, &out->made) ||
	    !str_to_u64(f[1], INT64_MAX, &out->unpacked) || !str_in(f[2], compressions))
		return false;
	out->compression = f[2];
	return true;
}

bool examine(struct arena *a, int file, struct examined *out, char *why)
{
	struct proc_jail jail = {.memory = MEMORY_MAX, .max = ANSWER_MAX,
				 .cpu_seconds = CPU_SECONDS, .fn = child, .arg = &file,
				 .keep = {file, -1}};
	const char *reason;
	size_t len;
	char *answer = proc_jailed(a, &jail, &len, &reason);

	if (!answer) {
		snprintf(why, WHY_MAX, "%s", reason);
		return false;
	}
	char *record = memchr(answer, '\n', len);
	if (!record || strlen(answer) != len) {
		snprintf(why, WHY_MAX, "the reader's answer makes no sense");
		return false;
	}
	*record++ = '\0';
	if (!parse_head(a, answer, out)) {
		snprintf(why, WHY_MAX, "the reader's answer makes no sense");
		return false;
	}
	out->record = record;
	out->snap = snap_from_record(a, record, strlen(record), why);
	return out->snap != NULL;
}

struct snap *examine_try(struct arena *a, const char *instance, const char *rev, char *why)
{
	const char *key = state_key(a, instance, rev);
	size_t len;
	int dir = dirs_open(DIR_RECORDS);
	char *text = dir < 0 ? NULL : fs_read(a, dir, key, NODE_RECORD_MAX, &len);

	if (!text)
		snprintf(why, WHY_MAX, "%m");
	if (dir >= 0)
		close(dir);
	struct snap *s = text ? snap_from_record(a, text, len, why) : NULL;
	if (s && strcmp(s->name, name_snap_of(a, instance))) {
		snprintf(why, WHY_MAX, "is about %s", s->name);
		s = NULL;
	}
	if (s)
		snap_set_instance(a, s, instance, rev);
	return s;
}

struct snap *examine_installed(struct arena *a, const char *instance, const char *rev)
{
	char why[WHY_MAX] = "";
	struct snap *s = examine_try(a, instance, rev, why);

	if (!s)
		die("%s: %s", dirs_path(a, DIR_RECORDS, "%s", state_key(a, instance, rev)), why);
	return s;
}
