/* parse_class.c - dbus, signal, ptrace, unix, userns, mqueue and io_uring rules */
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/parse_internal.h"

const struct ap_word parse_net_perms[] = {
	{"create", AP_NET_CREATE}, {"bind", AP_NET_BIND}, {"listen", AP_NET_LISTEN},
	{"accept", AP_NET_ACCEPT}, {"connect", AP_NET_CONNECT}, {"shutdown", AP_NET_SHUTDOWN},
	{"getattr", AP_NET_GETATTR}, {"setattr", AP_NET_SETATTR}, {"getopt", AP_NET_GETOPT},
	{"setopt", AP_NET_SETOPT}, {"send", AP_NET_SEND}, {"write", AP_NET_SEND},
	{"receive", AP_NET_RECEIVE}, {"read", AP_NET_RECEIVE}, {0},
};
static const struct ap_word dbus_perms[] = {
	{"send", AP_DBUS_SEND}, {"write", AP_DBUS_SEND}, {"receive", AP_DBUS_RECEIVE},
	{"read", AP_DBUS_RECEIVE}, {"bind", AP_DBUS_BIND}, {"eavesdrop", AP_DBUS_EAVESDROP}, {0},
};
static const struct ap_word signal_perms[] = {
	{"send", 2}, {"write", 2}, {"receive", 4}, {"read", 4}, {0},
};
static const struct ap_word ptrace_perms[] = {
	{"trace", 2}, {"write", 2}, {"read", 4}, {"tracedby", 8}, {"readby", 0x10}, {0},
};
static const struct ap_word mqueue_perms[] = {
	{"write", 2}, {"read", 4}, {"create", 0x10}, {"delete", 0x20}, {"open", 0x40},
	{"setattr", 0x100}, {"getattr", 0x200}, {0},
};
static const struct ap_word userns_perms[] = {{"create", 8}, {0}};
static const struct ap_word io_uring_perms[] = {{"override_creds", 8}, {"sqpoll", 0x10}, {0}};

/* Same order as the functions below. */
static const struct {
	struct class_words words;
	enum ap_kind kind;
	uint32_t all;
	bool peer; /* may have peer=( ) */
} classes[] = {
	{{"dbus", dbus_perms, LEX_CLASS}, AP_DBUS, 0x66, true},
	{{"signal", signal_perms, LEX_CLASS}, AP_SIGNAL, 6, false},
	{{"ptrace", ptrace_perms, LEX_CLASS}, AP_PTRACE, 0x1e, false},
	{{"unix", parse_net_perms, LEX_CLASS}, AP_UNIX, AP_NET_ALL, true},
	{{"userns", userns_perms, LEX_CLASS, .one = true, .loose = true}, AP_USERNS, 8, false},
	{{"mqueue", mqueue_perms, LEX_CLASS, ARGS_AFTER_CONDS}, AP_MQUEUE, 0x376, false},
	{{"io_uring", io_uring_perms, LEX_RULES, .loose = true}, AP_IO_URING, 0x18, true},
};
#define CLASSES (sizeof classes / sizeof classes[0])

bool parse_is_class(const char *keyword)
{
	for (size_t i = 0; i < CLASSES; i++)
		if (str_eq(classes[i].words.class, keyword))
			return true;
	return false;
}

static void dbus_cond(struct parse *p, struct ap_rule *r, const struct cond *c)
{
	static const char *const names[] = {"bus", "name", "label", "path", "interface", "member",
					    NULL};
	int i = 0;

	while (names[i] && !str_eq(names[i], c->name))
		i++;
	if (!names[i] || (i == AP_DBUS_PEER && !c->peer))
		lex_fail(&p->lex, "dbus: %s %s", c->name,
			 names[i] ? "only stands inside peer=( )" : "is no condition");
	else if (c->values.len > 1)
		lex_fail(&p->lex, "dbus: %s takes one value", c->name);
	else
		parse_single(p, "dbus", c, &r->str[i]);
}

static void dbus_check(struct parse *p, struct ap_rule *r, bool own_name)
{
	bool service = r->str[AP_NAME] && own_name;
	bool message = r->str[AP_DBUS_PATH] || r->str[AP_INTERFACE] || r->str[AP_MEMBER] ||
		       r->str[AP_DBUS_PEER] || (r->str[AP_NAME] && !own_name);

	if (message && service)
		lex_fail(&p->lex, "dbus: conditions of messages and of names in one rule");
	else if (message && (r->perms & AP_DBUS_BIND))
		lex_fail(&p->lex, "dbus: bind with conditions of messages");
	else if (service && (r->perms & (AP_DBUS_SEND | AP_DBUS_RECEIVE)))
		lex_fail(&p->lex, "dbus: send or receive with name= outside peer=( )");
	else if ((r->perms & AP_DBUS_EAVESDROP) && (message || service))
		lex_fail(&p->lex, "dbus: eavesdrop takes no condition but bus=");
	if (!r->perms)
		r->perms = message ? AP_DBUS_SEND | AP_DBUS_RECEIVE :
			   service ? AP_DBUS_BIND : 0;
}

static void signal_cond(struct parse *p, struct ap_rule *r, const struct cond *c)
{
	if (str_eq(c->name, "peer")) {
		parse_single(p, "signal", c, &r->str[AP_PEER]);
	} else if (str_eq(c->name, "set")) {
		for (size_t i = 0; i < c->values.len; i++) {
			int n = ap_signal(c->values.at[i]);

			if (n < 0)
				lex_fail(&p->lex, "signal: no signal \"%s\"", c->values.at[i]);
			else
				r->signals[n / 8] |= (uint8_t)(1 << n % 8);
		}
	} else {
		lex_fail(&p->lex, "signal: %s is no condition", c->name);
	}
}

