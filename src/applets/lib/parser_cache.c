/* parser_cache.c - the cache that an apparmor_parser command line asks for */
#include "applets/lib/parser_cache.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"

const char *parser_cache_path(struct arena *a, const struct parser_options *o)
{
	return o->cache_dir ? o->cache_dir : dirs_path(a, DIR_CACHE, "%s", "");
}

void parser_cache_open(struct arena *a, const struct parser_options *o, struct cache *k)
{
	bool write = o->write_cache && !o->no_cache;
	bool read = !o->no_cache && !o->no_read_cache && !o->to_stdout && !o->out;
	const char *path = parser_cache_path(a, o);
	int dir = -1;

	if (!write && !read && !o->purge_cache) {
		cache_start(k, -1, false, false);
		return;
	}
	if (write && o->cache_dir)
		close(fs_make_dirs(AT_FDCWD, path, 0755, geteuid(), getegid()));
	else if (write)
		dirs_make(DIR_CACHE);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cache_start(k, dir, read, write);
	if (dir >= 0 && k->dir < 0) {
		close(dir);
		if (write)
			warn("%s: not root's alone, so nothing is kept there", path);
	}
	if (o->purge_cache)
		cache_trim(k, 0);
}

void parser_cache_close(struct cache *k)
{
	if (k->dir < 0)
		return;
	if (k->write && k->made)
		cache_trim(k, CACHE_BYTES_MAX);
	close(k->dir);
}
