/* parse_network.c - network rules
 *
 *	network [PERMS] [FAMILY [TYPE] | TYPE] [ip= port=] [peer=(ip= port=)],
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/parse_internal.h"

#define TYPES_NAMED 0x43eu /* stream dgram raw rdm seqpacket packet */
#define PROTO_ANY 0xffffffu
#define INET 2
#define INET6 10

/* Words that stand for a type in two families only. */
static const struct {
	const char *name;
	int family, type;
	uint32_t protocol;
} protocols[] = {
	{"tcp", INET, 1, AP_ANY}, {"udp", INET, 2, AP_ANY}, {"icmp", INET, 3, 1u << 1},
	{"tcp", INET6, 1, AP_ANY}, {"udp", INET6, 2, AP_ANY},
};
static const struct {
	const char *name;
	uint32_t bit;
} raw_protocols[] = {{"tcp", 1u << 6}, {"udp", 1u << 17}, {"icmp", 1u << 1}};

static bool port(const char *s)
{
	uint64_t from, to;
	char *end;
	const char *dash = strchr(s, '-');

	from = strtoul(s, &end, 10);
	if (end == s || from > UINT16_MAX || (dash ? end != dash : *end))
		return false;
	if (!dash)
		return true;
	to = strtoul(dash + 1, &end, 10);
	return end != dash + 1 && !*end && to <= UINT16_MAX && from <= to;
}

static bool ip(const char *s)
{
	unsigned char to[16];

	return str_eq(s, "none") || inet_pton(AF_INET6, s, to) == 1 ||
	       inet_pton(AF_INET, s, to) == 1;
}

static void condition(struct parse *p, struct ap_rule *r, const struct cond *c)
{
	bool address = str_eq(c->name, "ip");
	int slot = (address ? AP_IP : AP_PORT) + (c->peer ? AP_PEER_IP - AP_IP : 0);

	if (!address && !str_eq(c->name, "port"))
		lex_fail(&p->lex, "network: %s is no condition", c->name);
	else if (c->in)
		lex_fail(&p->lex, "network: \"in\" cannot be used for %s", c->name);
	else
		parse_single(p, "network", c, &r->str[slot]);
	if (p->lex.failed)
		return;
	if (!(address ? ip(r->str[slot]) : port(r->str[slot])))
		lex_fail(&p->lex, "network: %s=%s is not valid", c->name, r->str[slot]);
	r->has_peer |= c->peer;
}

static void add(struct ap_rule *r, int family, uint32_t types, uint32_t protocol)
{
	r->sockets->types[family] |= types;
	r->sockets->protocols[family] |= protocol;
}

static bool inet_only(const struct ap_rule *r)
{
	return r->str[AP_IP] || r->str[AP_PORT] || r->str[AP_PEER_IP] || r->str[AP_PEER_PORT];
}

/* A word that is a type in every family, or tcp, udp, icmp. */
static bool add_type(struct ap_rule *r, const char *word, int only)
{
	int type = ap_socket_type(word);
	bool found = false;

	for (int f = 0; f < AP_FAMILIES && type > 0 && (TYPES_NAMED >> type & 1); f++) {
		if (!*ap_families[f])
			continue;
		if ((only >= 0 && f != only) ||
		    (only < 0 && inet_only(r) && f != INET && f != INET6))
			continue;
		add(r, f, 1u << type, PROTO_ANY);
		found = true;
	}
	for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
		if (!str_eq(protocols[i].name, word) || (only >= 0 && only != protocols[i].family))
			continue;
		add(r, protocols[i].family, 1u << protocols[i].type, protocols[i].protocol);
		found = true;
	}
	return found;
}

static void add_family(struct ap_rule *r, int family)
{
	add(r, family, TYPES_NAMED, PROTO_ANY);
	if (family == INET || family == INET6)
		r->sockets->protocols[family] = AP_ANY;
}

static void families(struct parse *p, struct ap_rule *r, const struct rule_words *w)
{
	int family = w->arg_count ? ap_family(w->args[0]) : -1;
	bool ok;

	if (!w->arg_count) {
		for (int f = 0; f < AP_FAMILIES && !inet_only(r); f++)
			add(r, f, AP_ANY, AP_ANY);
		if (inet_only(r)) {
			add_family(r, INET);
			add_family(r, INET6);
		}
		return;
	}
	if (family >= 0 && w->arg_count == 1) {
		add_family(r, family);
		ok = true;
	} else {
		ok = add_type(r, w->args[w->arg_count - 1], family);
		for (size_t i = 0; w->arg_count == 2 && family < 0 && i < 3; i++) {
			/* raw tcp, raw udp, raw icmp: inet only */
			if (str_eq(w->args[0], "raw") &&
			    str_eq(raw_protocols[i].name, w->args[1])) {
				add(r, INET, 1u << 3, raw_protocols[i].bit);
				ok = true;
			}
		}
		ok = ok && (w->arg_count == 1 || family >= 0);
	}
	if (!ok)
		lex_fail(&p->lex, "network: \"%s%s%s\" is no family and type", w->args[0],
			 w->arg_count > 1 ? " " : "", w->arg_count > 1 ? w->args[1] : "");
	else if (inet_only(r) && family >= 0 && family != INET && family != INET6)
		lex_fail(&p->lex, "network: the family %s has no ip and port", w->args[0]);
}

struct ap_rule *parse_network_all(struct parse *p)
{
	struct ap_rule *r = parse_new(p, AP_NETWORK);

	r->perms = AP_NET_ALL;
	r->sockets = NEW(p->arena, struct ap_sockets);
	for (int f = 0; f < AP_FAMILIES; f++)
		add(r, f, AP_ANY, AP_ANY);
	return r;
}

struct ap_rule *parse_network(struct parse *p)
{
	static const struct class_words words = {"network", parse_net_perms, LEX_CLASS,
						 ARGS_BEFORE_CONDS};
	struct ap_rule *r = parse_new(p, AP_NETWORK);
	struct rule_words w = {0};

	r->sockets = NEW(p->arena, struct ap_sockets);
	parse_words(p, &words, &w);
	if (w.conds.group && !str_eq(w.conds.group, "peer"))
		lex_fail(&p->lex, "network: %s=( ) is no condition", w.conds.group);
	for (size_t i = 0; i < w.conds.len && !p->lex.failed; i++)
		condition(p, r, &w.conds.at[i]);
	r->perms = w.perms;
	if (r->has_peer && (r->perms & ~AP_NET_PEER))
		lex_fail(&p->lex, "network: only send, receive, connect and accept have a peer");
	if (!r->perms)
		r->perms = AP_NET_ALL;
	if (!p->lex.failed)
		families(p, r, &w);
	return r;
}

/* A network rule that covers unix sockets says so for the unix class too. */
void parse_unix_of(struct parse *p, struct ap_profile *body, const struct ap_rule *network)
{
	uint32_t types = network->sockets->types[1];

	for (int t = 0; t < 16 && types; t++) {
		if (types != AP_ANY && !(types >> t & 1))
			continue;
		struct ap_rule *r = parse_new(p, AP_UNIX);

		r->prefix = network->prefix;
		r->log = network->prefix.audit; /* as the reference: a deny is not quieted */
		r->perms = AP_NET_ALL;
		r->type = types == AP_ANY ? -1 : t;
		r->narrow = true;
		r->implied = true;
		vec_push(p->arena, &body->rules, r);
		if (types == AP_ANY)
			return;
	}
}
