/* parse_internal.h - what the parts of the reader share; included by parse*.c only */
#ifndef POLICY_APPARMOR_PARSE_INTERNAL_H
#define POLICY_APPARMOR_PARSE_INTERNAL_H

#include "policy/apparmor/lex.h"
#include "policy/apparmor/rule.h"
#include "policy/apparmor/words.h"

#define PARSE_DEPTH_MAX 256 /* blocks, conditions and profiles inside each other */

struct parse {
	struct arena *arena;
	struct lex lex;
	struct ap_policy *policy;
	int depth;
};

/* One condition of a rule: name=value, name=(values), name in (values). */
struct cond {
	char *name;
	bool in, peer;
	struct ap_strings values;
};

struct conds {
	struct cond *at;
	size_t len, cap;
	const char *group; /* name of a NAME=( ... ) group that stood among them */
};

/* A rule being read: the words in the class's mode up to the comma. */
struct rule_words {
	uint32_t perms;
	struct conds conds;
	char *args[3];
	int arg_count;
};

/* parse_base.c */
struct ap_rule *parse_new(struct parse *p, enum ap_kind kind);
bool parse_word(struct parse *p, const char *word); /* take exactly this word, if it is next */
struct ap_variable *parse_variable(struct parse *p, const char *name);
void parse_abi(struct parse *p);

/* parse_prefix.c; a prefix that does not fit its rule is an error */
struct ap_prefix parse_prefix(struct parse *p);
void parse_prefix_rule(struct parse *p, struct ap_rule *r, const struct ap_prefix *prefix);

/* parse_rule.c: a profile, hat or child; the word before its name has been taken */
struct ap_profile *parse_profile(struct parse *p, enum lex_mode name_mode, bool hat);

/* parse_misc.c: the word itself has been taken */
void parse_capability(struct parse *p, struct ap_profile *body, const struct ap_prefix *prefix);
void parse_rlimit(struct parse *p, struct ap_profile *body);
void parse_all(struct parse *p, struct ap_profile *body, const struct ap_prefix *prefix);

/* parse_profile.c: up to the opening brace, which is taken */
struct ap_profile *parse_head(struct parse *p, enum lex_mode name_mode, bool hat);
void parse_add_profile(struct parse *p, struct ap_profile *parent, struct ap_profile *child);

/* parse_file.c */
struct ap_rule *parse_file(struct parse *p, bool keyword);
struct ap_rule *parse_link(struct parse *p);
struct ap_rule *parse_change_profile(struct parse *p);
const char *parse_x_reason(const struct ap_rule *r);
bool parse_comma(struct parse *p, enum lex_mode mode);

/* parse_cond.c: the words of a class's rule up to the comma, which is taken */
enum args { ARGS_NONE, ARGS_BEFORE_CONDS, ARGS_AFTER_CONDS };
struct class_words {
	const char *class;
	const struct ap_word *perms; /* value: the bits; NULL name ends */
	enum lex_mode mode;
	enum args args;
	bool one; /* a single permission, no list */
	bool loose; /* unknown words in a list of permissions mean nothing */
};
void parse_words(struct parse *p, const struct class_words *class, struct rule_words *w);
void parse_one_cond(struct parse *p, struct lex_token name, struct conds *c);
void parse_group(struct parse *p, struct lex_token name, struct conds *c);
void parse_single(struct parse *p, const char *class, const struct cond *c, char **slot);
extern const struct ap_word parse_net_perms[];

/* parse_class.c: dbus signal ptrace unix userns mqueue io_uring */
struct ap_rule *parse_class(struct parse *p, const char *keyword);
bool parse_is_class(const char *keyword);

/* parse_network.c */
struct ap_rule *parse_network(struct parse *p);
void parse_unix_of(struct parse *p, struct ap_profile *body, const struct ap_rule *network);
struct ap_rule *parse_network_all(struct parse *p);

/* parse_mount.c: mount remount umount pivot_root */
struct ap_rule *parse_mount(struct parse *p, const char *keyword);
struct ap_rule *parse_mount_all(struct parse *p, uint32_t perms, bool remount);

#endif
