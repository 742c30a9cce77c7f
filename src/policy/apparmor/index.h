/* index.h - hash table from contents to a number the caller gave out
 *
 *	for (size_t i = index_first(t, h); (v = index_next(t, h, &i)) != INDEX_END;)
 *		if (same(v)) return v;
 *	index_add(t, h, new);
 *
 * Contents stay with the caller, who compares them: a hash decides nothing.
 */
#ifndef POLICY_APPARMOR_INDEX_H
#define POLICY_APPARMOR_INDEX_H

#include <stdint.h>

#include "core/arena.h"

#define INDEX_END UINT32_MAX

struct index {
	struct arena *arena;
	uint32_t *value, *hash; /* value + 1; 0 is free */
	size_t size, used;      /* size is a power of two, or 0 */
};

static inline uint64_t index_mix(uint64_t x)
{
	x ^= x >> 31;
	x *= 0x7fb5d329728ea185ull;
	x ^= x >> 27;
	x *= 0x81dadef4bc2dd44dull;
	return x ^ x >> 33;
}

static inline size_t index_first(const struct index *t, uint32_t hash)
{
	return t->size ? hash & (t->size - 1) : 0;
}

static inline uint32_t index_next(const struct index *t, uint32_t hash, size_t *i)
{
	while (t->size && t->value[*i]) {
		size_t at = *i;

		*i = (*i + 1) & (t->size - 1);
		if (t->hash[at] == hash)
			return t->value[at] - 1;
	}
	return INDEX_END;
}

static inline void index_put(struct index *t, uint32_t hash, uint32_t value)
{
	size_t i = hash & (t->size - 1);

	while (t->value[i])
		i = (i + 1) & (t->size - 1);
	t->value[i] = value + 1;
	t->hash[i] = hash;
}

static inline void index_add(struct index *t, uint32_t hash, uint32_t value)
{
	if (t->used * 3 >= t->size * 2) {
		struct index old = *t;

		t->size = old.size ? old.size * 2 : 256;
		t->value = NEW_N(t->arena, uint32_t, t->size);
		t->hash = NEW_N(t->arena, uint32_t, t->size);
		for (size_t i = 0; i < old.size; i++)
			if (old.value[i])
				index_put(t, old.hash[i], old.value[i] - 1);
	}
	index_put(t, hash, value);
	t->used++;
}

#endif
