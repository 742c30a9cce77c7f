/* command.c - what an app runs: command-chain, program, words */
#include "policy/command.h"

#include "core/str.h"
#include "core/vec.h"
#include "policy/model/grammar.h"

const char *command_below(struct arena *a, const char *dir, const char *path)
{
	return arena_printf(a, "%s/%s", dir, grammar_shortest(a, path));
}

struct command command_split(struct arena *a, const char *dir, const struct words *chain,
			     const char *text)
{
	struct command c = {0};
	char **parts = str_split(a, text, ' ', NULL);

	c.program = command_below(a, dir, *parts);
	for (parts++; *parts; parts++)
		if (**parts)
			vec_push(a, &c.args, *parts);
	for (size_t i = 0; i < chain->len; i++)
		vec_push(a, &c.chain, command_below(a, dir, chain->at[i]));
	return c;
}
