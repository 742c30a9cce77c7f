/* lower_file.c - file rules, link pairs, change_profile and attachment */
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/lower_internal.h"

#define LINKS AP_BOTH(AP_L)
#define XBITS AP_BOTH(AP_X)

static void add(struct lower *l, const struct buf *re, const struct ap_rule *r, uint32_t perms,
		uint32_t audit)
{
	l->file_used = true;
	lower_accept(l, &l->file, re, (struct accept){
		.priority = r->prefix.priority, .mode = r->prefix.mode, .perms = perms,
		.audit = r->log ? audit : 0});
}

static bool namespaced(const char *label)
{
	if (*label == '&')
		label++;
	const char *end = *label == ':' ? strchr(label + 1, ':') : NULL;

	return end && end > label + 1 && end[1];
}

/* The index that stands for a name; 0 when there are too many. */
static unsigned name_index(struct lower *l, const char *name)
{
	struct lowered *out = l->out;

	for (unsigned i = 0; i < out->name_count; i++)
		if (str_eq(out->names[i], name))
			return i + 4;
	if (out->name_count == LOWER_NAMES_MAX)
		return 0;
	out->names[out->name_count++] = name;
	return out->name_count + 3;
}

/* Where x leads when a name is given. */
static unsigned transition(struct lower *l, const struct ap_rule *r)
{
	const char *to = r->str[AP_TARGET], *path = r->str[AP_PATH];
	const char *child = namespaced(to) ? NULL : strstr(to, "//");
	unsigned half = r->perms & AP_INDEX;
	unsigned other = (r->perms >> AP_OTHER_SHIFT) & AP_INDEX;
	bool local = half == 3u << AP_INDEX_SHIFT || other == 3u << AP_INDEX_SHIFT;

	if (child && str_eq(child + 2, path))
		return 3;
	if (!namespaced(to) && local) {
		if (str_eq(to, path))
			return 3;
		to = arena_printf(l->arena, "%s//%s", l->profile->name, to);
	}
	return name_index(l, to);
}

static uint32_t with_target(struct lower *l, const struct ap_rule *r)
{
	uint32_t perms = r->perms;
	unsigned n = transition(l, r);

	if (!n)
		lower_fail(l, "more than %d names that execution leads to", LOWER_NAMES_MAX);
	perms &= ~AP_BOTH(AP_INDEX);
	if (perms & AP_X)
		perms |= n << AP_INDEX_SHIFT;
	if (perms & AP_X << AP_OTHER_SHIFT)
		perms |= n << AP_INDEX_SHIFT << AP_OTHER_SHIFT;
	return perms;
}

static void link_pair(struct lower *l, const struct ap_rule *r, const struct buf *path,
		      uint32_t perms)
{
	struct buf re = lower_re(l, NULL, 0);
	uint32_t links = perms & LINKS;

	buf_add(&re, path->data, path->len);
	buf_str(&re, "\\x00");
	if (!r->str[AP_LINK] || r->subset)
		links |= links << 1 & AP_K; /* subset test; of the owner half only */
	if (r->str[AP_LINK]) {
		struct buf target = lower_re(l, NULL, 0);

		lower_glob(l, &target, r->str[AP_LINK], false);
		buf_add(&re, buf_text(&target), target.len);
	} else {
		buf_str(&re, "/[^/].*");
	}
	add(l, &re, r, links, links & LINKS);
}

void lower_file(struct lower *l, const struct ap_rule *r)
{
	struct buf re = lower_re(l, NULL, 0);
	uint32_t perms = r->str[AP_TARGET] ? with_target(l, r) : r->perms;

	if (r->prefix.mode == AP_PROMPT && !l->target->permstable) {
		lower_say(l, "prompt rules are left out: the kernel does not know them");
		return;
	}
	lower_glob(l, &re, r->str[AP_PATH], false);
	if (l->why)
		return;
	if (r->prefix.mode != AP_DENY)
		add(l, &re, r, perms, perms);
	else if (perms & ~LINKS)
		add(l, &re, r, perms & ~LINKS, perms & ~LINKS);
	if (perms & LINKS)
		link_pair(l, r, &re, perms);
}

