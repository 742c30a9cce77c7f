/* parse_profile.c - the head of a profile: name, attachment, xattrs, flags */
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/parse_internal.h"

static void path_flag(struct parse *p, struct ap_profile_flags *f, uint32_t bit)
{
	static const uint32_t opposite[][2] = {
		{AP_PATH_CHROOT_REL, AP_PATH_NS_REL}, {AP_PATH_MEDIATE, AP_PATH_DELEGATE},
		{AP_PATH_ATTACH, AP_PATH_NO_ATTACH},
		{AP_PATH_CHROOT_ATTACH, AP_PATH_CHROOT_NO_ATTACH},
	};

	f->path |= bit;
	for (size_t i = 0; i < sizeof opposite / sizeof opposite[0]; i++)
		if ((f->path & opposite[i][0]) && (f->path & opposite[i][1]))
			lex_fail(&p->lex, "two path flags exclude each other");
}

static bool plain_path_flag(struct parse *p, struct ap_profile_flags *f, const char *s)
{
	static const struct {
		const char *name;
		uint32_t bit;
	} all[] = {
		{"chroot_relative", AP_PATH_CHROOT_REL}, {"namespace_relative", AP_PATH_NS_REL},
		{"mediate_deleted", AP_PATH_MEDIATE}, {"delegate_deleted", AP_PATH_DELEGATE},
		{"attach_disconnected", AP_PATH_ATTACH},
		{"no_attach_disconnected", AP_PATH_NO_ATTACH},
		{"chroot_attach", AP_PATH_CHROOT_ATTACH},
		{"chroot_no_attach", AP_PATH_CHROOT_NO_ATTACH},
		{"attach_disconnected.ipc", AP_PATH_ATTACH_IPC},
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (str_eq(all[i].name, s)) {
			path_flag(p, f, all[i].bit);
			return true;
		}
	}
	return false;
}

static void once(struct parse *p, int *slot, int value, const char *flag)
{
	if (value < 0 || (*slot && *slot != value))
		lex_fail(&p->lex, "flag %s: %s", flag, value < 0 ? "no such value" : "two values");
	else
		*slot = value;
}

static void once_path(struct parse *p, char **slot, const char *value)
{
	if (*slot && !str_eq(*slot, value))
		lex_fail(&p->lex, "flag attach_disconnected: two values");
	else
		*slot = arena_dup(p->arena, value);
}

static void flag(struct parse *p, struct ap_profile_flags *f, const char *s)
{
	int mode = ap_profile_mode(s);
	const char *v;

	if (mode > 0) {
		if (f->mode && (int)f->mode != mode)
			lex_fail(&p->lex, "flags: two modes");
		f->mode = (enum ap_profile_mode)mode;
	} else if (str_eq(s, "audit")) {
		f->audit = true;
	} else if (str_eq(s, "debug")) {
		f->bits |= AP_FLAG_DEBUG;
	} else if (str_eq(s, "interruptible")) {
		f->bits |= AP_FLAG_INTERRUPTIBLE;
	} else if ((v = str_after(s, "attach_disconnected.path="))) {
		path_flag(p, f, AP_PATH_ATTACH);
		once_path(p, &f->disconnected, v);
	} else if ((v = str_after(s, "attach_disconnected.ipc="))) {
		path_flag(p, f, AP_PATH_ATTACH_IPC);
		once_path(p, &f->disconnected_ipc, v);
	} else if ((v = str_after(s, "kill.signal="))) {
		once(p, &f->signal, ap_signal(v), s);
	} else if ((v = str_after(s, "error="))) {
		once(p, &f->error, ap_errno(v), s);
	} else if (!plain_path_flag(p, f, s)) {
		lex_fail(&p->lex, "no profile flag \"%s\"", s);
	}
}

static void flag_list(struct parse *p, struct ap_profile *prof)
{
	for (int n = 0;; n++) {
		struct lex_token t = lex_next(&p->lex, LEX_LIST);

		if (t.kind == LEX_ENDPAREN && n)
			return;
		if (t.kind != LEX_ID) {
			lex_fail(&p->lex, "the list of flags is empty or not closed");
			return;
		}
		flag(p, &prof->flags, t.text);
	}
}

