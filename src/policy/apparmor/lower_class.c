/* lower_class.c - dbus, signal, ptrace, mqueue, userns, io_uring, and what says
 * that a class is mediated at all */
#include <stdlib.h>
#include <string.h>

#include "policy/apparmor/lower_internal.h"

static void separator(struct buf *b)
{
	buf_str(b, "\\x00");
}

/* Patterns have to begin in a buffer of their own: what stands before them has a
 * meaning for a star. */
static void part(struct lower *l, struct buf *b, const char *pattern, const char *otherwise)
{
	struct buf p = buf_new(l->arena);

	separator(b);
	lower_glob_or(l, &p, pattern, otherwise);
	buf_add(b, buf_text(&p), p.len);
}

void lower_dbus(struct lower *l, const struct ap_rule *r)
{
	static const int order[] = {AP_NAME, AP_DBUS_PEER, AP_DBUS_PATH, AP_INTERFACE, AP_MEMBER};
	const uint32_t messages = AP_DBUS_SEND | AP_DBUS_RECEIVE;
	struct buf re = lower_re(l, "\x20", 1);

	if (!l->target->dbus) {
		lower_say(l, "dbus rules are left out: the kernel does not know them");
		return;
	}
	lower_glob_or(l, &re, r->str[AP_BUS], ANY_TEXT);
	if (r->perms & AP_DBUS_EAVESDROP)
		lower_add(l, &re, AP_DBUS_EAVESDROP, AP_DBUS_EAVESDROP);
	for (size_t i = 0; i < 5 && !l->why; i++) {
		part(l, &re, r->str[order[i]], ANY_TEXT);
		if (i == 0 && (r->perms & AP_DBUS_BIND))
			lower_add(l, &re, AP_DBUS_BIND, AP_DBUS_BIND);
	}
	if (r->perms & messages)
		lower_add(l, &re, r->perms & messages, r->perms & messages);
}

void lower_signal(struct lower *l, const struct ap_rule *r)
{
	struct buf re = lower_re(l, NULL, 0), label = buf_new(l->arena);
	bool any = true;

	if (!l->target->signal) {
		lower_say(l, "signal rules are left out: the kernel does not know them");
		return;
	}
	for (int i = 0; i < 256; i++)
		any &= !(r->signals[i / 8] >> i % 8 & 1);
	if (any) {
		buf_printf(&re, "(\\x%02x\\x%02x|\\x%02x.)", CLASS_LABEL, CLASS_SIGNAL,
			   CLASS_SIGNAL);
	} else {
		buf_printf(&re, "\\x%02x[", CLASS_SIGNAL);
		for (int i = 0; i < 256; i++)
			if (r->signals[i / 8] >> i % 8 & 1)
				buf_printf(&re, "\\x%02x", i);
		buf_str(&re, "]");
	}
	lower_glob_or(l, &label, r->str[AP_PEER], SOME_TEXT);
	buf_add(&re, buf_text(&label), label.len);
	lower_add(l, &re, r->perms, r->perms);
}

void lower_ptrace(struct lower *l, const struct ap_rule *r)
{
	struct buf re = lower_re(l, NULL, 0), label = buf_new(l->arena);

	if (!l->target->ptrace) {
		lower_say(l, "ptrace rules are left out: the kernel does not know them");
		return;
	}
	buf_printf(&re, "(\\x%02x|)\\x%02x", CLASS_LABEL, CLASS_PTRACE);
	lower_glob_or(l, &label, r->str[AP_PEER], SOME_TEXT);
	buf_add(&re, buf_text(&label), label.len);
	lower_add(l, &re, r->perms, r->perms);
}

static void queue(struct lower *l, const struct ap_rule *r, const struct buf *name)
{
	uint32_t perms = (r->perms & 0x7f) | (r->perms & 0x300) << 6;
	uint32_t create = r->perms & 0x10;
	struct buf re = lower_re(l, NULL, 0);

	if (!r->str[AP_QLABEL])
		lower_add(l, name, perms, perms);
	else if (create)
		lower_add(l, name, create, create);
	buf_add(&re, name->data, name->len);
	part(l, &re, r->str[AP_QLABEL], SOME_TEXT);
	lower_add(l, &re, perms, perms);
}

