/* access.h - one try of one access, under a label */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdbool.h>

/* A thing to try: 0, or -1 with errno. words end in NULL. */
struct act {
	const char *name;
	int words; /* it needs this many */
	int (*try)(char **words);
};

extern const struct act acts_file[], acts_ipc[], acts_right[], acts_kernel[]; /* end with no name */

extern bool old_kernel; /* Linux 6.1 */

/* The calling thread's own label and mode, "unconfined" or "x (enforce)"; in static memory. */
const char *own_label(void);

/* Ask for a label: "exec LABEL", "changeprofile LABEL", "stack LABEL", ... */
int ask_label(const char *file, const char *how, const char *label);

/* A Unix socket's address from a path or @name; its length. */
struct sockaddr_un;
unsigned unix_address(struct sockaddr_un *a, const char *name);

/* Try a table; prints a line for each of its lines. */
int outcome(char **words, int (*try)(char **words));

/* What lies outside of a snap, to be tried: UID HOME. Does not return when all is well. */
int outside(char **words);

#endif
