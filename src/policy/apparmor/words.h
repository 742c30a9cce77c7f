/* words.h - the names the language gives to numbers; -1 is no such name */
#ifndef POLICY_APPARMOR_WORDS_H
#define POLICY_APPARMOR_WORDS_H

#include "policy/apparmor/rule.h"

struct ap_word {
	const char *name;
	int value;
};

extern const char *const ap_capabilities[]; /* index: the capability's number; NULL ends */
extern const char *const ap_families[];     /* index: AF_ number; NULL ends */

int ap_capability(const char *name);
int ap_family(const char *name);
int ap_signal(const char *name);    /* as in the kernel's table; rtmin+N is 128+N */
int ap_errno(const char *name);
int ap_rlimit(const char *name);    /* RLIMIT_ in the generic order */
int ap_socket_type(const char *name);
int ap_profile_mode(const char *name);

#endif
