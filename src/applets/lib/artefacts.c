/* artefacts.c - all policy of one snap as files
 *
 * MUST fail whole: a snap of which one label has no policy gets none.
 */
#include "applets/lib/artefacts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "ns/fstab.h"
#include "policy/device/udev.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"

static const struct {
	const char *suffix;
	bool of_snap;
} kinds[ARTEFACT_KINDS] = {
	[ARTEFACT_APPARMOR] = {".apparmor", false},
	[ARTEFACT_APPARMOR_BIN] = {".apparmor.bin", false},
	[ARTEFACT_SECCOMP_SRC] = {".seccomp.src", false},
	[ARTEFACT_SECCOMP_BIN] = {".seccomp.bin2", false},
	[ARTEFACT_DEVICE] = {".device", false},
	[ARTEFACT_UDEV] = {".udev", false},
	[ARTEFACT_FSTAB] = {".fstab", true},
	[ARTEFACT_USER_FSTAB] = {".user-fstab", true},
	[ARTEFACT_UPDATE_NS] = {".update-ns.apparmor", true},
	[ARTEFACT_UPDATE_NS_BIN] = {".update-ns.apparmor.bin", true},
	[ARTEFACT_KMOD] = {".kmod", true},
};

/* One snap on its way, and what all its labels share. */
struct making {
	struct arena *a;
	const struct artefacts_system *sys;
	const struct artefacts_for *f;
	struct filter_maker *filters;
	struct artefacts out;
};

const char *artefact_name(struct arena *a, enum artefact_kind kind, const char *of)
{
	return arena_printf(a, "%s%s", of, kinds[kind].suffix);
}

const char *artefact_of(struct arena *a, const char *name)
{
	for (size_t k = 0; k < ARTEFACT_KINDS; k++) {
		struct label l;

		if (!str_ends(name, kinds[k].suffix))
			continue;
		const char *of = arena_dupn(a, name, strlen(name) - strlen(kinds[k].suffix));
		if (kinds[k].of_snap ? name_is_instance(of) : label_parse(a, of, &l))
			return of;
	}
	return NULL;
}

static void put(struct making *m, enum artefact_kind kind, const char *of, const void *bytes,
		size_t len)
{
	struct artefact one = {kind, of, bytes, len};

	vec_push(m->a, &m->out, one);
}

static void put_text(struct making *m, enum artefact_kind kind, const char *of, const char *text)
{
	put(m, kind, of, text, strlen(text));
}

/* Is the text the interface file's to the letter, no value of a snap in it? Only such
 * a one may switch the filter off (attacks.md A172). */
static bool is_own(const struct piece *p)
{
	for (size_t i = 0; i < p->iface->blocks[p->moment].len; i++) {
		const struct block *b = &p->iface->blocks[p->moment].at[i];

		if (b->line == p->line)
			return b->text[BACK_SECCOMP] && !strstr(b->text[BACK_SECCOMP], "$(");
	}
	return false;
}

/* What plugs and slots bring, as far as filters go; each with where it is from. */
static void add_snippets(struct making *m, const struct policy *p, struct filter *f)
{
	VEC(struct sc_snippet) out = {0};

	for (size_t k = 0; k < p->pieces[BACK_SECCOMP].len; k++) {
		const struct piece *piece = &p->pieces[BACK_SECCOMP].at[k];
		struct sc_snippet s = {
			.origin = arena_printf(m->a, "%s: %s %s", piece->iface->name,
					       piece->port->side == PLUG ? "plug" : "slot",
					       piece->port->name),
			.text = piece->text,
			.own = is_own(piece),
		};

		vec_push(m->a, &out, s);
	}
	f->snippets = out.at;
	f->count = out.len;
}

static void make_filter(struct making *m, const char *label, const struct policy *policy)
{
	const struct snap *s = m->f->snap;
	struct words users = {0};
	struct filter f = {
		.classic = m->f->confinement == CONFINE_CLASSIC,
		.devmode = m->f->confinement == CONFINE_DEVMODE,
		.jailmode = m->f->jailmode,
		.base = snap_base(s),
	};

	add_snippets(m, policy, &f);
	for (size_t i = 0; i < s->system_usernames.len; i++)
		vec_push(m->a, &users, s->system_usernames.at[i]);
	vec_push(m->a, &users, NULL);
	f.users = users.at;
	const char *why = filter_make(m->filters, &f);
	if (why)
		die("%s: system call filter: %s", label, why);
	put_text(m, ARTEFACT_SECCOMP_SRC, label, f.text);
	put(m, ARTEFACT_SECCOMP_BIN, label, f.bin, f.len);
}

