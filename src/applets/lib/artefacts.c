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
#include "policy/apparmor/compile.h"
#include "policy/apparmor/profile.h"
#include "policy/device/udev.h"
#include "policy/model/snap.h"

/* One snap on its way, and what all its labels share. */
struct making {
	struct arena *a;
	const struct artefacts_system *sys;
	const struct artefacts_for *f;
	struct filter_maker *filters;
	struct policy all; /* what the snap has as a whole */
	struct substitute_snap instead;
	struct artefacts out;
};

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

/* The line of the filter's text that says where the others are from. */
static void add_refusals(struct making *m, const char *label, struct filter *f)
{
	const struct substitute *s = substitute_of(&m->instead, label);
	struct sc_snippet *all = NEW_N(m->a, struct sc_snippet, f->count + 1);

	if (!s || !*s->refusals)
		return;
	if (f->count)
		memcpy(all, f->snippets, f->count * sizeof *all);
	all[f->count] = (struct sc_snippet){"what AppArmor of this kernel does not refuse",
					    s->refusals, true};
	f->snippets = all;
	f->count++;
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
	add_refusals(m, label, &f);
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

/* What a kernel loads for a text; what it cannot enforce was left out. */
static void make_binary(struct making *m, enum artefact_kind kind, const char *of,
			const char *text)
{
	struct compile c;
	const char *why;

	if (!m->sys->features)
		return;
	compile_start(&c, m->a, m->sys->features);
	c.source = profile_source();
	if (!compile_profiles(&c, artefact_name(m->a, kind, of), text, strlen(text), false, &why))
		die("%s", why);
	put(m, kind, of, c.binary.data, c.binary.len);
	for (size_t i = 0; i < c.report.lines.len; i++)
		vec_push(m->a, &m->out.weaker, c.report.lines.at[i]);
}

static void make_substitute(struct making *m, const char *label, const char *text)
{
	const char *why;

	if (m->sys->substitute &&
	    !substitute_add(m->a, &m->instead, m->sys->substitute, profile_source(), label,
			    text, &why))
		die("%s", why);
}

static void make_profile(struct making *m, const char *label, const char *command,
			 const struct policy *policy)
{
	struct profile_for f = {
		.snap = m->f->snap,
		.label = label,
		.command = command,
		.confinement = m->f->confinement,
		.jailmode = m->f->jailmode,
		.policy = policy,
		.target = &m->sys->target,
	};
	const char *text = profile_text(m->a, &f);

	put_text(m, ARTEFACT_APPARMOR, label, text);
	make_binary(m, ARTEFACT_APPARMOR_BIN, label, text);
	make_substitute(m, label, text);
}

static void make_devices(struct making *m, const char *label, const struct policy *policy)
{
	struct buf device = buf_new(m->a), udev = buf_new(m->a);
	char why[WHY_MAX];
	struct device_for f = {
		.label = label,
		.base = snap_base(m->f->snap),
		.self = device_is_self(&m->all),
		.lax = m->f->confinement != CONFINE_STRICT && !m->f->jailmode,
		.policy = policy,
	};

	if (!device_group_text(&device, &f, why) || !udev_text(&udev, &f, why))
		die("%s: %s", label, why);
	put_text(m, ARTEFACT_DEVICE, label, buf_text(&device));
	put_text(m, ARTEFACT_UDEV, label, buf_text(&udev));
}

static struct policy gather(struct making *m, const char *what, const struct ports *plugs,
			    const struct ports *slots)
{
	struct policy p;
	char why[WHY_MAX];

	if (!policy_gather(m->a, &p, m->f->snap, plugs, slots, m->f->conns.at, m->f->conns.len,
			   &m->sys->target, why))
		die("%s: %s", what, why);
	return p;
}

static void make_label(struct making *m, const char *label, const char *command,
		       const struct ports *plugs, const struct ports *slots)
{
	if (!label)
		die("%s: its label would be too long", command);
	struct policy policy = gather(m, label, plugs, slots);

	make_profile(m, label, command, &policy);
	make_filter(m, label, &policy);
	make_devices(m, label, &policy);
}

/* Modules are names: whoever loads them is root. */
static bool is_module(const char *line)
{
	return strlen(line) <= 64 && str_only(line, "abcdefghijklmnopqrstuvwxyz"
						    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
}

/* Not "install" or "softdep": those run programs, or load other modules. */
static bool is_setting(const char *line)
{
	const char *name = str_after(line, "options ");

	if (!name)
		return str_starts(line, "blacklist ") && is_module(line + strlen("blacklist "));
	return strchr(name, ' ') && !str_ends(line, "\\");
}

/* The lines of one reader, sorted and once each. */
static const char *lines_of(struct arena *a, const struct policy *all, enum backend k,
			    bool (*fine)(const char *))
{
	struct buf b = buf_new(a);
	struct words lines = {0};

	for (size_t i = 0; i < all->pieces[k].len; i++) {
		const struct piece *p = &all->pieces[k].at[i];

		for (char **l = str_split(a, p->text, '\n', NULL); *l; l++) {
			if (!**l || **l == '#')
				continue;
			if (!fine(*l))
				die("%s: interface %s: \"%s\" is not for %s", p->port->name,
				    p->iface->name, *l, backend_names[k]);
			vec_push(a, &lines, *l);
		}
	}
	if (lines.len)
		qsort(lines.at, lines.len, sizeof *lines.at, str_order);
	for (size_t i = 0; i < lines.len; i++)
		if (!i || strcmp(lines.at[i - 1], lines.at[i]))
			buf_printf(&b, "%s\n", lines.at[i]);
	return buf_text(&b);
}

/* What the snap has as a whole: its mounts and modules. */
static void make_snap(struct making *m)
{
	const struct snap *s = m->f->snap;
	struct buf fstab = buf_new(m->a), user = buf_new(m->a);
	bool classic = m->f->confinement == CONFINE_CLASSIC && !m->f->jailmode;
	char why[WHY_MAX];

	/* A classic snap has no mounts of its own. */
	if (!classic &&
	    (!fstab_text(&fstab, s, &m->all, why) || !fstab_user_text(&user, &m->all, why)))
		die("%s: %s", s->instance, why);
	const char *text = profile_update_ns_text(m->a, s, &m->all, &m->sys->target);
	put_text(m, ARTEFACT_UPDATE_NS, s->instance, text);
	make_binary(m, ARTEFACT_UPDATE_NS_BIN, s->instance, text);
	put_text(m, ARTEFACT_FSTAB, s->instance, buf_text(&fstab));
	put_text(m, ARTEFACT_USER_FSTAB, s->instance, buf_text(&user));
	put_text(m, ARTEFACT_KMOD, s->instance, lines_of(m->a, &m->all, BACK_KMOD, is_module));
	text = lines_of(m->a, &m->all, BACK_MODPROBE, is_setting);
	if (*text)
		put_text(m, ARTEFACT_MODPROBE, s->instance, text);
}

struct artefacts artefacts_make(struct arena *a, const struct artefacts_system *sys,
				const struct artefacts_for *f)
{
	struct making m = {.a = a, .sys = sys, .f = f, .filters = filter_maker(a, &sys->filter)};
	const struct snap *s = f->snap;

	m.instead.view.instance = s->instance;
	m.all = gather(&m, s->instance, &s->plugs, &s->slots);
	for (size_t i = 0; i < s->apps.len; i++) {
		const struct app *app = s->apps.at[i];

		make_label(&m, snap_app_label(a, app), app->name, &app->plugs, &app->slots);
	}
	for (size_t i = 0; i < s->hooks.len; i++) {
		const struct hook *h = s->hooks.at[i];

		if (!h->component)
			make_label(&m, snap_hook_label(a, h),
				   arena_printf(a, "hook.%s", h->name), &h->plugs, &h->slots);
	}
	make_snap(&m);
	if (sys->substitute) {
		substitute_done(a, &m.instead, sys->substitute);
		struct substitute_snap *instead = NEW(a, struct substitute_snap);
		*instead = m.instead;
		m.out.instead = instead;
	}
	return m.out;
}
