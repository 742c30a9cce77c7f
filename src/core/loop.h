/* loop.h - mount an image that is open, without naming it to anybody
 *
 * The image gets a loop device of its own: read-only, gone with its last user,
 * direct I/O where the filesystem below can. Linux 5.12.
 */
#ifndef CORE_LOOP_H
#define CORE_LOOP_H

#include <stdbool.h>

struct loop_failure {
	bool unsupported; /* this system cannot: unpack instead. Else it is an error */
	char why[256];
};

/* A detached mount of a filesystem of type in the image, ro, nodev and nosuid
 * from the start: attach it with mountfd_attach(). image is a regular file open
 * for reading. Needs CAP_SYS_ADMIN in the first user namespace.
 * -1 with the failure filled in. Never prints. */
int loop_mount(int image, const char *type, struct loop_failure *f);

#endif
