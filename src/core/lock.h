/* lock.h - locked files
 *
 * flock(2) on 0600 root files in DIR_LOCK (0700), so that no other user can
 * hold one. Waiting ends at a deadline on the monotonic clock, whatever
 * signals arrive. A lock ends with its descriptor or its process.
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include <stdbool.h>

#define LOCK_WAIT_MS 30000

/* The lock NAME, exclusive or shared. Returns the descriptor that holds it.
 * Dies, naming the lock, when LOCK_WAIT_MS pass. */
int lock_take(const char *name, bool shared);

/* The same without waiting: -1 with errno EWOULDBLOCK when it is held. */
int lock_try(const char *name, bool shared);

void lock_drop(int fd);
void lock_undo(void *fd); /* lock_drop(*(int *)fd), for undo_push() */

#endif
