/* model.c - what snapbox understands of a snap.yaml, for people and tests */
#include "applets/lib/model.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "applets/lib/launch.h"
#include "core/fs.h"
#include "core/proc.h"
#include "core/str.h"
#include "core/yaml.h"
#include "policy/model/layout.h"
#include "policy/model/snap.h"

struct job {
	struct arena *arena;
	const char *text;
	size_t len;
	char *const *hooks;
};

static bool send(int out, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(out, text, len);

		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

/* In the child: text to record, or "!reason". */
static bool to_record(int out, void *arg)
{
	struct job *job = arg;
	char why[WHY_MAX + 1] = "!";
	struct node *root = yaml_parse(job->arena, job->text, job->len, why + 1);
	struct snap *s = NULL;

	for (char *const *h = job->hooks; root && h && *h; h++)
		snap_add_hook(job->arena, root, *h);
	if (root)
		s = snap_from_node(job->arena, root, why + 1);
	if (!s) {
		send(out, why, strlen(why));
		return false;
	}
	const char *record = snap_record(job->arena, s);
	return send(out, record, strlen(record));
}

struct snap *model_read(struct arena *a, const char *file, char *const *hooks)
{
	DOING("read", file);

	struct job job = {.arena = a, .hooks = hooks};
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || !(job.text = fs_read_fd(a, fd, YAML_BYTES_MAX, &job.len)))
		die("%m");
	close(fd);
	struct proc_jail jail = {
		.memory = (size_t)256 << 20, .max = NODE_RECORD_MAX, .cpu_seconds = 10,
		.fn = to_record, .arg = &job, .keep = {-1},
	};
	const char *reason;
	char why[WHY_MAX];
	size_t len;
	char *record = proc_jailed(a, &jail, &len, &reason);
	if (!record)
		die("%s", reason);
	struct snap *s = snap_from_record(a, record, len, why);
	if (!s)
		die("%s", why);
	return s;
}

/* --- the model, a fact a line --- */

static void say(struct arena *a, const char *what, const char *value)
{
	if (value)
		printf("%s: %s\n", what, str_show(a, value));
}

static void say_words(struct arena *a, const char *what, const struct words *w)
{
	for (size_t i = 0; i < w->len; i++)
		printf("%s: %s\n", what, str_show(a, w->at[i]));
}

static void say_pairs(struct arena *a, const struct pairs *p)
{
	for (size_t i = 0; i < p->len; i++)
		printf("  environment: %s=%s\n", p->at[i].key, str_show(a, p->at[i].value));
}

static void say_time(const char *what, int64_t ms)
{
	if (ms != TIME_UNSET)
		printf("  %s: %lld ms\n", what, (long long)ms);
}

static void say_ports(const char *what, const struct ports *list)
{
	if (!list->len)
		return;
	printf("  %s:", what);
	for (size_t i = 0; i < list->len; i++)
		printf(" %s", list->at[i]->name);
	putchar('\n');
}

static void show_ports(struct arena *a, const char *what, const struct ports *list)
{
	for (size_t i = 0; i < list->len; i++) {
		const struct port *p = list->at[i];
		struct buf b = buf_new(a);

		printf("%s %s: interface %s%s\n", what, p->name, p->interface,
		       p->scoped ? "" : ", everybody's");
		say(a, "  label", p->title);
		if (!p->attrs->count)
			continue;
		node_print(&b, p->attrs);
		/* Without the head and the root: the attributes, one a line. */
		const char *line = strchr(strchr(buf_text(&b), '\n') + 1, '\n') + 1;
		for (; *line; line += strcspn(line, "\n") + 1)
			printf("%.*s\n", (int)strcspn(line, "\n"), line);
	}
}

static void show_daemon(struct arena *a, const struct app *app)
{
	printf("  daemon: %s, %s\n", snap_daemon_names[app->daemon],
	       app->scope == SCOPE_USER ? "user" : "system");
	say(a, "  stop-command", app->stop_command);
	say(a, "  reload-command", app->reload_command);
	say(a, "  post-stop-command", app->post_stop_command);
	say_time("start-timeout", app->start_timeout_ms);
	say_time("stop-timeout", app->stop_timeout_ms);
	say_time("watchdog-timeout", app->watchdog_timeout_ms);
	say_time("restart-delay", app->restart_delay_ms);
	say(a, "  install-mode", app->install_mode);
	say(a, "  stop-mode", app->stop_mode);
	say(a, "  restart-condition", app->restart_condition);
	say_words(a, "  success-exit-status", &app->success_exit_status);
	say_words(a, "  before", &app->before);
	say_words(a, "  after", &app->after);
	say_words(a, "  activates-on", &app->activates_on);
	say(a, "  bus-name", app->bus_name);
	say(a, "  timer", app->timer);
	for (size_t i = 0; i < app->sockets.len; i++)
		printf("  socket %s: %s %04o\n", app->sockets.at[i].name,
		       str_show(a, app->sockets.at[i].listen), app->sockets.at[i].mode);
}

