/* cache.h - compiled policy kept on disk, by what it was made of and never by time
 *
 * MUST NOT give what compile_profiles() would not give now: the name of a file is a
 * digest of the text, the features, the options and the compiler's own source; in it
 * stands every file that was included, also those that were looked for and not
 * there, with the digest of its bytes, and each is looked for again.
 * MUST NOT believe the disk: directory and file have to be root's and closed to
 * others, the bytes to agree with their own digest, the policy to pass binary_read().
 * A file that fails is as none, and is replaced.
 *
 * Files appear by rename, whole or not at all as long as the power stays; one that a
 * crash has cut short fails its digest.
 */
#ifndef POLICY_APPARMOR_CACHE_H
#define POLICY_APPARMOR_CACHE_H

#include "policy/apparmor/compile.h"

#define CACHE_BYTES_MAX ((uint64_t)512 << 20)

struct cache {
	int dir;          /* -1: none; the caller's */
	bool read, write;
	unsigned hits, made;
};

/* Use the directory if it is root's and nobody else may write: else all is as without
 * a cache. dir stays the caller's. */
void cache_start(struct cache *k, int dir, bool read, bool write);

/* As compile_profiles(); binary, names, top and report grow the same, made or found. */
bool cache_compile(struct cache *k, struct compile *c, const char *name, const char *text,
		   size_t len, const char **why);

/* Remove what was written first until no more than most bytes are left. 0: all. */
void cache_trim(struct cache *k, uint64_t most);

#endif