/* Split :ns:name or :ns://name. */
static void set_name(struct parse *p, struct ap_profile *prof, char *s)
{
	char *end = *s == ':' ? strchr(s + 1, ':') : NULL;

	if (*s == '&' || (*s == ':' && (!end || end == s + 1))) {
		lex_fail(&p->lex, "the profile name \"%s\" is not valid", s);
		return;
	}
	prof->name = s;
	if (end) {
		prof->ns = arena_dupn(p->arena, s + 1, (size_t)(end - s - 1));
		prof->name = end + 1;
		if (!strncmp(prof->name, "//", 2))
			prof->name += 2;
	}
	if (!*prof->name)
		lex_fail(&p->lex, "the profile has an empty name");
}

static void xattr_list(struct parse *p, struct ap_profile *prof, struct lex_token t, bool hat)
{
	struct conds conds = {0};

	parse_group(p, t, &conds);
	if (!str_eq(t.text, "xattrs"))
		lex_fail(&p->lex, "%s=( ) is no condition of a profile", t.text);
	if (hat)
		lex_fail(&p->lex, "a hat has no xattrs");
	for (size_t i = 0; i < conds.len; i++) {
		const struct cond *c = &conds.at[i];
		struct ap_xattr x = {c->name, c->values.len ? c->values.at[0] : NULL};

		vec_push(p->arena, &prof->xattrs, x);
	}
}

static void head(struct parse *p, struct ap_profile *prof, bool hat)
{
	struct lex_token t = lex_next(&p->lex, LEX_RULES);

	if (t.kind == LEX_ID || t.kind == LEX_WORD || t.kind == LEX_SETVAR) {
		prof->attachment = t.kind == LEX_SETVAR ? arena_printf(p->arena, "@{%s}", t.text)
							: t.text;
		if (*prof->attachment != '/' && strncmp(prof->attachment, "@{", 2) != 0)
			lex_fail(&p->lex, "the attachment \"%s\" does not begin with /", t.text);
		t = lex_next(&p->lex, LEX_RULES);
	}
	if (t.kind == LEX_CONDS) {
		xattr_list(p, prof, t, hat);
		t = lex_next(&p->lex, LEX_RULES);
	}
	if (t.kind == LEX_COND) {
		if (!str_eq(t.text, "flags") || lex_next(&p->lex, LEX_VALUE).kind != LEX_EQUALS ||
		    lex_next(&p->lex, LEX_VALUE).kind != LEX_PAREN)
			lex_fail(&p->lex, "expected flags=( )");
		else
			flag_list(p, prof);
		t = lex_next(&p->lex, LEX_RULES);
	} else if (t.kind == LEX_PAREN) {
		flag_list(p, prof);
		t = lex_next(&p->lex, LEX_RULES);
	}
	if (t.kind != LEX_OPEN)
		lex_fail(&p->lex, "expected { behind the head of the profile");
}

struct ap_profile *parse_head(struct parse *p, enum lex_mode name_mode, bool hat)
{
	struct ap_profile *prof = NEW(p->arena, struct ap_profile);
	struct lex_token t = lex_next(&p->lex, name_mode);

	if (t.kind != LEX_ID && t.kind != LEX_WORD) {
		lex_fail(&p->lex, "expected the name of a profile");
		return prof;
	}
	prof->file = t.file;
	prof->line = t.line;
	set_name(p, prof, t.text);
	head(p, prof, hat);
	if (hat)
		prof->flags.bits |= AP_FLAG_HAT;
	return prof;
}

static int order(const struct ap_profile *a, const struct ap_profile *b)
{
	if (!a->ns != !b->ns)
		return a->ns ? 1 : -1;
	int c = a->ns ? strcmp(a->ns, b->ns) : 0;
	return c ? c : strcmp(a->name, b->name);
}

/* Keep the list of parent, or of the whole text if there is none, sorted. */
void parse_add_profile(struct parse *p, struct ap_profile *parent, struct ap_profile *child)
{
	struct ap_profile *top = NULL;
	size_t len = parent ? parent->children.len : p->policy->profiles.len;

	if (parent)
		vec_push(p->arena, &parent->children, top);
	else
		vec_push(p->arena, &p->policy->profiles, top);
	struct ap_profile **at = parent ? parent->children.at : p->policy->profiles.at;
	size_t i = len;
	for (; i > 0 && order(at[i - 1], child) > 0; i--)
		at[i] = at[i - 1];
	if (i > 0 && order(at[i - 1], child) == 0)
		lex_fail(&p->lex, "there are two profiles \"%s\"", child->name);
	at[i] = child;
	child->parent = parent;
}
