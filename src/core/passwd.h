/* passwd.h - the user database, read without any library
 *
 * /etc/passwd only, never what nsswitch.conf may name: nothing of that may run
 * in a program that confines (attacks.md R13, A287). Reading is bounded: what
 * lies behind PASSWD_BYTES_MAX is not seen, longer lines than PASSWD_LINE_MAX
 * and malformed ones are skipped. The first line of a uid counts.
 */
#ifndef CORE_PASSWD_H
#define CORE_PASSWD_H

#include <sys/types.h>

#include "core/arena.h"

#define PASSWD_BYTES_MAX ((size_t)16 << 20)
#define PASSWD_LINE_MAX 4096

/* The home directory of a user, an absolute path; NULL when there is none. Root
 * that has none, or "/", has /root: an initramfs needs no user database. */
const char *passwd_home(struct arena *a, uid_t uid);

#endif
