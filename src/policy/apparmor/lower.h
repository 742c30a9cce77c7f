/* lower.h - a profile's rules to automata, for one target
 *
 * What the target cannot enforce is left out, or widened where that is what the
 * reference does, and said in the report.
 */
#ifndef POLICY_APPARMOR_LOWER_H
#define POLICY_APPARMOR_LOWER_H

#include "policy/apparmor/features.h"
#include "policy/apparmor/machine.h"
#include "policy/apparmor/rule.h"

#define LOWER_NAMES_MAX 12 /* names that execution can lead to */

struct lowered {
	const struct ap_profile *profile;
	const char *name, *ns;  /* full name: parent//child */
	const char *disconnected, *disconnected_ipc;
	struct automaton xmatch, file, policy;
	bool has_xmatch, has_file;
	uint32_t xmatch_len;
	const char *names[LOWER_NAMES_MAX];
	unsigned name_count;
	struct ap_caps caps;
	/* Kernels that know sockets by family and type alone: bits by type, for each family. */
	bool has_net;
	uint16_t net_allow[AP_FAMILIES], net_deny[AP_FAMILIES], net_audit[AP_FAMILIES],
		net_quiet[AP_FAMILIES];
};

struct lower_report {
	VEC(const char *) lines; /* "PROFILE: what is weaker", each once */
};

/* The profile alone, without its children; the automata are memo's or a's. False and *why,
 * with file and line of the rule or the profile, when it cannot be. */
bool lower_profile(struct arena *a, const struct target *t, struct ap_policy *policy,
		   const struct ap_profile *profile, struct memo *memo, struct lowered *out,
		   struct lower_report *report, const char **why);

#endif
