/* command.h - what an app runs: command-chain, program, words (behaviour P7)
 *
 * The text is split at each blank; there are no quotes and no shell. Words with
 * $NAME are kept as they are: they are replaced at the start, when the
 * environment is known, and those that turn out empty are dropped.
 */
#ifndef POLICY_COMMAND_H
#define POLICY_COMMAND_H

#include "policy/model/model.h"

struct command {
	const char *program; /* absolute, below dir */
	struct words chain;  /* absolute, below dir, outermost first */
	struct words args;
};

/* dir is where the snap is for the process: what $SNAP will be. text is one that
 * the model accepted. */
struct command command_split(struct arena *a, const char *dir, const struct words *chain,
			     const char *text);

/* A path of the snap below dir in its shortest form. */
const char *command_below(struct arena *a, const char *dir, const char *path);

#endif
