/* lower_internal.h - what the parts of lowering share; included by lower*.c only */
#ifndef POLICY_APPARMOR_LOWER_INTERNAL_H
#define POLICY_APPARMOR_LOWER_INTERNAL_H

#include "policy/apparmor/variables.h"
#include "policy/apparmor/glob.h"
#include "policy/apparmor/lower.h"

enum { /* first byte of what the policy machine is asked */
	CLASS_FILE = 2, CLASS_NET = 4, CLASS_MOUNT = 7, CLASS_PTRACE = 9, CLASS_SIGNAL = 10,
	CLASS_NET_V8 = 14, CLASS_NET_V9 = 15, CLASS_LABEL = 16, CLASS_POSIX_MQUEUE = 17,
	CLASS_SYSV_MQUEUE = 18, CLASS_USERNS = 21, CLASS_IO_URING = 22, CLASS_DBUS = 32,
};

#define ANY_TEXT "[^\\x00]*"
#define SOME_TEXT "[^\\x00]+"
#define MARKER_TOP (AP_PRIORITY_MAX + 1) /* stronger than any rule */
#define MARKER_LOW (-AP_PRIORITY_MAX - 1)

struct lower {
	struct arena *arena;
	const struct target *target;
	struct ap_policy *policy;
	const struct ap_profile *profile;
	struct memo *memo;
	struct lowered *out;
	struct lower_report *report;
	struct machine file, rest;
	bool file_used;
	VEC(struct ap_rule *) mounts;
	struct expander expander;
	const struct ap_rule *rule; /* the one at hand, for errors; NULL: the profile */
	const char *why;            /* the first error */
};

/* Note the first error. */
void lower_fail(struct lower *l, const char *fmt, ...) PRINTF(2, 3);
void lower_say(struct lower *l, const char *what);

/* An expression that begins with these bytes. */
struct buf lower_re(struct lower *l, const char *bytes, size_t n);
void lower_bytes(struct buf *b, unsigned value, unsigned n); /* n bytes, big endian */
void lower_glob(struct lower *l, struct buf *b, const char *pattern, bool nul);
void lower_glob_or(struct lower *l, struct buf *b, const char *pattern, const char *otherwise);

/* Add to the machine of everything but files: with the rule's own mode. */
void lower_add(struct lower *l, const struct buf *re, uint32_t perms, uint32_t audit);
void lower_accept(struct lower *l, struct machine *m, const struct buf *re,
		  struct accept accept);

uint32_t lower_net_perms(uint32_t perms); /* to accept bits */

void lower_file(struct lower *l, const struct ap_rule *r);
void lower_change_profile(struct lower *l, const struct ap_rule *r);
void lower_proc_access(struct lower *l, const char *write);
void lower_network(struct lower *l, const struct ap_rule *r);
void lower_unix(struct lower *l, const struct ap_rule *r);
void lower_mount(struct lower *l, const struct ap_rule *r);
void lower_dbus(struct lower *l, const struct ap_rule *r);
void lower_signal(struct lower *l, const struct ap_rule *r);
void lower_ptrace(struct lower *l, const struct ap_rule *r);
void lower_mqueue(struct lower *l, const struct ap_rule *r);
void lower_on_class(struct lower *l, const struct ap_rule *r); /* userns, io_uring */
void lower_markers(struct lower *l);
void lower_xmatch(struct lower *l);

#endif