static void address(struct parse *p, const struct cond *c, char **slot)
{
	parse_single(p, "unix", c, slot);
	if (!p->lex.failed && **slot != '@' && !str_eq(*slot, "none") && !str_eq(*slot, "auto"))
		lex_fail(&p->lex, "unix: addr=%s is neither @name, none nor auto", *slot);
}

static void unix_cond(struct parse *p, struct ap_rule *r, const struct cond *c)
{
	char *type = NULL;

	if (c->values.len > 1) {
		lex_fail(&p->lex, "unix: %s takes one value", c->name);
	} else if (str_eq(c->name, "addr")) {
		address(p, c, &r->str[c->peer ? AP_PEER_ADDR : AP_ADDR]);
	} else if (str_eq(c->name, "label") && c->peer) {
		parse_single(p, "unix", c, &r->str[AP_PEER]);
	} else if (str_eq(c->name, "type") && !c->peer) {
		if (r->type >= 0)
			lex_fail(&p->lex, "unix: type is given twice");
		parse_single(p, "unix", c, &type);
		r->type = type ? ap_socket_type(type) : -1;
		if (type && r->type < 0)
			lex_fail(&p->lex, "unix: no socket type \"%s\"", type);
	} else {
		lex_fail(&p->lex, "unix: %s is no condition %s", c->name,
			 c->peer ? "of a peer" : "here");
	}
}

static void unix_check(struct parse *p, struct ap_rule *r)
{
	r->has_peer = r->str[AP_PEER] || r->str[AP_PEER_ADDR];
	if (r->has_peer && (r->perms & ~AP_NET_PEER))
		lex_fail(&p->lex, "unix: only send, receive, connect and accept have a peer");
}

static bool digits(const char *s)
{
	return *s && str_only(s, "0123456789");
}

static void mqueue_name(struct parse *p, struct ap_rule *r, char *name)
{
	enum ap_queue kind = name[0] == '/' ? AP_QUEUE_POSIX : AP_QUEUE_SYSV;

	if (kind == AP_QUEUE_SYSV && !digits(name))
		lex_fail(&p->lex, "mqueue: the name \"%s\" is neither /path nor a number", name);
	else if (r->queue != AP_QUEUE_ANY && r->queue != kind)
		lex_fail(&p->lex, "mqueue: the name \"%s\" does not fit the type", name);
	r->queue = kind;
	r->str[AP_QNAME] = name;
}

static void mqueue_cond(struct parse *p, struct ap_rule *r, const struct cond *c)
{
	char *type = NULL;

	if (str_eq(c->name, "label")) {
		parse_single(p, "mqueue", c, &r->str[AP_QLABEL]);
	} else if (str_eq(c->name, "type")) {
		parse_single(p, "mqueue", c, &type);
		if (str_eq(type, "posix"))
			r->queue = AP_QUEUE_POSIX;
		else if (str_eq(type, "sysv"))
			r->queue = AP_QUEUE_SYSV;
		else if (type)
			lex_fail(&p->lex, "mqueue: no type \"%s\"", type);
	} else {
		lex_fail(&p->lex, "mqueue: %s is no condition", c->name);
	}
}

static void condition(struct parse *p, struct ap_rule *r, const char *class, const struct cond *c)
{
	if (c->in) {
		lex_fail(&p->lex, "%s: \"in\" cannot be used for %s", class, c->name);
		return;
	}
	switch (r->kind) {
	case AP_DBUS:
		dbus_cond(p, r, c);
		return;
	case AP_SIGNAL:
		signal_cond(p, r, c);
		return;
	case AP_UNIX:
		unix_cond(p, r, c);
		return;
	case AP_MQUEUE:
		mqueue_cond(p, r, c);
		return;
	case AP_PTRACE:
		if (str_eq(c->name, "peer")) {
			parse_single(p, class, c, &r->str[AP_PEER]);
			return;
		}
		break;
	case AP_IO_URING:
		if (str_eq(c->name, "label") && c->values.len == 1) {
			parse_single(p, class, c, &r->str[AP_QLABEL]);
			return;
		}
		break;
	default:
		break;
	}
	lex_fail(&p->lex, "%s: %s is no condition", class, c->name);
}

struct ap_rule *parse_class(struct parse *p, const char *keyword)
{
	size_t i = 0;
	struct rule_words w = {0};
	bool own_name = false;

	while (!str_eq(classes[i].words.class, keyword))
		i++;
	struct ap_rule *r = parse_new(p, classes[i].kind);
	parse_words(p, &classes[i].words, &w);
	if (w.conds.group && (!classes[i].peer ||
			      (r->kind != AP_IO_URING && !str_eq(w.conds.group, "peer"))))
		lex_fail(&p->lex, "%s: %s=( ) is no condition", keyword, w.conds.group);
	r->perms = w.perms;
	for (size_t c = 0; c < w.conds.len && !p->lex.failed; c++) {
		own_name |= !w.conds.at[c].peer && str_eq(w.conds.at[c].name, "name");
		condition(p, r, keyword, &w.conds.at[c]);
	}
	if (w.arg_count && !p->lex.failed)
		mqueue_name(p, r, w.args[0]);
	if (r->kind == AP_DBUS)
		dbus_check(p, r, own_name);
	else if (r->kind == AP_UNIX)
		unix_check(p, r);
	if (!r->perms)
		r->perms = classes[i].all;
	return r;
}
