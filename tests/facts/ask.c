/* ask.c - does every interface grant what the facts say, and nothing else?
 *
 *	ask DIR DIFFERENCES [CASE...]
 *
 * DIR is a collection of facts (its README tells the form). For each interface and case it
 * has two snaps, probe with the plug and provider with the slot, and what each of them gets
 * in these situations: connected to the slot of a classic system, of a core system, of
 * provider, and not at all. We gather for the same snaps in the same situations, and then
 * compare not the texts but what they mean:
 *
 *	profiles.c  rules of AppArmor (of apps and of snap-update-ns): both are compiled for
 *	            two kernels, and walk.c puts every question there is to both
 *	filters.c   system calls: both are compiled for two architectures; programs are equal,
 *	            or asked call by call
 *	values.c    devices, mounts, modules, the bus: what our readers make of the lines
 *	here        the flags that decide which parts of the template stay
 *
 * What the system gets as the plug (lists of libraries), services that export GPIO, and
 * which devices udev is told to look at again are no policy of a snap: not compared here.
 *
 * DIFFERENCES lists what differs on purpose, with reasons; purposes.h applies it to the
 * facts before anything is compared, and an entry that changes nothing is an error. The
 * templates, and what profiles include, are compared by templates.c. TAP.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/fs.h"
#include "core/str.h"
#include "filters.h"
#include "policy/apparmor/profile.h"
#include "policy/apparmor/profile_pieces.h"
#include "policy/decl.h"
#include "policy/model/snap.h"
#include "profiles.h"
#include "purposes.h"
#include "read.h"
#include "values.h"

static const char *const situations[] = {"connected", "connected-core", "appslot", "none", NULL};
static const char *dir;
static int tested, failed, sides;

static struct snap *snap_of(struct arena *a, const char *name, const char *who)
{
	char why[WHY_MAX];
	char *text = facts_read(a, arena_printf(a, "%s/interfaces/%s.%s.yaml", dir, name, who));
	struct snap *s = text ? snap_from_yaml(a, text, strlen(text), why) : NULL;

	if (text && !s)
		printf("# %s.%s.yaml: %s\n", name, who, why);
	if (s)
		snap_set_instance(a, s, s->name, "x1");
	return s;
}

static struct port *port_of(struct arena *a, const struct snap *s, enum side side,
			    const char *interface)
{
	const struct ports *list = side == PLUG ? &s->plugs : &s->slots;
	struct port *system;

	for (size_t i = 0; i < list->len; i++)
		if (!strcmp(list->at[i]->interface, interface))
			return list->at[i];
	/* The system's own. */
	system = NEW(a, struct port);
	system->side = side;
	system->name = system->interface = interface;
	system->attrs = node_new(a, NODE_MAP, 0, 0);
	system->snap = NEW(a, struct snap);
	system->snap->name = system->snap->instance = "system";
	return system;
}

/* Where the facts' word for a reader goes, or -1 for what is compared elsewhere. They do
 * not know rules of udev from matches that only say which devices may be opened. */
static int backend_of(const char *word)
{
	if (!strcmp(word, "udev"))
		return BACK_DEVICE;
	if (str_starts(word, "kmod-"))
		return BACK_MODPROBE;
	for (int k = 0; k < BACK_COUNT; k++)
		if (!strcmp(word, backend_names[k]))
			return k;
	return -1;
}

static bool has_situation(struct arena *a, const char *list, const char *one)
{
	for (char **w = str_split(a, list, '+', NULL); *w; w++)
		if (!strcmp(*w, one))
			return true;
	return false;
}

/* "map[alpha:p1=3 p2=true beta:p=1]" to lines of modprobe's: a word with a colon in
 * front of any "=" begins the next module. */
static void add_options(struct arena *a, struct buf *out, const char *map)
{
	const char *inner = arena_dupn(a, map + strlen("map["), strlen(map) - strlen("map[]"));

	for (char **w = str_split(a, inner, ' ', NULL); *w; w++) {
		size_t n = strcspn(*w, ":=");

		if ((*w)[n] == ':')
			buf_printf(out, "%soptions %.*s %s", out->len ? "\n" : "", (int)n, *w,
				   *w + n + 1);
		else
			buf_printf(out, " %s", *w);
	}
	buf_char(out, '\n');
}

