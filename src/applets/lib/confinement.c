/* confinement.c - the table of what there is to confine with
 *
 * It says what the kernel offers, never what would be nice: a facility that
 * cannot be asked for is "unknown", and counts as not there.
 */
#include "applets/lib/confinement.h"

#include <stdio.h>
#include <string.h>

#include "core/host.h"
#include "core/json.h"
#include "core/str.h"

static const char *word(enum host_state s)
{
	return s == HOST_PRESENT ? "present" : s == HOST_MISSING ? "missing" : "unknown";
}

static const char *full_name(struct arena *a, const struct host_fact *f)
{
	return *f->name ? arena_printf(a, "%s %s", f->group, f->name) : f->group;
}

/* Shown, but a strict snap is no weaker without it. */
static const char *const spare[] = {
	"seccomp trap", "seccomp trace", "seccomp user_notif", "namespace ipc", "namespace uts",
	"namespace pid", "namespace user", "namespace cgroup", "namespace time", "mount loop",
	"mount squashfs", "cgroup v2", NULL,
};

static bool is_weakness(struct arena *a, const struct host *h, const struct host_fact *f)
{
	const char *name = full_name(a, f);

	if (f->state == HOST_PRESENT || str_in(name, spare))
		return false;
	if (str_eq(name, "cgroup v1 devices")) /* either way of limiting devices will do */
		return host_fact(h, "cgroup", "v2 devices")->state != HOST_PRESENT;
	if (str_eq(name, "cgroup v2 devices"))
		return host_fact(h, "cgroup", "v1 devices")->state != HOST_PRESENT;
	return true;
}

static void print_json(struct arena *a, const struct host *h)
{
	struct buf b = buf_new(a);

	buf_char(&b, '{');
	json_pair(&b, "kernel", h->kernel);
	json_pair(&b, "machine", h->machine);
	json_key(&b, "facilities");
	buf_char(&b, '[');
	for (size_t i = 0; i < h->count; i++) {
		const struct host_fact *f = &h->facts[i];

		json_comma(&b);
		buf_char(&b, '{');
		json_pair(&b, "group", f->group);
		json_pair(&b, "name", f->name);
		json_pair(&b, "state", word(f->state));
		json_pair(&b, "detail", f->detail);
		json_pair_bool(&b, "weakness", is_weakness(a, h, f));
		buf_char(&b, '}');
	}
	buf_str(&b, "]}\n");
	fputs(buf_text(&b), stdout);
}

static void print_table(struct arena *a, const struct host *h)
{
	int width = 0;

	for (size_t i = 0; i < h->count; i++) {
		int n = (int)strlen(full_name(a, &h->facts[i]));

		width = n > width ? n : width;
	}
	for (size_t i = 0; i < h->count; i++) {
		const struct host_fact *f = &h->facts[i];
		const char *detail = str_show(a, f->detail);

		printf("%-*s  %s%s%s\n", width, full_name(a, f), word(f->state),
		       *detail ? "  " : "", detail);
	}
}

int confinement_show(struct cmd *c)
{
	const struct host *h = host_probe(c->arena);
	int code = EXIT_DONE;

	if (cmd_option(c, "json"))
		print_json(c->arena, h);
	else
		print_table(c->arena, h);
	for (size_t i = 0; i < h->count; i++)
		if (is_weakness(c->arena, h, &h->facts[i]))
			code = EXIT_WEAKER;
	return code;
}
