/* walk.h - do two compiled profiles answer every question alike?
 *
 * Not a sample: both automata are walked side by side, through every pair of states
 * that some string leads to. What is found first is a shortest string.
 */
#ifndef TESTS_FACTS_WALK_H
#define TESTS_FACTS_WALK_H

#include "core/buf.h"
#include "policy/apparmor/lower.h"

/* False with the question and the two answers in why. states grows by those walked. */
bool walk_profiles(const struct lowered *ours, const struct lowered *facts,
		   size_t *states, struct buf *why);

#endif
