/* cache.c - compiled policy kept on disk, by what it was made of and never by time */
#include "policy/apparmor/cache.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apparmor_revision.h"
#include "core/fs.h"
#include "core/str.h"
#include "policy/apparmor/binary.h"
#include "policy/apparmor/cache_source.h"

#define FILE_MAX ((size_t)96 << 20)
#define MAGIC "snapbox policy 1\n"
#define NAME_LEN 64
#define AS_TEXT(x) #x
#define REVISION(x) AS_TEXT(x)

struct entry { /* one file, as it is written and read */
	struct arena *arena;
	struct buf out;
	const char *at, *end; /* reading */
	bool bad;
};

void cache_start(struct cache *k, int dir, bool read, bool write)
{
	*k = (struct cache){.dir = dir >= 0 && fs_is_roots(dir) ? dir : -1};
	k->read = read && k->dir >= 0;
	k->write = write && k->dir >= 0;
}

static void put_number(struct buf *b, uint32_t v)
{
	const char bytes[4] = {(char)v, (char)(v >> 8), (char)(v >> 16), (char)(v >> 24)};

	buf_add(b, bytes, 4);
}

static void put(struct buf *b, const void *data, size_t len)
{
	put_number(b, (uint32_t)len);
	buf_add(b, data, len);
}

