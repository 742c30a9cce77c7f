/* cache_source.c - which files a compile looked for, and whether they are the same now */
#include "policy/apparmor/cache_source.h"

#include <string.h>

#include "core/str.h"

static char *ask(struct arena *a, struct lex_source from, struct cache_asked *q, size_t *len,
		 const char **found, void **more)
{
	uint8_t digest[DIGEST_MAX];
	char *text = from.open ? from.open(a, from.arg, q->name, q->angle, len, found, more) :
				 NULL;

	q->text = text != NULL;
	q->more = *more != NULL;
	q->found = *found ? *found : "";
	if (text) {
		digest_of(DIGEST_SHA512_256, text, *len, digest);
		memcpy(q->digest, digest, CACHE_DIGEST);
	}
	return text;
}

static char *watched(struct arena *a, void *arg, const char *name, bool angle, size_t *len,
		     const char **found, void **more)
{
	struct cache_source *s = arg;
	struct cache_asked q = {.name = arena_dup(s->arena, name), .angle = angle,
				.again = *more != NULL};
	char *text = ask(a, s->from, &q, len, found, more);

	q.found = arena_dup(s->arena, q.found);
	vec_push(s->arena, &s->asked, q);
	return text;
}

struct lex_source cache_source_watch(struct cache_source *s, struct arena *a,
				     struct lex_source from)
{
	*s = (struct cache_source){.from = from, .arena = a};
	return (struct lex_source){watched, s};
}

bool cache_source_same(struct lex_source from, const struct cache_asked *asked, size_t n)
{
	struct arena *a = arena_new();
	const char *found = NULL;
	void *more = NULL;
	bool same = true;

	for (size_t i = 0; i < n && same; i++) {
		const struct cache_asked *was = &asked[i];
		struct cache_asked now = {.name = was->name, .angle = was->angle};
		size_t len = 0;

		if (!was->again) {
			found = NULL;
			more = NULL;
		}
		same = was->again == (more != NULL);
		if (!same)
			break;
		ask(a, from, &now, &len, &found, &more);
		same = was->text == now.text && was->more == now.more &&
		       str_eq(was->found, now.found) &&
		       !memcmp(was->digest, now.digest, CACHE_DIGEST);
	}
	arena_drop(a);
	return same;
}
