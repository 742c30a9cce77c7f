/* usage.c - the command table as people see it, and the one option parser
 *
 * There is one grammar for every command: "--name", "--name=value", "--name
 * value", "-n"; "--" ends the options. Options may follow words, as people
 * type "install foo.snap --dangerous"; where words are passed on to an app the
 * first word ends the options.
 */
#include "applets/usage.h"

#include <string.h>

#include "core/str.h"
#include "core/vec.h"

static bool answers_to(const struct applet *app, const char *name)
{
	return !strcmp(app->name, name) || (app->also && str_in(name, app->also));
}

const struct applet *usage_find(const struct applet *const *all, const char *name)
{
	for (; *all; all++)
		if (answers_to(*all, name))
			return *all;
	return NULL;
}

static int summary_length(const char *help)
{
	return (int)strcspn(help, "\n");
}

static void print_indented(FILE *out, const char *text)
{
	while (*text) {
		int n = (int)strcspn(text, "\n");

		fprintf(out, "%s%.*s\n", n ? "  " : "", n, text);
		text += n + (text[n] == '\n');
	}
}

void usage_print(FILE *out, const struct applet *app)
{
	fprintf(out, "Usage: snapbox %s%s%s%s\n\n", app->name, app->options ? " [OPTION]..." : "",
		*app->args ? " " : "", app->args);
	fputs(app->help, out);
	if (app->options) {
		fputs("\nOptions:\n", out);
		for (const struct option_spec *o = app->options; o->name; o++) {
			char left[64];

			snprintf(left, sizeof left, "%c%c%s--%s%s%s", o->letter ? '-' : ' ',
				 o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
				 o->value ? "=" : "", o->value ? o->value : "");
			fprintf(out, "  %-28s %s\n", left, o->help);
		}
	}
	if (app->examples) {
		fputs("\nExamples:\n", out);
		print_indented(out, app->examples);
	}
}

void usage_overview(FILE *out, const struct applet *const *all)
{
	fputs("snapbox installs, confines and runs snaps: one file, no daemon\n\n"
	      "Usage: snapbox COMMAND [OPTION]... [WORD]...\n\nCommands:\n", out);
	for (; *all; all++)
		if (!((*all)->need & HIDDEN))
			fprintf(out, "  %-16s %.*s\n", (*all)->name,
				summary_length((*all)->help), (*all)->help);
	fputs("\n'snapbox help COMMAND' or 'snapbox COMMAND --help' tells more.\n"
	      "'snapbox --install [-s] [DIR]' makes a link for each command.\n", out);
}

void usage_names(FILE *out, const struct applet *const *all)
{
	for (; *all; all++) {
		fprintf(out, "%s\n", (*all)->name);
		for (const char *const *n = (*all)->also; n && *n; n++)
			fprintf(out, "%s\n", *n);
	}
}

_Noreturn void usage_unknown(const struct applet *const *all, const char *name)
{
	const char *names[256];
	size_t n = 0;

	for (; *all && n < 200; all++) {
		names[n++] = (*all)->name;
		for (const char *const *also = (*all)->also; also && *also && n < 254; also++)
			names[n++] = *also;
	}
	names[n] = NULL;
	const char *near = str_nearest(name, names);
	if (near)
		die_with(EXIT_USAGE, "unknown command \"%s\", did you mean \"%s\"?", name, near);
	die_with(EXIT_USAGE, "unknown command \"%s\", see 'snapbox help'", name);
}

const char *cmd_option(const struct cmd *c, const char *name)
{
	for (int i = 0; c->applet->options && c->applet->options[i].name; i++)
		if (!strcmp(c->applet->options[i].name, name))
			return c->given[i];
	die("no option --%s in %s", name, c->applet->name);
}

static int find_option(const struct applet *app, const char *word, size_t len)
{
	for (int i = 0; app->options && app->options[i].name; i++) {
		const struct option_spec *o = &app->options[i];

		if (word[1] == '-' ? strlen(o->name) == len - 2 &&
					     !memcmp(o->name, word + 2, len - 2) :
				     len == 2 && o->letter && o->letter == word[1])
			return i;
	}
	return -1;
}

static bool gives_word(const struct option_spec *o)
{
	return o->value && str_ends(o->value, "...");
}

/* Take the option at argv[i]; returns how many words it used. */
static int take_option(struct cmd *c, int i, int argc, char **argv)
{
	const struct applet *app = c->applet;
	const char *word = argv[i];
	size_t len = strcspn(word, "=");
	int k = find_option(app, word, len);

	if (k < 0)
		die_with(EXIT_USAGE, "%s: unknown option %s, see 'snapbox %s --help'", app->name,
			 word, app->name);
	const struct option_spec *o = &app->options[k];
	if (c->given[k] && !gives_word(o))
		die_with(EXIT_USAGE, "%s: option --%s is given twice", app->name, o->name);
	if (!o->value) {
		if (word[len])
			die_with(EXIT_USAGE, "%s: option --%s takes no value", app->name, o->name);
		c->given[k] = "";
		return 1;
	}
	const char *value = word[len] ? word + len + 1 : i + 1 < argc ? argv[i + 1] : NULL;
	if (!value || !*value)
		die_with(EXIT_USAGE, "%s: option --%s needs a value: %s", app->name, o->name,
			 o->value);
	c->given[k] = value;
	return word[len] ? 1 : 2;
}

/* The value of an option of one or two words. */
static char *word_value(char **argv, int used)
{
	return used == 1 ? strchr(argv[0], '=') + 1 : argv[1];
}

void usage_parse(struct cmd *c, int argc, char **argv)
{
	VEC(char *) words = {0};
	bool options = true;

	for (int i = 0; i < argc;) {
		const char *word = argv[i];

		bool own = c->applet->need & OWN_OPTIONS && strcmp(word, "--help") != 0;

		if (!options || word[0] != '-' || !word[1] || own) {
			vec_push(c->arena, &words, argv[i++]);
			if (c->applet->need & RAW_ARGS)
				options = false;
		} else if (!strcmp(word, "--")) {
			options = false;
			i++;
		} else if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
			c->help = true;
			i++;
		} else {
			int used = take_option(c, i, argc, argv);

			if (gives_word(&c->applet->options[find_option(
				    c->applet, word, strcspn(word, "="))]))
				vec_push(c->arena, &words, word_value(argv + i, used));
			i += used;
		}
	}
	c->argc = (int)words.len;
	vec_push(c->arena, &words, NULL);
	c->argv = words.at;
}

void usage_count(const struct cmd *c)
{
	const struct applet *app = c->applet;

	if (c->argc < app->min || (app->max >= 0 && c->argc > app->max))
		die_with(EXIT_USAGE, "%s: %s, usage: snapbox %s %s", app->name,
			 c->argc < app->min ? "too few words" : "too many words", app->name,
			 app->args);
}
