/* manual.c - the command table as man pages and as a shell completion */
#include "applets/manual.h"

#include <string.h>

#include "snapbox_version.h"

/* Text of our own, but a leading dot or quote and every backslash are macros to man. */
static void text(FILE *out, const char *s, size_t n)
{
	bool fresh = true;

	for (size_t i = 0; i < n; i++) {
		if (fresh && (s[i] == '.' || s[i] == '\''))
			fputs("\\&", out);
		if (s[i] == '\\')
			fputs("\\e", out);
		else if (s[i] == '-')
			fputs("\\-", out);
		else
			putc(s[i], out);
		fresh = s[i] == '\n';
	}
}

static void whole(FILE *out, const char *s)
{
	text(out, s, strlen(s));
}

/* Lines that begin with a blank are examples or tables: kept as they are. */
static void paragraphs(FILE *out, const char *s)
{
	bool kept = false;

	while (*s) {
		size_t n = strcspn(s, "\n");
		bool keep = *s == ' ' || *s == '\t';

		if (keep != kept)
			fputs(keep ? ".nf\n" : ".fi\n", out);
		kept = keep;
		if (n)
			text(out, s, n);
		else
			fputs(".PP", out);
		putc('\n', out);
		s += n + (s[n] == '\n');
	}
	if (kept)
		fputs(".fi\n", out);
}

static void head(FILE *out, const char *name, const char *summary, size_t n)
{
	fprintf(out, ".TH %s 8 \"\" \"snapbox %s\" \"snapbox\"\n.SH NAME\n", name, SNAPBOX_VERSION);
	whole(out, name);
	fputs(" \\- ", out);
	text(out, summary, n);
	putc('\n', out);
}

static void exit_codes(FILE *out)
{
	static const struct {
		const char *code, *meaning;
	} codes[] = {
		{"0", "done"},
		{"1", "refused or failed; nothing was changed"},
		{"2", "wrong use"},
		{"3", "done, but weaker than asked"},
		{"126, 127", "run: the command cannot be executed, is not there"},
	};

	fputs(".SH EXIT STATUS\n", out);
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		fprintf(out, ".TP\n%s\n%s\n", codes[i].code, codes[i].meaning);
}

void manual_page(FILE *out, const struct applet *app)
{
	char name[80];
	size_t summary = strcspn(app->help, "\n");

	snprintf(name, sizeof name, "snapbox-%s", app->name);
	head(out, name, app->help, summary);
	fputs(".SH SYNOPSIS\n.B snapbox ", out);
	whole(out, app->name);
	fputs(app->options ? "\n[OPTION]... " : "\n", out);
	whole(out, app->args);
	fputs("\n.SH DESCRIPTION\n", out);
	paragraphs(out, app->help);
	if (app->options)
		fputs(".SH OPTIONS\n", out);
	for (const struct option_spec *o = app->options; o && o->name; o++) {
		fputs(".TP\n.B ", out);
		if (o->letter)
			fprintf(out, "\\-%c, ", o->letter);
		fputs("\\-\\-", out);
		whole(out, o->name);
		if (o->value)
			fprintf(out, "=%s", o->value);
		putc('\n', out);
		whole(out, o->help);
		putc('\n', out);
	}
	exit_codes(out);
	if (app->examples) {
		fputs(".SH EXAMPLES\n.nf\n", out);
		whole(out, app->examples);
		fputs(".fi\n", out);
	}
	fputs(".SH SEE ALSO\n.BR snapbox (8)\n", out);
}

void manual_overview(FILE *out, const struct applet *const *all)
{
	static const char summary[] = "install, confine and run snaps";

	head(out, "snapbox", summary, sizeof summary - 1);
	fputs(".SH SYNOPSIS\n.B snapbox\nCOMMAND [OPTION]... [WORD]...\n.SH DESCRIPTION\n"
	      "One file that installs, confines and runs snaps, with no daemon. Each command\n"
	      "can also be called by a link of its name; a link in /snap/bin runs an app.\n"
	      ".SH COMMANDS\n", out);
	for (; *all; all++) {
		if ((*all)->need & HIDDEN)
			continue;
		fputs(".TP\n.B ", out);
		whole(out, (*all)->name);
		putc('\n', out);
		text(out, (*all)->help, strcspn((*all)->help, "\n"));
		putc('\n', out);
	}
	exit_codes(out);
	fputs(".SH FILES\n"
	      ".TP\n/var/lib/snapbox\nwhat is installed, in plain files\n"
	      ".TP\n/run/snapbox\nwhat lives until the next reboot\n"
	      ".TP\n/snap\nmounted snaps, and links to their commands in /snap/bin\n"
	      ".TP\n/var/snap\ndata of snaps\n"
	      ".TP\n/etc/snapbox\n"
	      "local settings and templates that take the place of built\\-in ones\n",
	      out);
}

/* What the words of a command can be. compgen expands the words it gets like a command
 * line: labels of strangers MUST NOT be among them, hence the pattern. Bash breaks words
 * at colons, so of what is completed only the rest is given back. */
static const char completion_head[] =
	"# bash completion for snapbox, made by 'snapbox help --completion'\n"
	"_snapbox_words() {\n"
	"\tcase $1 in\n"
	"\tinterfaces) snapbox interface --all 2>/dev/null | awk 'NR > 1 { print $1 }' ;;\n"
	"\tports) snapbox connections --all 2>/dev/null | awk '{ for (i = 2; i <= NF; i++)\n"
	"\t\tif ($i ~ /^[a-z0-9_-]*:[a-z0-9-]+$/) print $i }' ;;\n"
	"\t*) cd /snap 2>/dev/null && ls -d -- [a-z0-9]* 2>/dev/null ;;\n"
	"\tesac\n"
	"}\n"
	"_snapbox() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} words=\"\" kind=\"\"\n"
	"\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	"\t\twords='";
static const char completion_tail[] =
	"\t\tesac\n"
	"\t\t[ \"${COMP_LINE:+x}\" ] && cur=${COMP_LINE:0:COMP_POINT} && cur=${cur##*[[:space:]]}\n"
	"\t\tif [[ $cur != -* ]]; then\n"
	"\t\t\tmapfile -t COMPREPLY < <(compgen -W \"$(_snapbox_words \"$kind\")\" -- \"$cur\"\n"
	"\t\t\t\t[ \"$kind\" ] || compgen -f -X '!*.snap' -- \"$cur\")\n"
	"\t\t\t[[ $cur != *:* ]] || COMPREPLY=(\"${COMPREPLY[@]#\"${cur%\"${cur##*:}\"}\"}\")\n"
	"\t\t\treturn\n"
	"\t\tfi\n"
	"\tfi\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	"}\n"
	"complete -o filenames -F _snapbox snapbox\n";

void manual_completion(FILE *out, const struct applet *const *all)
{
	const struct applet *const *app;

	fputs(completion_head, out);
	for (app = all; *app; app++)
		if (!((*app)->need & HIDDEN))
			fprintf(out, "%s ", (*app)->name);
	fputs("'\n\telse\n\t\tcase ${COMP_WORDS[1]} in\n", out);
	for (app = all; *app; app++) {
		if ((*app)->need & HIDDEN)
			continue;
		fprintf(out, "\t\t%s) words='--help ", (*app)->name);
		for (const struct option_spec *o = (*app)->options; o && o->name; o++)
			fprintf(out, "--%s%s ", o->name, o->value ? "=" : "");
		fprintf(out, "' kind=%s ;;\n", (*app)->complete ? (*app)->complete : "");
	}
	fputs(completion_tail, out);
}
