/* rules.h - texts of policy to sets of single rules that can be compared
 *
 * A rule is brought into one form: blanks folded, conditions and lists sorted,
 * quotes around plain values dropped. Two rules of one form mean the same.
 */
#ifndef TESTS_ORACLE_RULES_H
#define TESTS_ORACLE_RULES_H

#include "policy/model/iface.h"

/* The rules of a text for one reader, each in its form, sorted and once each. */
struct words rules_of(struct arena *a, enum backend k, const char *text);

/* One rule that stands for itself, without the comma at its end. */
const char *rule_form(struct arena *a, enum backend k, const char *rule);

#endif
