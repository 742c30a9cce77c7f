/* vec.h - typed growable arrays in an arena
 *
 *	VEC(const char *) names = {0};
 *	vec_push(a, &names, "foo");
 *	for (size_t i = 0; i < names.len; i++)
 *		puts(names.at[i]);
 *
 * at is NULL while len is 0. Growing may move the elements.
 */
#ifndef CORE_VEC_H
#define CORE_VEC_H

#include "core/arena.h"

#define VEC(type) struct { type *at; size_t len, cap; }

#define vec_push(a, v, value) \
	do { \
		if ((v)->len == (v)->cap) { \
			size_t cap_ = (v)->cap ? (v)->cap * 2 : 8; \
			(v)->at = arena_grow(a, (v)->at, (v)->cap * sizeof *(v)->at, \
					     cap_ * sizeof *(v)->at); \
			(v)->cap = cap_; \
		} \
		(v)->at[(v)->len++] = (value); \
	} while (0)

#endif
