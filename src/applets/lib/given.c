/* given.c - snaps that are nowhere installed: a snap.yaml, or an unpacked snap */
#include "applets/lib/given.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "applets/lib/model.h"
#include "core/fs.h"
#include "core/str.h"
#include "policy/autoconnect.h"
#include "policy/model/content.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"

const char *const given_hows[] = {"auto", "all", "none", NULL};

/* The part of a word behind "NAME_KEY=". */
static const char *path_of(struct arena *a, const char *word, const char **instance)
{
	const char *equals = strchr(word, '=');
	const char *name = equals ? arena_dupn(a, word, (size_t)(equals - word)) : NULL;

	*instance = name && name_is_instance(name) ? name : NULL;
	return *instance ? equals + 1 : word;
}

static const char *yaml_in(struct arena *a, const char *dir)
{
	static const char *const places[] = {"meta/snap.yaml", "snap.yaml"};

	for (size_t i = 0; i < 2; i++) {
		const char *file = arena_printf(a, "%s/%s", dir, places[i]);
		if (!access(file, F_OK))
			return file;
	}
	die("%s: no meta/snap.yaml and no snap.yaml in it", dir);
}

static struct snap *read_one(struct arena *a, const char *path, const char *instance)
{
	char **hooks = NULL;
	struct stat st;

	if (stat(path, &st))
		die("%s: %m", path);
	if (S_ISDIR(st.st_mode)) {
		const char *dir = path;

		path = yaml_in(a, dir);
		hooks = fs_list(a, AT_FDCWD, arena_printf(a, "%s/meta/hooks", dir), NULL);
		if (!hooks && errno != ENOENT)
			die("%s/meta/hooks: %m", dir);
	}
	struct snap *s = model_read(a, path, hooks);
	if (str_eq(s->name, CONNS_SYSTEM))
		die("%s: the name %s stands for the system itself", path, s->name);
	if (instance && !str_eq(name_snap_of(a, instance), s->name))
		die("%s: the snap there is %s: %s cannot be an instance of it", path, s->name,
		    instance);
	snap_set_instance(a, s, instance ? instance : s->name, "x1");
	return s;
}

/* I14: a plug of an interface that nobody knows gets nothing. */
static void tell_unknown(struct arena *a, const struct snap *s)
{
	const struct ports *lists[] = {&s->plugs, &s->slots};

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < lists[k]->len; i++)
			if (!iface_load(a, lists[k]->at[i]->interface))
				warn("%s:%s: no interface \"%s\": it gets nothing", s->instance,
				     lists[k]->at[i]->name, lists[k]->at[i]->interface);
}

struct snaps given_read(struct arena *a, char *const *words)
{
	struct snaps all = {0};

	for (; *words; words++) {
		const char *instance, *path = path_of(a, *words, &instance);
		const struct snap *s = read_one(a, path, instance);

		if (snaps_find(&all, s->instance))
			die("%s: %s is given twice", path, s->instance);
		tell_unknown(a, s);
		snaps_put(a, &all, s);
	}
	return all;
}

/* Content fits by its label alone; for all else a person may connect what they like. */
static bool fits(struct arena *a, const struct port *plug, const struct port *slot)
{
	struct content one, other;
	char why[WHY_MAX];

	if (!str_eq(plug->interface, "content"))
		return true;
	return content_read(a, plug, &one, why) && content_read(a, slot, &other, why) &&
	       str_eq(one.label, other.label) && str_eq(one.compatibility, other.compatibility);
}

static void put_if(struct arena *a, struct conn_lines *lines, const struct snaps *all,
		   const struct connect_on *on, const struct port *plug, const struct port *slot)
{
	struct conn c = {.plug = plug, .slot = slot}, meant;
	struct conn_line line = connect_line(&c, CONN_MANUAL);

	if (fits(a, plug, slot) && connect_of_line(a, &line, all, on, &meant) &&
	    !conns_find(lines, &line))
		conns_put(a, lines, line);
}

/* Every plug with the system's slot of its interface, and with those of all snaps. */
static void connect_plug(struct arena *a, struct conn_lines *lines, const struct snaps *all,
			 const struct connect_on *on, const struct port *plug)
{
	const struct port *own = connect_port(a, NULL, SLOT, plug->interface, on);

	if (own)
		put_if(a, lines, all, on, plug, own);
	for (size_t k = 0; k < all->len; k++)
		for (size_t i = 0; i < all->at[k]->slots.len; i++)
			if (str_eq(all->at[k]->slots.at[i]->interface, plug->interface))
				put_if(a, lines, all, on, plug, all->at[k]->slots.at[i]);
}

static void connect_all(struct arena *a, struct conn_lines *lines, const struct snap *s,
			const struct snaps *all, const struct connect_on *on)
{
	for (size_t i = 0; i < s->plugs.len; i++)
		connect_plug(a, lines, all, on, s->plugs.at[i]);
	for (size_t i = 0; i < s->slots.len; i++) {
		const struct port *own =
			connect_port(a, NULL, PLUG, s->slots.at[i]->interface, on);

		if (own)
			put_if(a, lines, all, on, own, s->slots.at[i]);
	}
}

struct conn_lines given_connect(struct arena *a, const struct snaps *all, enum given_how how,
			       const struct connect_on *on)
{
	struct conn_lines lines = {0};

	for (size_t i = 0; i < all->len; i++)
		if (how == GIVEN_AUTO)
			autoconnect(a, &lines, all->at[i], all, on);
		else if (how == GIVEN_ALL)
			connect_all(a, &lines, all->at[i], all, on);
	return lines;
}
