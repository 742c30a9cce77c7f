/* describe.c - a snap told to a person or to a program
 *
 * All texts are a stranger's: each goes through table_cell() or json_text().
 */
#include "applets/lib/describe.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "applets/lib/notes.h"
#include "applets/lib/table.h"
#include "core/json.h"
#include "core/str.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"

#define WIDTH_MIN 40
#define WIDTH_MAX 100
#define WIDTH_PIPE 80

/* Where lines end; as in snapd three columns are left free. */
static size_t width(void)
{
	struct winsize w;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || !w.ws_col)
		return WIDTH_PIPE - 3;
	size_t columns = w.ws_col > 3 ? w.ws_col - 3u : WIDTH_MIN;
	return columns < WIDTH_MIN ? WIDTH_MIN : columns > WIDTH_MAX ? WIDTH_MAX : columns;
}

static const char *or_dashes(const char *s)
{
	return s && *s ? s : "--";
}

/* Bytes as snapd shows them: decimal, no blank. */
static char *size_text(struct arena *a, uint64_t n)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	size_t unit = 0;

	while (n >= 1000 && unit < 6) {
		n = (n + 500) / 1000;
		unit++;
	}
	return arena_printf(a, "%llu%s", (unsigned long long)n, units[unit]);
}

/* One line of a description, broken at blanks, each part indented as the first. */
static void print_wrapped(struct arena *a, const char *line, size_t len)
{
	char *text = str_show(a, arena_dupn(a, line, len));
	size_t indent = strspn(text, " "), max = width();

	indent = indent > max / 2 ? max / 2 : indent;
	text += strspn(text, " ");
	do {
		size_t room = max > indent + 2 ? max - indent - 2 : 1, take = strlen(text);

		if (table_width(text, take) > room) {
			size_t last = 0;

			for (size_t i = 0; text[i] && table_width(text, i) <= room; i++)
				last = text[i] == ' ' ? i : last;
			take = last ? last : strcspn(text, " ");
		}
		printf("  %*s%.*s\n", (int)indent, "", (int)take, text);
		text += take;
		text += strspn(text, " ");
	} while (*text);
}

static void print_description(struct arena *a, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	puts("description: |");
	for (size_t at = 0; at <= len;) {
		const char *end = memchr(text ? text + at : "", '\n', len - at);
		size_t n = end ? (size_t)(end - text) - at : len - at;

		print_wrapped(a, text ? text + at : "", n);
		at += n + 1;
	}
}

static const char *command_of(struct arena *a, const struct describe *d, const struct app *app)
{
	return command_print(a, d->state ? d->state->name : d->snap->name, app->name);
}

static void add_apps(struct table *t, struct arena *a, const struct describe *d)
{
	size_t commands = 0, services = 0;

	for (size_t i = 0; i < d->snap->apps.len; i++)
		if (d->snap->apps.at[i]->daemon == DAEMON_NONE)
			table_add(t, "%s  - %s\n", commands++ ? "" : "commands:\n",
				  command_of(a, d, d->snap->apps.at[i]));
	for (size_t i = 0; i < d->snap->apps.len; i++) {
		const struct app *app = d->snap->apps.at[i];

		/* Nothing manages services yet, so none is enabled or active. */
		if (app->daemon != DAEMON_NONE)
			table_add(t, "%s  %s:\t%s, disabled, inactive\n",
				  services++ ? "" : "services:\n", command_of(a, d, app),
				  snap_daemon_names[app->daemon]);
	}
}

static const char *yes(bool b)
{
	return b ? "true" : "false";
}

static void add_notes(struct table *t, struct arena *a, const struct describe *d)
{
	const struct snap *s = d->snap;

	table_add(t, "notes:\t\n  private:\tfalse\n  grade:\t%s\n  confinement:\t%s\n",
		  snap_grade_names[s->grade], snap_confinement_names[s->confinement]);
	if (!d->state)
		return;
	table_add(t, "  devmode:\t%s\n  jailmode:\t%s\n  trymode:\tfalse\n  enabled:\ttrue\n",
		  yes(d->state->modes & MODE_DEVMODE), yes(d->state->modes & MODE_JAILMODE));
	table_add(t, "  broken:\t%s\n  ignore-validation:\tfalse\n",
		  yes(notes_broken(a, d->state, d->rev)));
}

