/* check.h - what install refuses to accept
 *
 * All of it needs no more than the model, so that it can run in the child that
 * reads the image. False with one line in why (WHY_MAX bytes).
 */
#ifndef POLICY_MODEL_CHECK_H
#define POLICY_MODEL_CHECK_H

#include "policy/model/model.h"

/* One file of the image: every one of them, in any order, the root included. */
struct file_fact {
	const char *path;   /* "" is the root; else no slash at either end */
	unsigned mode;      /* type and permissions as in st_mode */
	const char *target; /* of a symbolic link */
};

/* Do the files fit the description: meta and what is in it readable and inside,
 * commands there and executable, nothing of an odd type (behaviour P13)? */
bool check_files(struct arena *a, const struct snap *s, const struct file_fact *files, size_t n,
		 char *why);

/* May it be on this machine: architecture, what it assumes, its type? */
bool check_machine(const struct snap *s, const char *arch, char *why);

/* What the installing person said, and what is known. */
struct check_flags {
	bool devmode, jailmode, classic;
	bool was_classic;    /* a revision of it is installed as classic already */
	bool can_jail;       /* everything that strict promises can be kept here */
	bool classic_system; /* the root is an ordinary distribution's */
};

/* How it is to be confined (behaviour P9, P10). A flag that has no effect leaves
 * a line in note (WHY_MAX bytes), which else is "". */
bool check_confinement(const struct snap *s, const struct check_flags *f,
		       enum confinement *effective, char *note, char *why);

#endif
