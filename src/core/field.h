/* field.h - nodes to structs, by table
 *
 *	static const struct field app_fields[] = {
 *		{"command", FIELD_TEXT, offsetof(struct app, command), grammar_command,
 *		 "a command"},
 *		{0},
 *	};
 *	ok = field_read(a, app_fields, map, "apps.sh.", app, why);
 *
 * Keys that the table does not have are ignored; a null is as good as no key.
 * Messages are "line 7: apps.sh.command: not a command": where, what, why.
 */
#ifndef CORE_FIELD_H
#define CORE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/node.h"

/* The documented limits of what a table reads. */
#define FIELD_TEXT_MAX 4096
#define FIELD_LIST_MAX 500

struct words {
	const char **at;
	size_t len, cap;
};

/* A map of texts in the order it was written. */
struct pair {
	const char *key, *value;
};
struct pairs {
	struct pair *at;
	size_t len, cap;
};

enum field_kind {
	FIELD_TEXT,   /* const char *: any text, as it was written */
	FIELD_LONG_TEXT, /* the same without FIELD_TEXT_MAX: prose */
	FIELD_WORDS,  /* struct words: a list of texts, each checked */
	FIELD_CHOICE, /* unsigned: the index of the text in choices */
	FIELD_PAIRS,  /* struct pairs: keys are checked */
	FIELD_TIME,   /* int64_t, milliseconds: "90s", "1m30s", "0"; not negative */
	FIELD_MAP,    /* const struct node *: a map */
};

struct field {
	const char *key;
	enum field_kind kind;
	size_t offset;
	bool (*check)(const char *text); /* NULL is anything */
	const char *is;                  /* what it is not when check says no: "a name" */
	const char *const *choices;      /* NULL-terminated */
};

/* Fill *out from a map; path is put before the key in messages. False with why
 * (WHY_MAX bytes). A NULL map is an empty one. */
bool field_read(struct arena *a, const struct field *table, const struct node *map,
		const char *path, void *out, char *why);

/* Leave "line N: message" in why; always false. Line 0 is left out. */
bool field_refuse(char *why, unsigned line, const char *fmt, ...) PRINTF(3, 4);

/* "1h2m3.5s" as milliseconds, rounded down. */
bool field_time(const char *text, int64_t *ms);

bool words_have(const struct words *w, const char *word);

#endif