/* What follows the notes is a column of its own in snapd: it is not aligned with them. */
static void add_tail(struct table *t, struct arena *a, const struct describe *d, bool verbose)
{
	const struct snap *s = d->snap;

	if (s->type != SNAP_APP)
		table_add(t, "type:\t%s\n", s->type == SNAP_OS ? "core" : snap_type_names[s->type]);
	if (verbose && s->base)
		table_add(t, "base:\t%s\n", s->base);
	if (verbose && d->sha3_384)
		table_add(t, "sha3-384:\t%s\n", d->sha3_384);
	if (!d->state)
		return;
	table_add(t, "refresh-date:\t%s\n", state_time(a, d->rev->installed));
	table_add(t, "installed:\t%s (%s) %s %s\n", d->rev->version, d->rev->id,
		  size_text(a, d->size), notes_text(a, d->state, d->rev));
}

static char *file_notes(struct arena *a, const struct snap *s)
{
	struct buf b = buf_new(a);

	if (s->type != SNAP_APP)
		buf_str(&b, s->type == SNAP_OS ? "core" : snap_type_names[s->type]);
	if (s->confinement != CONFINE_STRICT)
		buf_printf(&b, "%s%s", b.len ? "," : "", snap_confinement_names[s->confinement]);
	return b.len ? b.data : arena_dup(a, "-");
}

void describe_print(struct arena *a, const struct describe *d, bool again, bool verbose)
{
	const struct snap *s = d->snap;
	struct table head = table_new(a, 2, 1), apps = head, tail = head;

	if (again)
		puts("---");
	if (d->path)
		table_add(&head, "path:\t\"%s\"\n", table_cell(a, d->path));
	table_add(&head, "name:\t%s\n", d->state ? d->state->name : s->name);
	table_add(&head, "summary:\t%s\n",
		  s->summary && *s->summary ? table_cell(a, s->summary) : "\"\"");
	if (d->state)
		table_add(&head, "publisher:\t--\n");
	if (d->path) {
		table_add(&head, "version:\t%s %s\n", table_cell(a, or_dashes(s->version)),
			  file_notes(a, s));
		table_add(&head, "build-date:\t%s\n", state_time(a, d->seen.made));
	}
	table_add(&head, "license:\t%s\n",
		  s->license && *s->license ? table_cell(a, s->license) : "unset");
	table_print(&head);
	print_description(a, s->description);
	add_apps(&apps, a, d);
	if (verbose)
		add_notes(&apps, a, d);
	table_print(&apps);
	add_tail(&tail, a, d, verbose);
	table_print(&tail);
}

static void json_apps(struct buf *b, const struct describe *d)
{
	json_key(b, "apps");
	buf_char(b, '[');
	for (size_t i = 0; i < d->snap->apps.len; i++) {
		const struct app *app = d->snap->apps.at[i];

		json_comma(b);
		buf_char(b, '{');
		json_pair(b, "name", app->name);
		json_pair(b, "command", command_of(b->arena, d, app));
		json_pair(b, "daemon",
			  app->daemon == DAEMON_NONE ? NULL : snap_daemon_names[app->daemon]);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

void describe_json(struct buf *b, const struct describe *d)
{
	const struct snap *s = d->snap;

	json_comma(b);
	buf_char(b, '{');
	if (d->path)
		json_pair(b, "path", d->path);
	json_pair(b, "name", d->state ? d->state->name : s->name);
	json_pair(b, "version", s->version);
	json_pair(b, "title", s->title);
	json_pair(b, "summary", s->summary);
	json_pair(b, "description", s->description);
	json_pair(b, "license", s->license);
	json_pair(b, "type", snap_type_names[s->type]);
	json_pair(b, "base", s->base);
	json_pair(b, "confinement", snap_confinement_names[s->confinement]);
	json_pair(b, "grade", snap_grade_names[s->grade]);
	json_pair_u64(b, "size", d->size);
	json_pair(b, "sha3-384", d->sha3_384);
	if (d->state) {
		json_pair(b, "revision", d->rev->id);
		json_pair(b, "install-date", state_time(b->arena, d->rev->installed));
		json_pair_bool(b, "devmode", d->state->modes & MODE_DEVMODE);
		json_pair_bool(b, "jailmode", d->state->modes & MODE_JAILMODE);
		json_pair_bool(b, "classic", notes_classic(d->state, d->rev));
		json_pair_bool(b, "broken", notes_broken(b->arena, d->state, d->rev));
	} else {
		json_pair(b, "build-date", state_time(b->arena, d->seen.made));
		json_pair(b, "compression", d->seen.compression);
	}
	json_apps(b, d);
	buf_char(b, '}');
}
