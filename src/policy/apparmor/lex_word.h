/* lex_word.h - the shapes of words, shared by the files lex*.c only */
#ifndef POLICY_APPARMOR_LEX_WORD_H
#define POLICY_APPARMOR_LEX_WORD_H

#include "policy/apparmor/lex.h"

/* Blanks, and line ends if lines. */
void word_blanks(struct lex *l, bool lines);

/* All that a mode ignores: blanks, comments, ended includes; follows includes. */
void word_skip(struct lex *l, enum lex_mode mode);

/* The word at the place the text is at, which is not its end. False: no such
 * word begins with this byte, and nothing was taken. */
bool word_read(struct lex *l, enum lex_mode mode, struct lex_token *t);

/* A file name: <name>, "name" or name. */
bool word_file(struct lex *l, struct lex_token *t);

/* Take blanks and then exactly this word; *s moves only if it is there. */
bool word_keyword(const char **s, const char *end, const char *word);

/* Where a word of a kind that begins at p ends; p itself when none does. */
const char *word_name_end(const char *p, const char *end);
const char *word_run_end(const char *p, const char *end, const char *stop, const char *quoted,
			 bool commas);
const char *word_id_end(const char *p, const char *end);
const char *word_quote_end(const char *p, const char *end); /* NULL: not closed */
const char *word_label_end(const char *p, const char *end);

/* Make the bytes up to q the word t. False when there are none. */
bool word_take(struct lex *l, struct lex_token *t, enum lex_kind kind, const char *q);
bool word_punctuation(struct lex *l, struct lex_token *t, const char *allowed);
bool word_condition(struct lex *l, struct lex_token *t, const char *q);
bool word_variable(struct lex *l, struct lex_token *t, enum lex_kind kind);

#endif
