/* lower_net.c - network and unix rules */
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/lower_internal.h"

#define ALL_NAMED 0x43eu
#define AF_UNIX_N 1

static unsigned net_class(const struct lower *l)
{
	return l->target->network_v9 ? CLASS_NET_V9 : CLASS_NET_V8;
}

static void type_rule(struct lower *l, unsigned family, int type, uint32_t perms)
{
	struct buf re = buf_new(l->arena);

	lower_bytes(&re, net_class(l), 1);
	lower_bytes(&re, family, 2);
	if (type < 0)
		buf_str(&re, "..");
	else
		lower_bytes(&re, (unsigned)type, 2);
	lower_add(l, &re, lower_net_perms(perms), lower_net_perms(perms));
}

/* As the reference does it, a deny is quiet when it is written with audit. */
static void old_rule(struct lower *l, const struct ap_rule *r, unsigned family, uint32_t types)
{
	struct lowered *out = l->out;
	bool deny = r->prefix.mode == AP_DENY;

	out->has_net = true;
	*(deny ? &out->net_deny[family] : &out->net_allow[family]) |= (uint16_t)types;
	if (r->log != deny)
		*(deny ? &out->net_quiet[family] : &out->net_audit[family]) |= (uint16_t)types;
}

void lower_network(struct lower *l, const struct ap_rule *r)
{
	if (!l->target->network_v8 && !l->target->network_v9 && l->target->network) {
		for (unsigned f = 0; f < AP_FAMILIES; f++)
			if (r->sockets->types[f])
				old_rule(l, r, f, r->sockets->types[f]);
		return;
	}
	if (!l->target->network_v8 && !l->target->network_v9) {
		lower_say(l, "network rules are left out: the kernel does not know them");
		return;
	}
	if (r->str[AP_IP] || r->str[AP_PORT] || r->has_peer)
		lower_say(l, "network rules are widened: the kernel does not tell addresses apart");
	for (unsigned f = 0; f < AP_FAMILIES; f++) {
		uint32_t types = r->sockets->types[f];

		if (types == AP_ANY || (types & ALL_NAMED) == ALL_NAMED) {
			type_rule(l, f, -1, r->perms);
			continue;
		}
		for (int t = 0; t < 16; t++)
			if (types >> t & 1)
				type_rule(l, f, t, r->perms);
	}
}

static void address(struct lower *l, struct buf *b, const char *addr)
{
	struct buf p = buf_new(l->arena);

	if (!addr) {
		buf_str(b, ".*");
	} else if (str_eq(addr, "none")) {
		buf_str(b, "\\x01");
	} else if (str_eq(addr, "auto")) {
		buf_str(b, "\\x00[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]");
	} else {
		lower_glob(l, &p, addr + 1, true);
		buf_str(b, "\\x00");
		buf_add(b, buf_text(&p), p.len);
	}
	buf_str(b, "\\x00");
}

static void label(struct lower *l, struct buf *b, const char *pattern)
{
	struct buf p = buf_new(l->arena);

	lower_glob_or(l, &p, pattern, ANY_TEXT);
	buf_add(b, buf_text(&p), p.len);
}

static void add(struct lower *l, const struct buf *re, uint32_t perms, uint32_t audit)
{
	if (perms)
		lower_add(l, re, lower_net_perms(perms), lower_net_perms(audit));
}

static struct buf copy(struct lower *l, const struct buf *from)
{
	struct buf b = buf_new(l->arena);

	buf_add(&b, from->data, from->len);
	return b;
}

/* The commands that a socket's own end is asked for. */
static void local(struct lower *l, const struct ap_rule *r, const struct buf *end, uint32_t mask)
{
	const uint32_t opts = AP_NET_SETOPT | AP_NET_GETOPT;
	uint32_t own = r->has_peer ? AP_NET_ACCEPT : AP_NET_SHUTDOWN | AP_NET_SETATTR |
			AP_NET_GETATTR | AP_NET_BIND | AP_NET_ACCEPT;
	struct buf listen = copy(l, end), opt = copy(l, end);

	add(l, end, mask & own, mask & own);
	if (r->has_peer)
		return;
	buf_str(&listen, "\\x02..");
	add(l, &listen, mask & AP_NET_LISTEN, AP_NET_LISTEN);
	buf_str(&opt, "\\x04..");
	add(l, &opt, mask & opts, opts);
}

static void unix_rule(struct lower *l, const struct ap_rule *r, unsigned class)
{
	uint32_t mask = r->perms;
	struct buf head = buf_new(l->arena), bind;

	lower_bytes(&head, class, 1);
	lower_bytes(&head, AF_UNIX_N, 2);
	if (r->type >= 0)
		lower_bytes(&head, (unsigned)r->type, 2);
	else
		buf_str(&head, "..");
	buf_str(&head, "..");
	if ((mask & AP_NET_CREATE) && !r->has_peer) {
		add(l, &head, AP_NET_CREATE, AP_NET_CREATE);
		mask &= ~AP_NET_CREATE;
	}
	if ((mask & AP_NET_BIND) && (!r->str[AP_ADDR] || str_eq(r->str[AP_ADDR], "auto"))) {
		bind = copy(l, &head);
		buf_str(&bind, "\\x00");
		label(l, &bind, r->str[AP_OWN_LABEL]);
		buf_str(&bind, "\\x00");
		add(l, &bind, AP_NET_BIND, AP_NET_BIND);
		if (r->str[AP_ADDR])
			mask &= ~AP_NET_BIND;
	}
	if (!mask)
		return;
	address(l, &head, r->str[AP_ADDR]);
	label(l, &head, r->str[AP_OWN_LABEL]);
	buf_str(&head, "\\x00");
	local(l, r, &head, mask);
	if (!(mask & AP_NET_PEER))
		return;
	buf_str(&head, "\\x01");
	address(l, &head, r->str[AP_PEER_ADDR]);
	label(l, &head, r->str[AP_PEER]);
	add(l, &head, r->perms & AP_NET_PEER, r->perms & AP_NET_PEER);
}

void lower_unix(struct lower *l, const struct ap_rule *r)
{
	const struct target *t = l->target;
	bool net = t->network_v8 || t->network_v9;

	/* Always, as the reference does; a deny would be wider than what is written. */
	if (!r->narrow && r->prefix.mode != AP_DENY && net)
		type_rule(l, AF_UNIX_N, r->type, r->perms);
	if (!r->narrow && r->prefix.mode != AP_DENY && !net && t->network)
		old_rule(l, r, AF_UNIX_N, r->type < 0 ? AP_ANY : 1u << r->type);
	if (t->unix_v9)
		unix_rule(l, r, CLASS_NET_V9);
	else if (t->unix_v7)
		unix_rule(l, r, t->network_v8 ? CLASS_NET_V8 : CLASS_NET);
	else if (r->prefix.mode == AP_DENY)
		lower_say(l, "deny unix rules are left out: the kernel does not know them");
	else
		lower_say(l, net ? "unix rules are widened to network unix" :
				   "unix rules are left out: the kernel does not know them");
}