/* What the facts expect of one side in one situation, in the language of its reader. */
static const char *expected(struct arena *a, const char *tsv, const char *situation,
			    const char *side, enum backend k)
{
	struct buf b = buf_new(a);

	for (char **line = str_split(a, tsv, '\n', NULL); *line; line++) {
		size_t n;
		char **f = str_split(a, *line, '\t', &n);

		if (n < 5 || strcmp(f[1], side) || backend_of(f[2]) != (int)k ||
		    !has_situation(a, f[0], situation))
			continue;
		if (!strcmp(f[2], "kmod-options"))
			add_options(a, &b, f[4]);
		else if (!strcmp(f[2], "kmod-disallow"))
			buf_printf(&b, "blacklist %s\n", f[4]);
		else if (k == BACK_APPARMOR || k == BACK_UPDATE_NS)
			profiles_row(&b, f[3], f[4], n > 5 ? f[5] : "");
		else
			buf_printf(&b, "%s\n", f[4]);
	}
	return buf_text(&b);
}

/* All pieces for one reader; what udev is told of devices is with their matches. */
static const char *ours(struct arena *a, const struct policy *p, enum backend k)
{
	struct buf out = buf_new(a);
	struct bodies bodies = {0};

	if (k == BACK_APPARMOR || k == BACK_UPDATE_NS) {
		pieces_gather(a, &bodies, p, k);
		pieces_print(&out, &bodies);
		return buf_text(&out);
	}
	for (size_t i = 0; i < p->pieces[k].len; i++)
		buf_str(&out, p->pieces[k].at[i].text);
	for (size_t i = 0; k == BACK_DEVICE && i < p->pieces[BACK_UDEV].len; i++)
		buf_str(&out, p->pieces[BACK_UDEV].at[i].text);
	return buf_text(&out);
}

/* Our word for a flag of the facts, or NULL for none. Without a filter runs what both may
 * do so and asks for it: the second flag. */
static const char *flag_of(const char *word)
{
	if (!strcmp(word, "unconfined-1"))
		return NULL;
	return strcmp(word, "unconfined-2") ? word : "unconfined";
}

static int flags_differ(struct arena *a, const char *tsv, const char *situation, const char *side,
			const struct policy *p)
{
	/* The facts have these as rules and denials that are there or not. */
	static const char *const others[] = {
		"home-ix", "suppress-desktop-files", "uses-desktop-files", "uses-mountinfo", NULL,
	};
	struct words facts = {0}, have = {0};

	for (char **line = str_split(a, tsv, '\n', NULL); *line; line++) {
		size_t n;
		char **f = str_split(a, *line, '\t', &n);

		if (n > 4 && !strcmp(f[1], side) && !strcmp(f[2], "flags") && flag_of(f[4]) &&
		    has_situation(a, f[0], situation))
			vec_push(a, &facts, flag_of(f[4]));
	}
	for (size_t i = 0; i < p->flags.len; i++)
		if (!str_in(p->flags.at[i], others))
			vec_push(a, &have, p->flags.at[i]);
	return values_differ(arena_printf(a, "%s %s flags", situation, side), have, facts);
}

struct question {
	struct arena *arena;
	const char *name, *tsv, *situation, *who;
	const struct snap *snap;
	const struct policy *policy;
	struct profiles *profiles;
	const char *heads[2]; /* of the app's profile, and snap-update-ns' */
};

static int ask(struct question *q, enum backend k)
{
	struct arena *a = q->arena;
	const char *where = arena_printf(a, "%s %s %s", q->situation, q->who, backend_names[k]);
	const char *have = ours(a, q->policy, k);
	const char *want = expected(a, q->tsv, q->situation, q->who, k);

	want = purposes_apply(a, q->name, k, want, have);
	if (k == BACK_SECCOMP)
		return filters_differ(a, where, q->snap->base, have, want);
	if (k != BACK_APPARMOR && k != BACK_UPDATE_NS)
		return values_differ(where, values_of(a, k, have), values_of(a, k, want));
	q->profiles->where = where;
	return profiles_differ(q->profiles, q->heads[k == BACK_UPDATE_NS], have, want);
}

static int check_side(struct question *q, const struct snap *s, const struct conn *c,
		      enum side side)
{
	struct policy_target t = {.classic = strcmp(q->situation, "connected-core") != 0};
	struct arena *a = q->arena;
	struct policy p, none = {0};
	char why[WHY_MAX];
	int wrong = 0;

