/* binary.h - compiled policy read back: a stream of profiles as the kernel loads it
 *
 * MUST take any bytes: nothing is believed that was not checked, and all that the
 * kernel checks is (policy_unpack.c and match.c of Linux 7.2): order and kinds of
 * fields, sizes and numbers of tables, every state that a table names, chains of
 * inheriting states, indices into permissions and names. What this says yes to, the
 * kernel takes, as far as it knows the version.
 *
 * Nothing is copied: what is found points into the bytes, which must stay.
 */
#ifndef POLICY_APPARMOR_BINARY_H
#define POLICY_APPARMOR_BINARY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/vec.h"

#define BINARY_PERM_WORDS 14 /* of an entry: reserved, allow, deny, ...; see format */

struct binary_machine {
	bool present;
	bool wide;          /* accept is an index into perms */
	uint32_t states, slots;
	unsigned width;     /* bytes of other, next, check: 2 or 4 */
	unsigned permsv;    /* 3: accept2 says where the owner counts */
	const unsigned char *accept, *accept2, *base, *other, *next, *check, *classes;
	const unsigned char *perms; /* entries of BINARY_PERM_WORDS items */
	uint32_t perms_len, start;
};

struct binary_text {
	const char *at; /* NUL-terminated */
	size_t len;     /* without the last NUL; may have others inside, in names */
};

struct binary_profile {
	size_t from, to; /* the bytes of it */
	uint32_t version;
	const char *ns, *name, *rename, *attach, *disconnected, *disconnected_ipc; /* or NULL */
	uint32_t kill, error, flags, mode, audit, path_flags;
	uint64_t caps[4]; /* allow, audit, quiet, unused */
	uint32_t xmatch_len;
	struct binary_machine xmatch, policy, file;
	VEC(struct binary_text) xattrs, names; /* names: where execution leads */
	uint32_t rlimits;             /* bits; the values in rlimit */
	uint64_t rlimit[16];
	const unsigned char *families; /* 3 items of 16 bits each: allow, audit, quiet */
	uint32_t families_len;
};

struct binary {
	VEC(struct binary_profile *) profiles;
};

/* False and *why, with the offset, when it is not a policy. */
bool binary_read(struct arena *a, const void *data, size_t len, struct binary *out,
		 const char **why);

/* binary_machine.c: the tables of one blob. NULL, or what is wrong. */
const char *binary_tables(struct arena *a, struct binary_machine *m, const unsigned char *p,
			  size_t len);
const char *binary_check_perms(const struct binary_machine *m, size_t names);

/* One step as the kernel takes it. */
uint32_t binary_step(const struct binary_machine *m, uint32_t state, unsigned char byte);

/* Words of the state: accept form, or of entry accept (+1 for others, in files). */
uint32_t binary_accept(const struct binary_machine *m, uint32_t state);
uint32_t binary_perm(const struct binary_machine *m, uint32_t entry, unsigned word);

#endif
