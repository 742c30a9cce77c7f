/* die.h - the one way out of a command that cannot go on
 *
 * A snapbox command either finishes or dies. Library code dies on behalf of
 * its caller, so callers read top to bottom with no error plumbing. What must
 * be put back on the way out is registered with undo_push().
 *
 * Functions that may fail as part of normal work (lookup, probe, match, and
 * every reader of untrusted text) do not die: they return NULL, false or -1,
 * and never print.
 *
 * Everything printed here has its control bytes escaped: names and texts of
 * strangers can be passed to %s (attacks.md R19).
 */
#ifndef CORE_DIE_H
#define CORE_DIE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

#define PRINTF(f, a) __attribute__((format(printf, f, a)))

/* What the process leaves with. Also the documented exit codes of every command. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1, /* refused or failed; nothing was changed */
	EXIT_USAGE = 2,   /* wrong use */
	EXIT_WEAKER = 3,  /* done, but weaker than asked */
	EXIT_NOEXEC = 126,
	EXIT_NOTFOUND = 127,
};

/* Print "snapbox: doing this: doing that: message" and leave with EXIT_REFUSED.
 * Use %m for errno. Undo actions run before the words are written, last pushed first:
 * a reader of our words cannot hold up a lock. */
_Noreturn void die(const char *fmt, ...) PRINTF(1, 2);
_Noreturn void die_with(enum exit_code code, const char *fmt, ...) PRINTF(2, 3);
/* From here on die() leaves with this code: the exit status is to be an app's, which 1
 * would be taken for. */
void die_as(enum exit_code code);
void warn(const char *fmt, ...) PRINTF(1, 2);

/* Name what the rest of this block is about; die() prints the names in order. */
#define DOING(verb, noun) \
	struct doing doing_here __attribute__((cleanup(doing_end))) = {doing_top, verb, noun}; \
	doing_top = &doing_here

/* Run fn(arg) if the command dies, last pushed first. The mark is the depth
 * before the push; undo_forget(mark) drops all that was pushed since: commit. */
size_t undo_push(void (*fn)(void *), void *arg);
void undo_forget(size_t mark);

/* Tests only: where die() lands instead of exit(). */
extern jmp_buf *die_trap;
extern char die_message[1024];
extern enum exit_code die_code;

struct doing {
	struct doing *up;
	const char *verb, *noun;
};
extern struct doing *doing_top;

static inline void doing_end(struct doing *d)
{
	doing_top = d->up;
}

#endif