	q->who = side == PLUG ? "probe" : "provider";
	if (!s->apps.len)
		return 0;
	const struct app *app = s->apps.at[0];
	struct profile_for f = {.snap = s, .label = snap_app_label(a, app), .command = app->name,
				.policy = &none, .target = &t};
	sides++;
	if (!policy_gather(a, &p, s, &app->plugs, &app->slots, c, c ? 1 : 0, &t, why)) {
		printf("# %s %s: %s\n", q->situation, q->who, why);
		return 1;
	}
	q->snap = s;
	q->policy = &p;
	q->heads[0] = profiles_head(a, profile_text(a, &f));
	q->heads[1] = profiles_head(a, profile_update_ns_text(a, s, &none, &t));
	for (int k = 0; k < BACK_COUNT; k++)
		if (k != BACK_UDEV)
			wrong += ask(q, (enum backend)k);
	return wrong + flags_differ(a, q->tsv, q->situation, q->who, &p);
}

/* Is there anything to compare in this situation? "none" always. */
static bool takes_part(struct arena *a, const struct iface *i, const char *tsv,
		       const char *situation)
{
	if (!strcmp(situation, "connected"))
		return i->implicit_slot_classic;
	if (!strcmp(situation, "connected-core"))
		return i->implicit_slot_core;
	if (!strcmp(situation, "none"))
		return true;
	for (char **line = str_split(a, tsv, '\n', NULL); *line; line++)
		if (has_situation(a, arena_dupn(a, *line, strcspn(*line, "\t")), situation))
			return true;
	return false;
}

static int check_case(struct arena *a, const char *name, const struct iface *i)
{
	char *tsv = facts_read(a, arena_printf(a, "%s/interfaces/%s.tsv", dir, name));
	const struct snap *probe = snap_of(a, name, "probe");
	const struct snap *provider = snap_of(a, name, "provider");
	struct profiles profiles = {.arena = a, .memo.arena = a};
	struct question q = {.arena = a, .name = name, .tsv = tsv, .profiles = &profiles};
	int wrong = 0;

	if (!tsv || !probe || !provider)
		return 1;
	for (size_t s = 0; situations[s]; s++) {
		bool app = !strcmp(situations[s], "appslot"), none = !strcmp(situations[s], "none");
		struct conn c = {.plug = port_of(a, probe, PLUG, i->name), .slot_system = !app};

		if (!takes_part(a, i, tsv, situations[s]))
			continue;
		c.slot = port_of(a, app ? provider : NEW(a, struct snap), SLOT, i->name);
		q.situation = situations[s];
		wrong += check_side(&q, probe, none ? NULL : &c, PLUG);
		if (app)
			wrong += check_side(&q, provider, &c, SLOT);
	}
	return wrong + purposes_unused(name);
}

static void check_file(const char *file)
{
	struct arena *a = arena_new();
	char *name = arena_dupn(a, file, strlen(file) - strlen(".tsv"));
	char *interface = arena_dupn(a, name, strcspn(name, "@"));
	const struct iface *i = iface_load(a, interface);
	int wrong = i ? check_case(a, name, i) : 0;

	tested++;
	if (!i) {
		printf("ok %d - facts of %s # SKIP there is no interface %s yet\n", tested, name,
		       interface);
		arena_drop(a);
		return;
	}
	failed += wrong != 0;
	printf("%sok %d - facts of %s\n", wrong ? "not " : "", tested, name);
	arena_drop(a);
}

static bool asked_for(const char *file, char **names)
{
	for (; *names; names++)
		if (str_starts(file, *names) && strchr(".@", file[strlen(*names)]))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new();
	size_t n = 0;

	if (argc < 3)
		return 2;
	dir = argv[1];
	int at = open(arena_printf(a, "%s/interfaces", dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char **files = fs_list(a, at, ".", &n);
	if (!files) {
		printf("1..0 # SKIP no facts in %s\n", dir);
		return 0;
	}
	purposes_load(a, argv[2]);
	profiles_start(a, dir);
	filters_start(a, dir);
	for (size_t i = 0; i < n; i++)
		if (str_ends(files[i], ".tsv") && (argc == 3 || asked_for(files[i], argv + 3)))
			check_file(files[i]);
	printf("# %d sides; %zu pairs of profiles, %zu states; %zu pairs of filters, %zu of them "
	       "equal, %zu calls\n", sides, profiles_pairs, profiles_states, filters_pairs,
	       filters_equal, filters_calls);
	printf("1..%d\n", tested);
	return failed != 0;
}
