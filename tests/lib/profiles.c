/* profiles.c - AppArmor text of a snap, for tests
 *
 *	profiles OUT SNAP.yaml [core] [classic|devmode|jailmode|unconnected|key=KEY]...
 *
 * Writes OUT/LABEL for every app and hook, and OUT/snap-update-ns.NAME. Each plug is
 * connected to the slot of the system that has its interface, if the system has one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"
#include "policy/apparmor/profile.h"
#include "policy/connect.h"
#include "policy/model/snap.h"

struct maker {
	struct arena *arena;
	const char *out;
	struct snap *snap;
	struct policy_target target;
	enum confinement confinement;
	bool jailmode;
	VEC(struct conn) conns;
};

static const char *slurp(struct arena *a, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *text = fd < 0 ? NULL : fs_read_fd(a, fd, (size_t)4 << 20, NULL);

	if (!text)
		die("read %s: %m", path);
	close(fd);
	return text;
}

static void put(struct maker *m, const char *label, const char *text)
{
	const char *path = arena_printf(m->arena, "%s/%s", m->out, label);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		die("write %s: %m", path);
	fs_write_all(fd, text, strlen(text));
	close(fd);
}

static void connect_all(struct maker *m)
{
	for (size_t i = 0; i < m->snap->plugs.len; i++) {
		struct port *plug = m->snap->plugs.at[i];
		const struct iface *iface = iface_load(m->arena, plug->interface);

		if (!iface || !connect_system_has(iface, SLOT, m->target.classic))
			continue;
		struct conn c = {plug, connect_system_port(m->arena, iface, SLOT), false, true};
		vec_push(m->arena, &m->conns, c);
	}
}

static struct policy gather(struct maker *m, const struct ports *plugs, const struct ports *slots)
{
	struct policy p;
	char why[WHY_MAX];

	if (!policy_gather(m->arena, &p, m->snap, plugs, slots, m->conns.at, m->conns.len, &m->target,
			   why))
		die("%s", why);
	return p;
}

static void one(struct maker *m, const char *label, const char *command, const struct ports *plugs,
		const struct ports *slots)
{
	struct policy p = gather(m, plugs, slots);
	struct profile_for f = {m->snap, label, command, m->confinement, m->jailmode, &p, &m->target};

	put(m, label, profile_text(m->arena, &f));
}

static void read_word(struct maker *m, const char *word, bool *connect, const char **key)
{
	if (!strcmp(word, "core"))
		m->target = (struct policy_target){.kernel_snap = "pc-kernel"};
	else if (!strcmp(word, "classic"))
		m->confinement = CONFINE_CLASSIC;
	else if (!strcmp(word, "devmode"))
		m->confinement = CONFINE_DEVMODE;
	else if (!strcmp(word, "jailmode"))
		m->jailmode = true;
	else if (!strcmp(word, "unconnected"))
		*connect = false;
	else if (str_starts(word, "key="))
		*key = word;
	else
		die("%s is no word of this", word);
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct maker m = {.arena = a, .out = argv[1], .target.classic = true};
	char why[WHY_MAX];
	const char *key = NULL;
	bool connect = true;

	if (argc < 3)
		return 2;
	const char *text = slurp(a, argv[2]);
	m.snap = snap_from_yaml(a, text, strlen(text), why);
	if (!m.snap)
		die("%s: %s", argv[2], why);
	m.confinement = m.snap->confinement;
	for (char **word = argv + 3; *word; word++)
		read_word(&m, *word, &connect, &key);
	snap_set_instance(a, m.snap, key ? arena_printf(a, "%s_%s", m.snap->name, key + 4) :
			  m.snap->name, "x1");
	if (connect)
		connect_all(&m);
	for (size_t i = 0; i < m.snap->apps.len; i++) {
		const struct app *app = m.snap->apps.at[i];

		one(&m, snap_app_label(a, app), app->name, &app->plugs, &app->slots);
	}
	for (size_t i = 0; i < m.snap->hooks.len; i++) {
		const struct hook *h = m.snap->hooks.at[i];

		one(&m, snap_hook_label(a, h), arena_printf(a, "hook.%s", h->name), &h->plugs, &h->slots);
	}
	struct policy all = gather(&m, &m.snap->plugs, &m.snap->slots);
	put(&m, arena_printf(a, "snap-update-ns.%s", m.snap->instance),
	    profile_update_ns_text(a, m.snap, &all, &m.target));
	return 0;
}
