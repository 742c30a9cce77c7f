/* sim.h - run a program here, as the kernel would */
#ifndef SECCOMP_SIM_H
#define SECCOMP_SIM_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What code (count instructions, in this machine's byte order) answers for data, whose
 * numbers are as this machine has them; big says how the target would have them in memory.
 * False when the kernel would not have taken the program, or not for this word. steps, if
 * not NULL, is how many instructions ran. */
bool sim_run(const struct sock_filter *code, size_t count, const struct seccomp_data *data,
	     bool big, uint32_t *answer, size_t *steps);

/* What the kernel makes of two filters' answers: the stricter, and of two errors that of the
 * filter loaded last. Ours load deny first: what is both denied and not allowed is EPERM. */
uint32_t sim_both(uint32_t loaded_first, uint32_t loaded_last);

/* "ALLOW", "LOG", "ERRNO 13", "KILL", ... in a buffer of its own. */
const char *sim_name(uint32_t answer);

#endif
