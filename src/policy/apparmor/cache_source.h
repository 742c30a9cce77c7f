/* cache_source.h - which files a compile looked for, and whether they are the same now */
#ifndef POLICY_APPARMOR_CACHE_SOURCE_H
#define POLICY_APPARMOR_CACHE_SOURCE_H

#include "core/buf.h"
#include "core/digest.h"
#include "policy/apparmor/lex.h"

#define CACHE_DIGEST 32

struct cache_asked {
	const char *name, *found; /* found: "" when there was none */
	bool angle, again, text, more;
	uint8_t digest[CACHE_DIGEST];
};

/* Stands between a reader and where its includes come from, and takes notes. */
struct cache_source {
	struct lex_source from;
	struct arena *arena;
	VEC(struct cache_asked) asked;
};

struct lex_source cache_source_watch(struct cache_source *s, struct arena *a,
				     struct lex_source from);

/* Does from answer all that was asked as it did then? */
bool cache_source_same(struct lex_source from, const struct cache_asked *asked, size_t n);

#endif