void lower_change_profile(struct lower *l, const struct ap_rule *r)
{
	struct buf label = lower_re(l, NULL, 0), exec = lower_re(l, NULL, 0);
	const char *name = r->str[AP_LABEL], *end = NULL;

	if (r->str[AP_EXEC])
		lower_glob(l, &exec, r->str[AP_EXEC], false);
	else
		buf_str(&exec, "/[^/\\x00][^\\x00]*");
	if (!l->target->stack) {
		if (*name == '&') {
			lower_fail(l, "change_profile: the kernel cannot stack: \"%s\"", name);
			return;
		}
		end = *name == ':' ? strchr(name + 1, ':') : NULL;
		if (*name == ':' && (!end || end == name + 1)) {
			lower_fail(l, "change_profile: \"%s\" is not valid", name);
			return;
		}
	}
	if (end) { /* older kernels take namespace and name one by one */
		name = arena_dupn(l->arena, name + 1, (size_t)(end - name - 1));
		lower_glob(l, &label, name, false);
		buf_str(&label, "\\x00");
		name = strncmp(end + 1, "//", 2) ? end + 1 : end + 3;
		struct buf rest = lower_re(l, NULL, 0);
		lower_glob(l, &rest, name, false);
		buf_add(&label, buf_text(&rest), rest.len);
	} else {
		lower_glob(l, &label, name, false);
	}
	if (l->why)
		return;
	add(l, &label, r, AP_CHANGE | AP_ONEXEC, 0);
	add(l, &exec, r, AP_ONEXEC, 0);
	buf_str(&exec, "\\x00");
	buf_add(&exec, label.data, label.len);
	add(l, &exec, r, AP_ONEXEC | r->perms, 0);
}

/* What a profile that changes its own label needs of /proc. As the reference has
 * it, for files of one's own only. */
void lower_proc_access(struct lower *l, const char *write)
{
	const struct {
		const char *path;
		uint32_t perms;
	} rules[] = {
		{"/proc/*/attr/apparmor/", AP_R}, {"/sys/module/apparmor/parameters/enabled", AP_R},
		{write, AP_W},
	};

	for (int i = 0; i < 3; i++) {
		struct ap_rule r = {.kind = AP_FILE, .perms = rules[i].perms};

		r.str[AP_PATH] = arena_dup(l->arena, rules[i].path);
		lower_file(l, &r);
	}
}

static const struct regex *attachment(struct lower *l, const char *pattern, bool *wild)
{
	struct buf re = lower_re(l, NULL, 0);
	char *path = arena_dup(l->arena, pattern);
	const char *why;

	glob_fold_slashes(path);
	*wild |= glob_regex(&re, path, false, &why) == GLOB_WILD;
	if (glob_regex(&(struct buf){.arena = l->arena}, path, false, &why) == GLOB_BAD) {
		lower_fail(l, "the attachment \"%s\": %s", path, why);
		return NULL;
	}
	const struct regex *tree = regex_parse(l->arena, buf_text(&re), re.len, &why);
	if (!tree)
		lower_fail(l, "the attachment \"%s\": %s", path, why);
	return tree;
}

static const struct regex *with_xattrs(struct lower *l, const struct regex *tree)
{
	const struct regex *accepting = tree;

	for (size_t i = 0; i < l->profile->xattrs.len && !l->why; i++) {
		const char *value = l->profile->xattrs.at[i].value, *why;
		struct buf re = lower_re(l, NULL, 0);

		buf_str(&re, "\\x00");
		lower_glob(l, &re, value ? value : "**", true);
		if (l->why)
			break;
		const struct regex *v = regex_parse(l->arena, buf_text(&re), re.len, &why);
		if (!v) {
			lower_fail(l, "xattrs: %s", why);
			break;
		}
		v = regex_cat(l->arena, regex_oob(l->arena), v);
		accepting = regex_cat(l->arena, accepting,
				      regex_alt(l->arena, &regex_empty, v));
	}
	return accepting;
}

void lower_xmatch(struct lower *l)
{
	const struct ap_profile *p = l->profile;
	const char *name = p->attachment ? p->attachment : p->name, *sub;
	bool wild = false, needed = p->attachment || p->xattrs.len;
	struct machine m;

	while (!p->attachment && (sub = strstr(name, "//")))
		name = sub + 2;
	needed |= *name == '/';
	const struct regex *all = attachment(l, name, &wild);
	const char *from = p->attachment ? p->attachment : p->name;
	for (size_t i = 0; i < l->policy->aliases.len && !l->why; i++) {
		const char *rest = str_after(from, l->policy->aliases.at[i].from);

		if (!rest)
			continue;
		needed = true;
		const char *path = arena_printf(l->arena, "%s%s", l->policy->aliases.at[i].to,
						rest);
		const struct regex *more = attachment(l, path, &wild);
		all = more ? regex_alt(l->arena, all, more) : all;
	}
	if (l->why || !(wild || needed))
		return;
	size_t len = regex_min_len(all);
	if (p->xattrs.len && !(l->target->xattr && l->target->oob))
		lower_say(l, "attachment by extended attributes is ignored");
	else
		all = with_xattrs(l, all);
	machine_start(&m, l->memo, false);
	if (!l->why)
		machine_add_tree(&m, all, "", (struct accept){.perms = AP_X});
	l->out->has_xmatch = machine_end(&m, &l->out->xmatch);
	if (!l->out->has_xmatch)
		lower_fail(l, "%s", m.why);
	l->out->xmatch_len = (uint32_t)len;
}
