/* What interfaces say for attributes of many shapes, to the letter; and that AppArmor text
 * is text that compiles.
 *
 * tests/golden/interfaces/CASE.yaml has the interface, the attributes of both sides
 * and whether the slot is the system's; CASE.text what comes of it. With
 * GOLDEN_ACCEPT set the texts are written anew, to be read before they are committed. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "core/str.h"
#include "core/yaml.h"
#include "policy/apparmor/parse.h"
#include "policy/apparmor/search.h"
#include "policy/policy.h"

static char *slurp(struct arena *a, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = fd < 0 ? NULL : fs_read_fd(a, fd, (size_t)1 << 20, NULL);

	if (fd >= 0)
		close(fd);
	return text;
}

static struct port *port_of(struct arena *a, enum side side, const char *interface,
			    const struct node *attrs)
{
	static const char *const names[] = {"probe", "provider"};
	struct snap *s = NEW(a, struct snap);
	struct port *p = NEW(a, struct port);
	struct app *app = NEW(a, struct app);

	s->name = names[side];
	s->instance = side == PLUG ? "probe_two" : names[side];
	s->revision = "7";
	app->name = "app";
	app->snap = s;
	vec_push(a, &s->apps, app);
	p->side = side;
	p->name = side == PLUG ? "plug-name" : "slot-name";
	p->interface = interface;
	p->snap = s;
	p->attrs = attrs && attrs->kind == NODE_MAP ? attrs : node_new(a, NODE_MAP, 0, 0);
	vec_push(a, side == PLUG ? &app->plugs : &app->slots, p);
	return p;
}

static void must_compile(struct arena *a, const char *name, const char *rules)
{
	const char *text = arena_printf(a, "@{HOME}=/home/*/ /root/\n@{PROC}=/proc/\n@{pid}=[1-9]*\n"
					"profile p {\n%s}\n", rules), *why = NULL;
	struct ap_search ours = {.embedded = true};

	if (!ap_parse(a, ap_search_source(&ours), "rules", text, strlen(text), &why))
		fail_msg("%s: %s\n%s", name, why, rules);
}

static void add_side(struct buf *out, const char *name, struct port *p, const struct conn *c)
{
	struct arena *a = out->arena;
	struct policy_target t = {.classic = true};
	struct ports mine = {&p, 1, 1}, none = {0};
	struct policy got;
	char why[WHY_MAX] = "";

	if (!policy_gather(a, &got, p->snap, p->side == PLUG ? &mine : &none,
			   p->side == SLOT ? &mine : &none, c, 1, &t, why)) {
		buf_printf(out, "refused: %s\n", why);
		return;
	}
	for (size_t k = 0; k < BACK_COUNT; k++)
		for (size_t i = 0; i < got.pieces[k].len; i++) {
			const struct piece *piece = &got.pieces[k].at[i];

			buf_printf(out, "== %s %s\n%s", moment_names[piece->moment],
				   backend_names[k], piece->text);
			if (k == BACK_APPARMOR || k == BACK_UPDATE_NS)
				must_compile(a, name, piece->text);
		}
}

static const char *made(struct arena *a, const char *name, const char *yaml)
{
	char why[WHY_MAX];
	struct buf out = buf_new(a);
	const struct node *root = yaml_parse(a, yaml, strlen(yaml), why);
	const char *interface = root ? node_text(root, "interface") : NULL;
	bool system = false;

	if (!interface || !iface_load(a, interface))
		fail_msg("%s: no such interface", name);
	const struct node *says = node_get(root, "system");
	if (says)
		assert_true(node_bool(says, &system));
	struct port *plug = port_of(a, PLUG, interface, node_get(root, "plug"));
	struct port *slot = port_of(a, SLOT, interface, node_get(root, "slot"));
	struct conn c = {plug, slot, false, system};
	add_side(&out, name, plug, &c);
	if (!system)
		add_side(&out, name, slot, &c);
	return buf_text(&out);
}

static void texts_are_what_was_accepted(void **state)
{
	struct arena *a = *state;
	const char *dir = getenv("GOLDEN_DIR");
	int at = open(dir ? dir : "", O_RDONLY | O_DIRECTORY | O_CLOEXEC), wrong = 0;
	size_t n = 0, cases = 0;

	assert_true(at >= 0);
	char **files = fs_list(a, at, ".", &n);
	for (size_t i = 0; i < n; i++) {
		if (!str_ends(files[i], ".yaml"))
			continue;
		const char *name = arena_dupn(a, files[i], strlen(files[i]) - strlen(".yaml"));
		const char *path = arena_printf(a, "%s/%s.text", dir, name);
		const char *have = made(a, name, slurp(a, arena_printf(a, "%s/%s", dir, files[i])));
		const char *want = slurp(a, path);

		cases++;
		if (getenv("GOLDEN_ACCEPT")) {
			FILE *f = fopen(path, "we");

			assert_non_null(f);
			fputs(have, f);
			assert_int_equal(fclose(f), 0);
		} else if (!want || strcmp(want, have)) {
			print_error("%s says:\n%s", name, have);
			wrong++;
		}
	}
	assert_true(cases > 0);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	return RUN(UNIT(texts_are_what_was_accepted));
}
