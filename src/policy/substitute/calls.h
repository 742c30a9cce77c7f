/* calls.h - what of a profile's rules the system call filter can say
 *
 * socket(2) names its family in a register, so a filter can refuse what no rule of the
 * profile allows; types, peers and addresses stay unsaid. What 32-bit programs of old do
 * through socketcall(2) lies in memory, out of a filter's sight: they make no socket.
 * clone3(2) says in memory what it is to make. It is refused as if the kernel had none,
 * and C libraries go back to clone(2).
 */
#ifndef POLICY_SUBSTITUTE_CALLS_H
#define POLICY_SUBSTITUTE_CALLS_H

#include "core/arena.h"
#include "policy/apparmor/rule.h"

/* Lines of the filter language that refuse the families which the profile does not
 * allow; "" when it allows them all. Sockets of the machine itself are never refused. */
const char *calls_without_network(struct arena *a, const struct ap_profile *profile);

/* Lines that refuse user namespaces, or "" when the profile allows them. */
const char *calls_without_userns(const struct ap_profile *profile);

/* Is there a rule of the kind that allows something? */
bool calls_has_rule(const struct ap_profile *profile, enum ap_kind kind);

#endif