void lower_mqueue(struct lower *l, const struct ap_rule *r)
{
	bool posix = r->queue != AP_QUEUE_SYSV && l->target->posix_mqueue;
	bool sysv = r->queue != AP_QUEUE_POSIX && l->target->sysv_mqueue;
	struct buf re;

	if ((r->queue == AP_QUEUE_POSIX && !l->target->posix_mqueue) ||
	    (r->queue == AP_QUEUE_SYSV && !l->target->sysv_mqueue) || (!posix && !sysv)) {
		lower_say(l, "mqueue rules are left out: the kernel does not know them");
		return;
	}
	if (r->queue != AP_QUEUE_SYSV) {
		re = lower_re(l, "\x11", 1);
		lower_glob_or(l, &re, r->str[AP_QNAME], ANY_TEXT);
		queue(l, r, &re);
	}
	if (r->queue != AP_QUEUE_POSIX) {
		re = lower_re(l, "\x12", 1);
		if (r->str[AP_QNAME])
			lower_bytes(&re, (unsigned)strtoul(r->str[AP_QNAME], NULL, 10), 4);
		else
			buf_str(&re, "....");
		queue(l, r, &re);
	}
}

static void marker(struct lower *l, const struct buf *re, int priority)
{
	lower_accept(l, &l->rest, re, (struct accept){.priority = priority, .perms = 4});
}

/* These have their permissions on the class byte itself: the mark that the class
 * is mediated must neither hide them nor be hidden, so it comes with each. */
void lower_on_class(struct lower *l, const struct ap_rule *r)
{
	bool ring = r->kind == AP_IO_URING;
	struct buf re = lower_re(l, ring ? "\x16" : "\x15", 1);

	if (!(ring ? l->target->io_uring : l->target->userns)) {
		lower_say(l, ring ? "io_uring rules are left out: the kernel does not know them" :
				    "userns rules are left out: the kernel does not know them");
		return;
	}
	lower_add(l, &re, r->perms, r->perms);
	marker(l, &re, r->prefix.priority);
	if (ring && (r->perms & 8)) {
		struct buf label = lower_re(l, "\x16", 1);

		lower_glob_or(l, &label, r->str[AP_QLABEL], ANY_TEXT);
		lower_add(l, &label, r->perms, r->perms);
	}
}

void lower_markers(struct lower *l)
{
	const struct target *t = l->target;
	const struct {
		bool on;
		const char *bytes;
		size_t n;
		int priority;
	} all[] = {
		{t->abi > 5, "\x02", 1, MARKER_TOP}, {t->mount, "\x07", 1, MARKER_TOP},
		{t->dbus, "\x20", 1, MARKER_TOP}, {t->signal, "\x0a", 1, MARKER_TOP},
		{t->ptrace, "\x09", 1, MARKER_TOP}, {t->network_v8, "\x0e", 1, MARKER_TOP},
		{t->network_v9, "\x0f", 1, MARKER_TOP},
		{t->unix_v7, "\x04", 1, MARKER_TOP}, {t->unix_v7, "\x04\0" "1", 3, MARKER_TOP},
		{t->unix_v9, "\x0f\0" "1", 3, MARKER_TOP},
		{t->posix_mqueue, "\x11", 1, MARKER_TOP}, {t->sysv_mqueue, "\x12", 1, MARKER_TOP},
		{t->io_uring, "\x16", 1, MARKER_LOW},
	};
	enum ap_profile_mode mode = l->profile->flags.mode;

	if (t->userns) {
		struct buf re = lower_re(l, "\x15", 1);

		marker(l, &re, MARKER_LOW);
	}
	if (mode == AP_UNCONFINED || mode == AP_DEFAULT_ALLOW)
		return;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct buf re = lower_re(l, all[i].bytes, all[i].n);

		if (all[i].on)
			marker(l, &re, all[i].priority);
	}
}
