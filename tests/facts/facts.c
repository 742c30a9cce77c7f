/* facts.c - does every interface grant what the facts say, and nothing else?
 *
 *	facts DIR DIFFERENCES [INTERFACE...]
 *
 * DIR is a collection of facts (its README tells the form): for each interface
 * and case two snaps, and the rules that the two get when they are connected in
 * each of several situations. We gather for the same snaps in the same
 * situations and compare rule by rule. DIFFERENCES lists those on purpose, a line
 * each: CASE, a tab, "+" or "-", a blank, the rule; a reason stands above. TAP.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"
#include "policy/apparmor/compile.h"
#include "policy/apparmor/features.h"
#include "policy/apparmor/profile.h"
#include "policy/decl.h"
#include "policy/model/snap.h"
#include "policy/policy.h"
#include "rules.h"

static const char *const situations[] = {"connected", "connected-core", "appslot", "none", NULL};
static const char *dir;
static char **differences;
static int tested, failed;

static char *slurp(struct arena *a, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = fd < 0 ? NULL : fs_read_fd(a, fd, (size_t)4 << 20, NULL);

	if (fd >= 0)
		close(fd);
	return text;
}

static struct snap *snap_of(struct arena *a, const char *name, const char *who)
{
	char why[WHY_MAX];
	char *text = slurp(a, arena_printf(a, "%s/interfaces/%s.%s.yaml", dir, name, who));
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

/* What the facts expect of one side in one situation: "backend rule" in forms, sorted. */
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
		else if (!strcmp(f[3], "file"))
			buf_printf(&b, "%s %s,\n", f[4], n > 5 ? f[5] : "");
		else if (!strcmp(f[3], "include") || (k != BACK_APPARMOR && k != BACK_UPDATE_NS))
			buf_printf(&b, "%s\n", f[4]);
		else
			buf_printf(&b, "%s,\n", f[4]);
	}
	return buf_text(&b);
}

/* The rule itself, or "~" and a part of it. */
static bool on_purpose(struct arena *a, const char *name, char sign, const char *rule)
{
	const char *head = arena_printf(a, "%s\t%c ", name, sign);

	for (char **d = differences; d && *d; d++) {
		const char *what = str_after(*d, head);

		if (what && (*what == '~' ? strstr(rule, what + 1) != NULL : !strcmp(what, rule)))
			return true;
	}
	return false;
}

static int compare(struct arena *a, const char *name, const char *where, struct words want,
		   struct words have)
{
	int wrong = 0;

	for (size_t i = 0, j = 0; i < want.len || j < have.len;) {
		int d = i == want.len ? 1 : j == have.len ? -1 : strcmp(want.at[i], have.at[j]);
		const char *rule = d < 0 ? want.at[i] : have.at[j < have.len ? j : 0];

		if (d && !on_purpose(a, name, d < 0 ? '-' : '+', rule)) {
			printf("# %s %s: %s\n", where, d < 0 ? "lacks" : "has more", rule);
			wrong++;
		}
		i += d <= 0;
		j += d >= 0;
	}
	return wrong;
}

/* Both profiles of the side, for the newest kernel that the facts have features of. */
static int compile_side(struct arena *a, const struct snap *s, const struct policy *p,
			const struct policy_target *t, const char *where)
{
	char *features = slurp(a, arena_printf(a, "%s/features-7.2", dir));
	const struct app *app = s->apps.at[0];
	struct profile_for f = {.snap = s, .label = snap_app_label(a, app), .command = app->name,
				.policy = p, .target = t};
	const char *texts[] = {profile_text(a, &f), profile_update_ns_text(a, s, p, t)}, *why = NULL;
	struct compile c;
	int wrong = 0;

	compile_start(&c, a, features_parse(a, features, strlen(features), &why));
	c.source = profile_source();
	for (size_t i = 0; i < 2; i++)
		if (!compile_profiles(&c, i ? "update-ns" : f.label, texts[i], strlen(texts[i]), false,
				      &why)) {
			printf("# %s: %s\n", where, why);
			wrong++;
		}
	return wrong;
}

static int check_side(struct arena *a, const char *name, const char *tsv, const char *situation,
		      const struct snap *s, const struct conn *c, enum side side)
{
	struct policy_target t = {.classic = strcmp(situation, "connected-core") != 0};
	struct policy p;
	char why[WHY_MAX];
	const char *who = side == PLUG ? "probe" : "provider";
	int wrong = 0;

	if (!s->apps.len)
		return 0;
	if (!policy_gather(a, &p, s, &s->apps.at[0]->plugs, &s->apps.at[0]->slots, c, c ? 1 : 0, &t,
			   why)) {
		printf("# %s %s: %s\n", situation, who, why);
		return 1;
	}
	for (int k = 0; k < BACK_COUNT; k++) {
		struct buf have = buf_new(a);

		if (k == BACK_UDEV)
			continue;
		for (size_t i = 0; i < p.pieces[k].len; i++)
			buf_str(&have, p.pieces[k].at[i].text);
		for (size_t i = 0; k == BACK_DEVICE && i < p.pieces[BACK_UDEV].len; i++)
			buf_str(&have, p.pieces[BACK_UDEV].at[i].text);
		wrong += compare(a, name, arena_printf(a, "%s %s %s", situation, who, backend_names[k]),
				 rules_of(a, (enum backend)k,
					  expected(a, tsv, situation, who, (enum backend)k)),
				 rules_of(a, (enum backend)k, buf_text(&have)));
	}
	/* Core adds little to what was just compiled, and "none" is the template. */
	if (!strcmp(situation, "connected") || !strcmp(situation, "appslot"))
		wrong += compile_side(a, s, &p, &t, arena_printf(a, "%s %s", situation, who));
	return wrong;
}

/* Is there anything to compare in this situation? "none" always. */
static bool takes_part(struct arena *a, const struct iface *i, const char *tsv, const char *situation)
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
	char *tsv = slurp(a, arena_printf(a, "%s/interfaces/%s.tsv", dir, name));
	const struct snap *probe = snap_of(a, name, "probe"), *provider = snap_of(a, name, "provider");
	int wrong = 0;

	if (!tsv || !probe || !provider)
		return 1;
	for (size_t s = 0; situations[s]; s++) {
		bool app = !strcmp(situations[s], "appslot"), none = !strcmp(situations[s], "none");
		struct conn c = {.plug = port_of(a, probe, PLUG, i->name), .slot_system = !app};

		if (!takes_part(a, i, tsv, situations[s]))
			continue;
		c.slot = app ? port_of(a, provider, SLOT, i->name) : port_of(a, NEW(a, struct snap), SLOT,
									      i->name);
		wrong += check_side(a, name, tsv, situations[s], probe, none ? NULL : &c, PLUG);
		if (app)
			wrong += check_side(a, name, tsv, situations[s], provider, &c, SLOT);
	}
	return wrong;
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
	char *purposes = slurp(a, argv[2]);
	differences = purposes ? str_split(a, purposes, '\n', NULL) : NULL;
	int at = open(arena_printf(a, "%s/interfaces", dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char **files = fs_list(a, at, ".", &n);
	if (!files) {
		printf("1..0 # SKIP no facts in %s\n", dir);
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		if (str_ends(files[i], ".tsv") && (argc == 3 || asked_for(files[i], argv + 3)))
			check_file(files[i]);
	printf("1..%d\n", tested);
	return failed != 0;
}
