/* network.h - the network rules of a profile as the system call filter can say them
 *
 * socket(2) names its family in a register, so a filter can refuse what no rule of the
 * profile allows. Types, peers and addresses stay unsaid. What 32-bit programs of old
 * do through socketcall(2) lies in memory, out of a filter's sight: without a network
 * rule that call is refused altogether.
 */
#ifndef POLICY_SUBSTITUTE_NETWORK_H
#define POLICY_SUBSTITUTE_NETWORK_H

#include "core/arena.h"
#include "policy/apparmor/rule.h"

/* Lines of the filter language that refuse what the profile does not allow; "" when it
 * allows every family. Sockets of the machine itself (AF_UNIX) are never refused here. */
const char *network_refusals(struct arena *a, const struct ap_profile *profile);

/* Does a rule of the profile allow the internet's families? */
bool network_allowed(const struct ap_profile *profile);

#endif
