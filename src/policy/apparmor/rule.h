/* rule.h - what a profile text says, before any kernel is considered
 *
 * The reader (parse.h) makes these; lower.h turns them into patterns. A rule
 * keeps the place it was written at, so that later stages can name it.
 * Strings are as written: escapes of the text are resolved, variables are not.
 */
#ifndef POLICY_APPARMOR_RULE_H
#define POLICY_APPARMOR_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/vec.h"
#include "policy/apparmor/bits.h"

#define AP_FAMILIES 46
#define AP_ANY 0xffffffffu

/* Socket types a network rule names, by family: AP_ANY, or one bit a type. */
struct ap_sockets {
	uint32_t types[AP_FAMILIES], protocols[AP_FAMILIES];
};

enum ap_queue { AP_QUEUE_ANY, AP_QUEUE_POSIX, AP_QUEUE_SYSV };

struct ap_strings {
	char **at;
	size_t len, cap;
};

struct ap_flags32 {
	uint32_t *at;
	size_t len, cap;
};

struct ap_rule {
	enum ap_kind kind;
	struct ap_prefix prefix;
	bool log; /* audit of an allow rule, quiet of a deny rule */
	bool subset;   /* link */
	bool implied;  /* not written: comes with others */
	bool narrow;   /* unix rule made from a network rule: do not widen it again */
	bool has_peer; /* network, unix */
	uint32_t perms;
	char *str[AP_STRINGS];
	int type;             /* unix: socket type or -1 */
	enum ap_queue queue;
	uint8_t signals[32];  /* one bit each; none set: any */
	struct ap_sockets *sockets;
	struct ap_strings fstypes;
	struct ap_flags32 need, may; /* mount: options=, options in */
	const char *file;
	int line;
};

struct ap_caps {
	uint64_t allow, audit, deny, quiet;
};

#define AP_RLIMITS 16
struct ap_rlimits {
	uint32_t set;
	uint64_t value[AP_RLIMITS]; /* index: the kernel's RLIMIT_ number */
};

struct ap_profile_flags {
	uint32_t bits, path;
	enum ap_profile_mode mode;
	bool audit;
	int signal, error;
	char *disconnected, *disconnected_ipc;
};

struct ap_xattr {
	char *name, *value; /* value NULL: any */
};

struct ap_profile {
	char *ns, *name, *attachment; /* name of a child: its own part only */
	struct ap_profile *parent;
	struct ap_profile_flags flags;
	struct ap_caps caps;
	struct ap_rlimits rlimits;
	VEC(struct ap_rule *) rules;
	VEC(struct ap_xattr) xattrs;
	VEC(struct ap_profile *) children; /* sorted by name, hats among them */
	const char *file;
	int line;
};

struct ap_variable {
	char *name;
	bool boolean, value; /* of $NAME */
	struct ap_strings values; /* of @{NAME} */
	bool busy, done;          /* being expanded; expanded holds the result */
	struct ap_strings expanded;
};

struct ap_alias {
	char *from, *to;
};

/* One text with all it includes. */
struct ap_policy {
	VEC(struct ap_profile *) profiles; /* sorted by name */
	VEC(struct ap_variable *) variables;
	VEC(struct ap_alias) aliases;
	char *abi;       /* contents of the first features file that the text names */
	bool abi_kernel; /* abi <kernel>: the target's own */
	VEC(const char *) warnings; /* one line each, for a person */
};

#endif