static void show_app(struct arena *a, const struct app *app)
{
	printf("app %s: %s\n", app->name, snap_app_label(a, app));
	say(a, "  command", app->command);
	say_words(a, "  command-chain", &app->command_chain);
	say_pairs(a, &app->environment);
	say_ports("plugs", &app->plugs);
	say_ports("slots", &app->slots);
	say(a, "  completer", app->completer);
	say(a, "  common-id", app->common_id);
	say(a, "  autostart", app->autostart);
	say(a, "  refresh-mode", app->refresh_mode);
	say_words(a, "  alias", &app->aliases);
	if (app->daemon)
		show_daemon(a, app);
}

static void show_hook(struct arena *a, const struct hook *h)
{
	printf("hook %s: %s\n", h->name, snap_hook_label(a, h));
	say_words(a, "  command-chain", &h->command_chain);
	say_pairs(a, &h->environment);
	say_ports("plugs", &h->plugs);
	say_ports("slots", &h->slots);
}

static void show_layouts(struct arena *a, const struct snap *s)
{
	static const char *const kinds[] = {
		[LAYOUT_BIND] = "bind", [LAYOUT_BIND_FILE] = "bind-file",
		[LAYOUT_TMPFS] = "tmpfs", [LAYOUT_SYMLINK] = "symlink",
	};

	for (size_t i = 0; i < s->layouts.len; i++) {
		const struct layout *l = &s->layouts.at[i];

		printf("layout %s: %s", str_show(a, layout_expand(a, s, l->path)), kinds[l->kind]);
		if (l->source)
			printf(" %s\n", str_show(a, layout_expand(a, s, l->source)));
		else
			printf(" %04o\n", l->mode);
	}
}

static void show_head(struct arena *a, const struct snap *s)
{
	say(a, "name", s->name);
	say(a, "version", s->version);
	say(a, "type", snap_type_names[s->type]);
	say(a, "base", snap_base(s));
	say(a, "confinement", snap_confinement_names[s->confinement]);
	say(a, "grade", snap_grade_names[s->grade]);
	say(a, "title", s->title);
	say(a, "summary", s->summary);
	say(a, "description", s->description);
	say(a, "license", s->license);
	say(a, "provenance", s->provenance);
	say(a, "epoch", s->epoch);
	say_words(a, "architecture", &s->architectures);
	say_words(a, "assumes", &s->assumes);
	say_words(a, "system-username", &s->system_usernames);
	for (size_t i = 0; i < s->components.len; i++)
		printf("component %s: %s\n", s->components.at[i].name, s->components.at[i].type);
	for (size_t i = 0; i < s->environment.len; i++)
		printf("environment: %s=%s\n", s->environment.at[i].key,
		       str_show(a, s->environment.at[i].value));
}

int model_show(struct cmd *c)
{
	struct arena *a = c->arena;
	const struct snap *s = model_read(a, c->argv[1], NULL);

	show_head(a, s);
	show_ports(a, "plug", &s->plugs);
	show_ports(a, "slot", &s->slots);
	for (size_t i = 0; i < s->apps.len; i++)
		show_app(a, s->apps.at[i]);
	for (size_t i = 0; i < s->hooks.len; i++)
		show_hook(a, s->hooks.at[i]);
	show_layouts(a, s);
	return EXIT_DONE;
}

static void show_plan(struct arena *a, const struct snap *s, const struct app *app,
		      const struct hook *hook)
{
	const char *base = snap_base(s);
	struct launch l = {
		.effective = s->confinement, .base = base ? base : s->name, .steps = s->layouts.len,
	};
	char why[WHY_MAX];
	struct buf b = buf_new(a);

	l.base_dir = arena_printf(a, "/snap/%s/current", l.base);
	const struct plan *p = launch_plan(a, s, app, hook, &l, why);
	if (!p)
		die("%s", why);
	plan_print(&b, p);
	fputs(buf_text(&b), stdout);
}

int model_show_plans(struct cmd *c)
{
	struct arena *a = c->arena;
	struct snap *s = model_read(a, c->argv[1], NULL);

	snap_set_instance(a, s, s->name, "x1");
	for (size_t i = 0; i < s->apps.len; i++)
		show_plan(a, s, s->apps.at[i], NULL);
	for (size_t i = 0; i < s->hooks.len; i++)
		if (!s->hooks.at[i]->component)
			show_plan(a, s, NULL, s->hooks.at[i]);
	return EXIT_DONE;
}