static uint32_t get_number(struct entry *e)
{
	const unsigned char *p = (const unsigned char *)e->at;

	if (e->bad || e->end - e->at < 4) {
		e->bad = true;
		return 0;
	}
	e->at += 4;
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static const char *get(struct entry *e, size_t *len)
{
	*len = get_number(e);
	if (e->bad || *len > (size_t)(e->end - e->at)) {
		e->bad = true;
		*len = 0;
		return "";
	}
	e->at += *len;
	return e->at - *len;
}

static const char *get_text(struct entry *e)
{
	size_t len;
	const char *s = get(e, &len);

	return arena_dupn(e->arena, s, len);
}

static void key_features(struct buf *b, const struct features *f)
{
	put_number(b, f != NULL);
	if (f)
		features_write(b, f);
}

/* What the result depends on, but for included files. */
static void key_of(struct arena *a, const struct compile *c, const char *text, size_t len,
		   char name[NAME_LEN + 1])
{
	struct buf b = buf_new(a);
	uint8_t digest[DIGEST_MAX];

	buf_str(&b, MAGIC REVISION(APPARMOR_REVISION));
	key_features(&b, c->kernel);
	key_features(&b, c->pinned);
	key_features(&b, c->override);
	put_number(&b, c->pack.force_complain);
	put_number(&b, c->pack.no_diff);
	put_number(&b, c->pack.ns != NULL);
	put(&b, c->pack.ns ? c->pack.ns : "", c->pack.ns ? strlen(c->pack.ns) : 0);
	put(&b, text, len);
	digest_of(DIGEST_SHA512_256, b.data, b.len, digest);
	for (int i = 0; i < NAME_LEN / 2; i++) {
		name[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		name[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	name[NAME_LEN] = '\0';
}

static bool read_file(struct cache *k, struct entry *e, const char *name)
{
	uint8_t digest[DIGEST_MAX];
	size_t len = 0;
	int fd = fs_open(k->dir, name, O_RDONLY | O_NONBLOCK, 0);
	char *data = fd >= 0 && fs_is_roots(fd) ? fs_read_fd(e->arena, fd, FILE_MAX, &len) : NULL;

	if (fd >= 0)
		close(fd);
	if (!data || len < CACHE_DIGEST)
		return false;
	len -= CACHE_DIGEST;
	digest_of(DIGEST_SHA512_256, data, len, digest);
	e->at = data;
	e->end = data + len;
	return !memcmp(digest, data + len, CACHE_DIGEST);
}

static bool includes_hold(struct entry *e, struct lex_source source)
{
	VEC(struct cache_asked) asked = {0};

	for (uint32_t n = get_number(e); n > 0 && !e->bad; n--) {
		struct cache_asked q = {.name = get_text(e)};
		size_t len;

		q.found = get_text(e);
		uint32_t bits = get_number(e);
		const char *digest = get(e, &len);

		q.angle = bits & 1;
		q.again = bits >> 1 & 1;
		q.text = bits >> 2 & 1;
		q.more = bits >> 3 & 1;
		if (len != CACHE_DIGEST)
			e->bad = true;
		else
			memcpy(q.digest, digest, CACHE_DIGEST);
		vec_push(e->arena, &asked, q);
	}
	return !e->bad && cache_source_same(source, asked.at, asked.len);
}

static bool take(struct entry *e, struct compile *c)
{
	struct arena *keep = c->binary.arena;
	struct compile found = {0};
	struct binary policy;
	const char *why;
	size_t len;

	for (uint32_t n = get_number(e); n > 0 && !e->bad; n--)
		vec_push(e->arena, &found.names, get_text(e));
	for (uint32_t n = get_number(e); n > 0 && !e->bad; n--)
		vec_push(e->arena, &found.top, get_text(e));
	for (uint32_t n = get_number(e); n > 0 && !e->bad; n--)
		vec_push(e->arena, &found.report.lines, get_text(e));
	const char *binary = get(e, &len);
	if (e->bad || e->at != e->end ||
	    (len && !binary_read(e->arena, binary, len, &policy, &why)))
		return false;
	for (size_t i = 0; i < found.names.len; i++)
		vec_push(keep, &c->names, arena_dup(keep, found.names.at[i]));
	for (size_t i = 0; i < found.top.len; i++)
		vec_push(keep, &c->top, arena_dup(keep, found.top.at[i]));
	for (size_t i = 0; i < found.report.lines.len; i++)
		vec_push(keep, &c->report.lines, arena_dup(keep, found.report.lines.at[i]));
	buf_add(&c->binary, binary, len);
	return true;
}

static bool find(struct cache *k, struct arena *a, struct compile *c, const char *name)
{
	struct entry e = {.arena = a};

	if (!k->read || !read_file(k, &e, name))
		return false;
	if ((size_t)(e.end - e.at) < sizeof MAGIC - 1 || memcmp(e.at, MAGIC, sizeof MAGIC - 1))
		return false;
	e.at += sizeof MAGIC - 1;
	return str_eq(get_text(&e), name) && includes_hold(&e, c->source) && take(&e, c);
}

struct before { /* how much there was already */
	size_t binary, names, top, lines;
};

static void put_texts(struct buf *b, const char *const *at, size_t from, size_t to)
{
	put_number(b, (uint32_t)(to - from));
	for (; from < to; from++)
		put(b, at[from], strlen(at[from]));
}

static struct buf written(struct arena *a, const struct compile *c, const struct before *from,
			  const struct cache_source *s, const char *name)
{
	struct buf b = buf_new(a);
	uint8_t digest[DIGEST_MAX];

	buf_str(&b, MAGIC);
	put(&b, name, NAME_LEN);
	put_number(&b, (uint32_t)s->asked.len);
	for (size_t i = 0; i < s->asked.len; i++) {
		const struct cache_asked *q = &s->asked.at[i];

		put(&b, q->name, strlen(q->name));
		put(&b, q->found, strlen(q->found));
		put_number(&b, (uint32_t)(q->angle | q->again << 1 | q->text << 2 | q->more << 3));
		put(&b, q->digest, CACHE_DIGEST);
	}
	put_texts(&b, c->names.at, from->names, c->names.len);
	put_texts(&b, c->top.at, from->top, c->top.len);
	put_texts(&b, c->report.lines.at, from->lines, c->report.lines.len);
	put(&b, buf_text(&c->binary) + from->binary, c->binary.len - from->binary);
	digest_of(DIGEST_SHA512_256, b.data, b.len, digest);
	buf_add(&b, digest, CACHE_DIGEST);
	return b;
}

/* A cache that cannot be written is no reason to stop: nothing depends on it. */
static bool save(struct cache *k, struct arena *a, const struct buf *b, const char *name)
{
	const char *new = arena_printf(a, ".%s.%d", name, (int)getpid());
	int fd = openat(k->dir, new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	size_t at = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	while (at < b->len && (n = write(fd, b->data + at, b->len - at)) > 0)
		at += (size_t)n;
	bool ok = !close(fd) && at == b->len && !renameat(k->dir, new, k->dir, name);
	if (!ok)
		unlinkat(k->dir, new, 0);
	return ok;
}

bool cache_compile(struct cache *k, struct compile *c, const char *name, const char *text,
		   size_t len, const char **why)
{
	struct before from = {c->binary.len, c->names.len, c->top.len, c->report.lines.len};
	struct lex_source source = c->source;
	struct cache_source watch;
	char key[NAME_LEN + 1];

	if (!k->read && !k->write)
		return compile_profiles(c, name, text, len, false, why);
	struct arena *a = arena_new();
	key_of(a, c, text, len, key);
	bool ok = find(k, a, c, key);
	k->hits += ok;
	if (!ok) {
		c->source = cache_source_watch(&watch, a, source);
		ok = compile_profiles(c, name, text, len, false, why);
		c->source = source;
		k->made += ok;
		if (ok && k->write) {
			struct buf b = written(a, c, &from, &watch, key);

			save(k, a, &b, key);
		}
	}
	arena_drop(a);
	return ok;
}

struct kept {
	const char *name;
	uint64_t bytes;
	struct timespec written;
};

static int by_age(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->written.tv_sec != y->written.tv_sec)
		return x->written.tv_sec < y->written.tv_sec ? -1 : 1;
	if (x->written.tv_nsec != y->written.tv_nsec)
		return x->written.tv_nsec < y->written.tv_nsec ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Ours, or what a killed process of ours left. */
static bool ours(const char *name)
{
	name += *name == '.';
	return strspn(name, "0123456789abcdef") == NAME_LEN &&
	       (!name[NAME_LEN] || name[NAME_LEN] == '.');
}

void cache_trim(struct cache *k, uint64_t most)
{
	struct arena *a = arena_new();
	char **names = k->dir >= 0 ? fs_list(a, k->dir, ".", NULL) : NULL;
	VEC(struct kept) all = {0};
	uint64_t total = 0;
	struct stat st;

	for (; names && *names; names++) {
		if (!ours(*names) || fstatat(k->dir, *names, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		vec_push(a, &all, ((struct kept){*names, (uint64_t)st.st_size, st.st_mtim}));
		total += (uint64_t)st.st_size;
	}
	if (all.len)
		qsort(all.at, all.len, sizeof *all.at, by_age);
	for (size_t i = 0; i < all.len && (total > most || !most); i++) {
		unlinkat(k->dir, all.at[i].name, 0);
		total -= all.at[i].bytes;
	}
	arena_drop(a);
}
