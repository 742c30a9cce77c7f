/* lex.h - profile text to words
 *
 * MUST read any bytes: no word is longer than LEX_WORD_MAX, all files together
 * are not larger than LEX_TEXT_MAX, includes nest at most LEX_DEPTH_MAX deep.
 *
 * The language has no one set of words: what a letter means depends on the
 * rule it stands in, so the reader names the mode for every word it takes.
 * Includes are followed here, wherever the language allows them. The first
 * error is kept and from then on there is only LEX_END: readers need no
 * checks of their own, their loops end.
 */
#ifndef POLICY_APPARMOR_LEX_H
#define POLICY_APPARMOR_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"
#include "core/vec.h"

#define LEX_WORD_MAX ((size_t)64 << 10)
#define LEX_TEXT_MAX ((size_t)64 << 20)
#define LEX_DEPTH_MAX 64

enum lex_mode {
	LEX_RULES,    /* the outermost, and between the rules of a profile */
	LEX_NAME,     /* right behind profile, hat, ^ : anything up to a blank */
	LEX_TARGET,   /* the same after blanks: behind -> */
	LEX_CLASS,    /* inside a dbus, signal, ... rule */
	LEX_MOUNT,    /* the same, with -> */
	LEX_CHANGE,   /* inside change_profile */
	LEX_RLIMIT,
	LEX_ASSIGN,   /* values of a variable, up to the end of the line */
	LEX_LIST,     /* ( values ) */
	LEX_VALUE,    /* behind NAME= : one value, or ( that begins a list */
	LEX_GROUP,    /* inside peer=( ) : names */
	LEX_GROUP_VALUE, /* inside peer=( ), behind = */
	LEX_NUMBER,   /* behind priority= */
	LEX_FILE,     /* the file name of abi */
};

enum lex_kind {
	LEX_END,
	LEX_WORD,     /* letters, digits, _ : a keyword or a bare name */
	LEX_ID,       /* a path, label or quoted text; escapes resolved */
	LEX_PERMS,    /* letters of file permissions before a blank or comma */
	LEX_SETVAR,   /* @{NAME} or @NAME standing alone: text is NAME */
	LEX_BOOLVAR,  /* $NAME or ${NAME} */
	LEX_COND,     /* NAME before = or "in (" */
	LEX_CONDS,    /* peer or xattrs before =( */
	LEX_PRIORITY, /* priority before = */
	LEX_NUM,
	LEX_ANGLE,    /* <name>, of abi */
	LEX_OPEN, LEX_CLOSE, LEX_PAREN, LEX_ENDPAREN, LEX_COMMA, LEX_ARROW,
	LEX_EQUALS, LEX_ADD, LEX_LESS_EQ, LEX_CARET, LEX_LINE,
};

struct lex_token {
	enum lex_kind kind;
	bool quoted;
	char *text;
	const char *file;
	int line;
};

/* Where included text comes from. Gives the text, NUL-terminated, and the full
 * name it was found under in *found; NULL when there is none. A directory is
 * given as many texts: call again with *more as it was left until it is NULL. */
struct lex_source {
	char *(*open)(struct arena *a, void *arg, const char *name, bool angle,
		      size_t *len, const char **found, void **more);
	void *arg;
	struct buf *echo; /* unless NULL: gets all text, included files where they belong */
};

struct lex_file {
	const char *name, *text, *pos, *end, *echoed;
	int line;
};

struct lex {
	struct arena *arena;
	struct lex_source source;
	struct lex_file stack[LEX_DEPTH_MAX];
	int depth;
	size_t total;
	bool failed;
	const char *why; /* "FILE:LINE: what", set when failed */
	bool ahead;
	enum lex_mode ahead_mode;
	struct lex_token ahead_token;
	struct lex_file ahead_at; /* where that word began */
	int ahead_depth;
	VEC(const char *) seen; /* files included in this profile, or before the first */
};

void lex_start(struct lex *l, struct arena *a, struct lex_source source, const char *name,
	       const char *text, size_t len);
struct lex_token lex_next(struct lex *l, enum lex_mode mode);
struct lex_token lex_peek(struct lex *l, enum lex_mode mode);

/* Note the first error, at the current line; all later words are LEX_END. */
void lex_fail(struct lex *l, const char *fmt, ...) PRINTF(2, 3);

/* The value of a backslash sequence whose first byte after the backslash is at
 * *s, or -1. *s moves behind it. more: bytes that stand for themselves. */
int lex_escape(const char **s, const char *end, const char *more);

#endif
