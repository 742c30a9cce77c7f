/* profiles.c - AppArmor policy of snaps in the running kernel */
#include "applets/lib/profiles.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "applets/lib/policyload.h"
#include "core/caps.h"
#include "core/dirs.h"
#include "core/field.h"
#include "core/fs.h"
#include "core/str.h"
#include "core/template.h"
#include "core/vec.h"
#include "ns/nsfd.h"
#include "policy/model/name.h"

#define TEXT_MAX ((size_t)16 << 20)
#define OWN_TEXT "apparmor/confine"

/* A container of its own policy namespace sees it "stacked" on the host's. */
static bool may_change(struct arena *a)
{
	const char *dir = policyload_dir(a);

	if (*dirs_root() || geteuid() || !dir || !caps_permitted(CAPS_POLICY))
		return false;
	if (nsfd_user() == NSFD_INITIAL_USER)
		return true;
	char *stacked = fs_read(a, AT_FDCWD, arena_printf(a, "%s/.ns_stacked", dir), 16, NULL);
	return stacked && str_starts(stacked, "yes");
}

const struct features *profiles_features(struct arena *a, const struct host *h)
{
	return h->apparmor && may_change(a) ? features_of_host(a, h) : NULL;
}

bool profiles_full(const struct host *h)
{
	if (!h->apparmor)
		return false;
	for (size_t i = 0; i < h->count; i++)
		if (str_eq(h->facts[i].group, "apparmor") && h->facts[i].state != HOST_PRESENT)
			return false;
	return true;
}

/* Is it a label of this snap? */
static bool is_of(struct arena *a, const char *label, const char *instance)
{
	struct label l;

	return label_parse(a, label, &l) && (!instance || str_eq(l.instance, instance));
}

/* The texts on disk, of one snap or (NULL) of all, by name. */
static struct profile_files on_disk(struct arena *a, const char *instance)
{
	struct profile_files files = {0};
	int path = dirs_open(DIR_APPARMOR);
	char **names = path < 0 ? NULL : fs_list(a, path, ".", NULL);

	for (; names && *names; names++) {
		struct profile_file f = {.name = *names};

		if (!is_of(a, *names, instance))
			continue;
		f.text = fs_read(a, path, *names, TEXT_MAX, NULL);
		if (!f.text)
			warn("%s: %m", dirs_path(a, DIR_APPARMOR, "%s", *names));
		else
			vec_push(a, &files, f);
	}
	if (path >= 0)
		close(path);
	return files;
}

/* Labels of the snap (NULL: of any) that the kernel has and files do not. */
static bool remove_others(struct arena *a, const char *instance, const struct profile_files *files)
{
	struct words loaded = policyload_names(a), stay = {0};
	bool ok = true;

	/* Labels of all snaps are ours alone where no snapd has its own. */
	if (!instance && !access("/var/lib/snapd/state.json", F_OK))
		return true;
	for (size_t i = 0; i < files->len; i++)
		vec_push(a, &stay, files->at[i].name);
	for (size_t i = 0; i < loaded.len; i++) {
		const char *name = loaded.at[i];

		if (!is_of(a, name, instance) || policyload_have(&stay, name) ||
		    policyload_remove(a, name))
			continue;
		warn("remove the AppArmor profile %s: %m", name);
		ok = false;
	}
	return ok;
}

static bool add_own(struct arena *a, struct policyload *l)
{
	const char *text = template_text(a, OWN_TEXT, NULL), *why = "it is not there";

	if (text && policyload_add(l, OWN_TEXT, text, &why))
		return true;
	warn("the profile of the privileged copy: %s", why);
	return false;
}

/* The kernel gets what is on disk, of one snap or (NULL) all and our own, and has
 * nothing else of it. */
static bool load_disk(struct arena *a, const struct features *f, const char *instance)
{
	struct profile_files files = on_disk(a, instance);
	struct policyload *l = policyload_start(a, f);
	const char *why = "";
	bool ok = instance || add_own(a, l);

	for (size_t i = 0; i < files.len; i++)
		if (!policyload_add(l, files.at[i].name, files.at[i].text, &why)) {
			warn("%s", why);
			ok = false;
		}
	if (!policyload_finish(l, &why)) {
		warn("%s", why);
		ok = false;
	}
	return remove_others(a, instance, &files) && ok;
}

/* The snaps that a transaction loaded profiles of: all go back together. */
struct loaded {
	struct txn *txn;
	struct arena *arena;
	const struct features *features;
	struct words names;
};

/* The command has died. */
static void put_back(void *arg)
{
	struct loaded *done = arg;

	for (size_t i = 0; i < done->names.len; i++)
		load_disk(done->arena, done->features, done->names.at[i]);
}

static void note_loaded(struct txn *t, const struct features *f, const char *instance)
{
	static struct loaded *done;

	if (!done || done->txn != t) {
		done = NEW(txn_arena(t), struct loaded);
		*done = (struct loaded){.txn = t, .arena = txn_arena(t), .features = f};
		undo_push(put_back, done);
	}
	vec_push(done->arena, &done->names, instance);
}

void profiles_stage(struct txn *t, const struct features *f, const char *instance,
		    const struct profile_files *files)
{
	DOING("load the AppArmor policy of", instance);
	struct policyload *l = policyload_start(txn_arena(t), f);
	const char *why = "";

	for (size_t i = 0; i < files->len; i++)
		if (!policyload_add(l, files->at[i].name, files->at[i].text, &why))
			die("%s", why);
	note_loaded(t, f, instance);
	if (!policyload_finish(l, &why))
		die("%s", why);
}

bool profiles_load_own(struct arena *a, const struct features *f)
{
	struct policyload *l = policyload_start(a, f);
	const char *why = "";
	bool ok = add_own(a, l);

	if (policyload_finish(l, &why))
		return ok;
	warn("%s", why);
	return false;
}

bool profiles_load_all(struct arena *a, const struct features *f)
{
	return load_disk(a, f, NULL);
}

bool profiles_again(struct arena *a, const char *instance)
{
	const struct features *f = profiles_features(a, host_probe(a));

	return !f || load_disk(a, f, instance);
}

bool profiles_forget(struct arena *a, const char *instance)
{
	static const struct profile_files none;

	return !may_change(a) || remove_others(a, instance, &none);
}
