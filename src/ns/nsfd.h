/* nsfd.h - namespaces as descriptors, and whose they are
 *
 * A descriptor counts as a namespace only when its filesystem says so: the name
 * that led to it proves nothing (attacks.md R15). Numbers are nsfs inode
 * numbers: unique while the namespace exists. Linux 4.11.
 */
#ifndef NS_NSFD_H
#define NS_NSFD_H

#include <stdbool.h>
#include <sys/types.h>

#define NSFD_INITIAL_USER 0xEFFFFFFDu /* the number of the user namespace a system boots with */

/* The mount namespace of this process, or of pid 1. -1 with errno; EPERM also
 * when what is there is no mount namespace. */
int nsfd_self(void);
int nsfd_first(void);

bool nsfd_is_mount_namespace(int fd);

ino_t nsfd_number(int fd); /* dies */

/* The number of the user namespace that owns it; 0 when this process may not
 * know: it is then not in that one or an ancestor of it. */
ino_t nsfd_owner(int fd);

/* May the kernel pin ns in the mount namespace within? It refuses what is not younger,
 * by serial numbers that are not always in order (behaviour.md M15). True when it
 * does not tell (before Linux 6.11): then it numbers them in order. */
bool nsfd_is_younger(int ns, int within);

/* The number of the user namespace of this process. Dies. */
ino_t nsfd_user(void);

#endif