static void make_devices(struct making *m, const char *label, const struct policy *policy)
{
	struct buf device = buf_new(m->a), udev = buf_new(m->a);
	char why[WHY_MAX];
	struct device_for f = {
		.label = label,
		.base = snap_base(m->f->snap),
		.lax = m->f->confinement != CONFINE_STRICT && !m->f->jailmode,
		.policy = policy,
	};

	if (!device_group_text(&device, &f, why) || !udev_text(&udev, &f, why))
		die("%s: %s", label, why);
	put_text(m, ARTEFACT_DEVICE, label, buf_text(&device));
	put_text(m, ARTEFACT_UDEV, label, buf_text(&udev));
}

static void make_label(struct making *m, const char *label, const char *name,
		       const struct ports *plugs, const struct ports *slots)
{
	struct policy policy;
	char why[WHY_MAX];

	if (!label)
		die("%s: its label would be too long", name);
	if (!policy_gather(m->a, &policy, m->f->snap, plugs, slots, m->f->conns.at,
			   m->f->conns.len, &m->sys->target, why))
		die("%s: %s", label, why);
	make_filter(m, label, &policy);
	make_devices(m, label, &policy);
}

static int by_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Modules are names, one a line, each once: whoever loads them is root. */
static const char *modules(struct arena *a, const struct policy *all)
{
	struct buf b = buf_new(a);
	struct words names = {0};

	for (size_t i = 0; i < all->pieces[BACK_KMOD].len; i++) {
		const struct piece *p = &all->pieces[BACK_KMOD].at[i];

		for (char **l = str_split(a, p->text, '\n', NULL); *l; l++) {
			if (!**l || **l == '#')
				continue;
			if (strlen(*l) > 64 || !str_only(*l, "abcdefghijklmnopqrstuvwxyz"
							     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
							     "0123456789_-"))
				die("%s: interface %s: \"%s\" is not the name of a module",
				    p->port->name, p->iface->name, *l);
			vec_push(a, &names, *l);
		}
	}
	if (names.len)
		qsort(names.at, names.len, sizeof *names.at, by_text);
	for (size_t i = 0; i < names.len; i++)
		if (!i || strcmp(names.at[i - 1], names.at[i]))
			buf_printf(&b, "%s\n", names.at[i]);
	return buf_text(&b);
}

/* What the snap has as a whole: its mounts and modules. */
static void make_snap(struct making *m)
{
	const struct snap *s = m->f->snap;
	struct buf fstab = buf_new(m->a), user = buf_new(m->a);
	bool classic = m->f->confinement == CONFINE_CLASSIC && !m->f->jailmode;
	struct policy all;
	char why[WHY_MAX];

	if (!policy_gather(m->a, &all, s, &s->plugs, &s->slots, m->f->conns.at, m->f->conns.len,
			   &m->sys->target, why))
		die("%s: %s", s->instance, why);
	/* A classic snap has no mounts of its own. */
	if (!classic && (!fstab_text(&fstab, s, &all, why) || !fstab_user_text(&user, &all, why)))
		die("%s: %s", s->instance, why);
	put_text(m, ARTEFACT_FSTAB, s->instance, buf_text(&fstab));
	put_text(m, ARTEFACT_USER_FSTAB, s->instance, buf_text(&user));
	put_text(m, ARTEFACT_KMOD, s->instance, modules(m->a, &all));
}

struct artefacts artefacts_make(struct arena *a, const struct artefacts_system *sys,
				const struct artefacts_for *f)
{
	struct making m = {.a = a, .sys = sys, .f = f, .filters = filter_maker(a, &sys->filter)};
	const struct snap *s = f->snap;

	for (size_t i = 0; i < s->apps.len; i++) {
		const struct app *app = s->apps.at[i];

		make_label(&m, snap_app_label(a, app), app->name, &app->plugs, &app->slots);
	}
	for (size_t i = 0; i < s->hooks.len; i++) {
		const struct hook *h = s->hooks.at[i];

		if (!h->component)
			make_label(&m, snap_hook_label(a, h), h->name, &h->plugs, &h->slots);
	}
	make_snap(&m);
	return m.out;
}
