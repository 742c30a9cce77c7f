/* Any bytes as an image: refused with a reason, or read whole within the budgets. */
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/squash/walk.h"
#include "fuzz.h"

#define FILE_MAX ((size_t)1 << 20)

static const struct squash_limits limits = {
	.inodes = 1000, .entries = 2000, .dir = 500, .depth = 16,
	.metadata = 1 << 20, .file = 4 << 20, .total = 8 << 20, .small = 8 << 20, .ratio = 100,
};

static int memory_file(const uint8_t *data, size_t len)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("image", MFD_CLOEXEC);
	must(fd >= 0 && !ftruncate(fd, 0) && pwrite(fd, data, len, 0) == (ssize_t)len);
	return fd;
}

static bool is_name(const char *s)
{
	return *s && strlen(s) <= 255 && !strchr(s, '/') && strcmp(s, ".") && strcmp(s, "..");
}

/* What a caller does: look at every entry, read the files, look them up again. */
static void use(struct squash *s)
{
	struct squash_walk *w = squash_walk(s, "");
	struct squash_entry e;

	while (w && squash_next(w, &e)) {
		struct squash_node again;
		size_t len = 0;

		must(e.depth <= limits.depth && (e.depth ? is_name(e.name) : !*e.name));
		must(squash_lookup(s, e.path, &again) && again.ref == e.node.ref);
		if (e.node.type == SQUASH_LINK)
			must(strlen(e.node.target) == e.node.size);
		if (e.node.type != SQUASH_FILE || e.node.size > FILE_MAX)
			continue;
		if (squash_read(s, &e.node, FILE_MAX, &len))
			must(len == e.node.size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	const char *why = NULL;
	struct squash_sum sum;
	struct squash *s = squash_open(a, memory_file(data, len), &limits, &why);

	if (!s) {
		must(why && *why);
	} else if (!squash_check(s, &sum)) {
		must(squash_why(s) && *squash_why(s));
	} else {
		must(sum.entries && sum.inodes <= limits.inodes && sum.bytes <= limits.total);
		must(sum.stored_blocks <= sum.bytes);
		use(s);
	}
	squash_close(s);
	arena_drop(a);
	return 0;
}
