/* parse.h - profile text to rules: the one reader of the language
 *
 * MUST take text from anywhere: nesting, words, lists and the whole are bounded,
 * every error names file and line, and nothing is half accepted.
 *
 * The language is that of AppArmor 4.1, with the flags of 5.0.
 */
#ifndef POLICY_APPARMOR_PARSE_H
#define POLICY_APPARMOR_PARSE_H

#include "policy/apparmor/lex.h"
#include "policy/apparmor/rule.h"

/* One text and all it includes; name is what errors call it. NULL when it is not
 * valid: *why says "FILE:LINE: what". */
struct ap_policy *ap_parse(struct arena *a, struct lex_source source, const char *name,
			   const char *text, size_t len, const char **why);

#endif
