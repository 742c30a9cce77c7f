/* profile.c - policy to profile text
 *
 * MUST put every name and path that a snap chose through quote.h (attacks.md R17).
 */
#include "policy/apparmor/profile.h"

#include <string.h>

#include "core/str.h"
#include "policy/apparmor/profile_pieces.h"
#include "policy/apparmor/search.h"
#include "policy/model/name.h"
#include "policy/quote.h"

struct lex_source profile_source(void)
{
	static struct ap_search embedded = {.embedded = true};

	return ap_search_source(&embedded);
}

static bool is_classic(const struct profile_for *f)
{
	return f->confinement == CONFINE_CLASSIC && !f->jailmode;
}

static bool is_devmode(const struct profile_for *f)
{
	return f->confinement == CONFINE_DEVMODE && !f->jailmode;
}

static bool is_jailed_classic(const struct profile_for *f)
{
	return f->confinement == CONFINE_CLASSIC && f->jailmode;
}

/* No base, core, and core with the two digits of a year have the files of the core part. */
static bool has_core_base(const struct profile_for *f)
{
	const char *base = f->snap->base, *year = base ? str_after(base, "core") : "";

	return year && (!*year || (strlen(year) == 2 && str_only(year, "0123456789")));
}

static bool has_other_base(const struct profile_for *f)
{
	return !has_core_base(f);
}

static bool is_on_core(const struct profile_for *f)
{
	return !f->target->classic;
}

static bool has_users(const struct profile_for *f)
{
	return f->snap->system_usernames.len;
}

static bool has_remote_home(const struct profile_for *f)
{
	return f->target->remote_home;
}

static bool is_enforced(const struct profile_for *f)
{
	return !is_devmode(f);
}

/* The parts of a strict profile. A deny cannot be undone by an allow, so what one
 * interface wants kept out of the log and another grants is decided here (A12): the
 * part is left out when any interface has the flag of the last column. */
static const struct {
	const char *name;
	bool (*wanted)(const struct profile_for *f);
	const char *flag, *unless;
} parts[] = {
	{"strict"},
	{"core-base", has_core_base},
	{"other-base", has_other_base},
	{"jailmode-classic", is_jailed_classic},
	{"core-system", is_on_core},
	{"users", has_users},
	{"devmode", is_devmode},
	{"remote-home", has_remote_home},
	{"no-pycache", NULL, NULL, "suppress-pycache-deny"},
	{"no-mountinfo", is_enforced, NULL, "uses-mountinfo"},
	{"no-ptrace-trace", NULL, "suppress-ptrace-trace", "uses-ptrace-trace"},
	{"no-sys-module", NULL, "suppress-sys-module", "uses-sys-module"},
	{"no-desktop-files", NULL, "suppress-desktop-files", "uses-desktop-files"},
	{"home-ix", NULL, "home-ix", "suppress-home-ix"},
};

static void add_part(struct buf *out, const char *name, const struct snap *s)
{
	buf_char(out, '\n');
	pieces_template(out, arena_printf(out->arena, "apparmor/parts/%s", name), s);
}

static void add_parts(struct buf *out, const struct profile_for *f)
{
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if ((parts[i].wanted && !parts[i].wanted(f)) ||
		    (parts[i].flag && !policy_has_flag(f->policy, parts[i].flag)) ||
		    (parts[i].unless && policy_has_flag(f->policy, parts[i].unless)))
			continue;
		add_part(out, parts[i].name, f->snap);
	}
}

/* What only this system has. */
static void add_system(struct buf *out, const struct policy_target *t)
{
	static const char *const files[] = {
		"/snap/%s/*/{modules,firmware}/{,**} r,\n",
		"/snap/%s/components/mnt/*/*/{modules,firmware}/{,**} r,\n",
		"/var/snap/%s/*/{modules,firmware}/{,**} r,\n",
	};

	if (t->kernel_snap && !quote_is_name(t->kernel_snap))
		die("\"%s\" is no name of a kernel snap", t->kernel_snap);
	if (t->kernel_snap)
		buf_str(out, "\n  # Modules and firmware of the kernel that runs.\n");
	for (size_t i = 0; t->kernel_snap && i < sizeof files / sizeof files[0]; i++) {
		buf_str(out, "  ");
		buf_printf(out, files[i], t->kernel_snap);
	}
	pieces_overlay(out, t);
}

static void set_variable(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "@{%s}=\"", name);
	quote_name(out, value);
	buf_str(out, "\"\n");
}

/* The label as a part of object paths on the bus: what is no letter or digit is _ and
 * its number. */
static const char *bus_form(struct arena *a, const char *label)
{
	struct buf b = buf_new(a);

	for (; *label; label++)
		if (str_only((const char[]){*label, '\0'}, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
			buf_char(&b, *label);
		else
			buf_printf(&b, "_%02x", (unsigned char)*label);
	return buf_text(&b);
}

static void add_variables(struct buf *out, const struct profile_for *f)
{
	const struct snap *s = f->snap;
	bool keyed = s->key && *s->key;

	set_variable(out, "SNAP_NAME", s->name);
	set_variable(out, "SNAP_INSTANCE_NAME", s->instance);
	set_variable(out, "SNAP_INSTANCE_DESKTOP",
		     keyed ? arena_printf(out->arena, "%s+%s", s->name, s->key) : s->name);
	set_variable(out, "SNAP_COMMAND_NAME", f->command);
	set_variable(out, "SNAP_REVISION", s->revision);
	set_variable(out, "PROFILE_DBUS", bus_form(out->arena, f->label));
	buf_str(out, "@{INSTALL_DIR}=\"/{,var/lib/snapd/}snap\"\n");
	if (!is_classic(f))
		buf_str(out, "# One has no slash: where others took their names, GNU's are "
			"called gnuls and so on.\n"
			"@{SNAP_COREUTIL_DIRS}=\"/{bin/,usr/bin/,usr/bin/gnu,"
			"usr/lib/cargo/bin/coreutils/}\"\n");
}

const char *profile_text(struct arena *a, const struct profile_for *f)
{
	struct buf out = buf_new(a);
	struct bodies bodies = {0};
	struct label label;
	bool unconfined = policy_has_flag(f->policy, "unconfined");

	DOING("write policy of", f->label);
	if (!label_parse(a, f->label, &label) || strcmp(label.instance, f->snap->instance))
		die("this is no label of %s", f->snap->instance);
	buf_str(&out, PROFILE_HEAD);
	add_variables(&out, f);
	buf_printf(&out, "\nprofile \"%s\" flags=(attach_disconnected,mediate_deleted%s) {\n",
		   f->label, unconfined ? ",unconfined" :
		   is_classic(f) || is_devmode(f) ? ",complain" : "");
	if (is_classic(f)) {
		add_part(&out, "classic", f->snap);
	} else {
		add_parts(&out, f);
		add_system(&out, f->target);
		pieces_gather(a, &bodies, f->policy, BACK_APPARMOR);
		pieces_layouts(a, &bodies, f->snap);
		pieces_print(&out, &bodies);
	}
	buf_str(&out, "}\n");
	return buf_text(&out);
}
