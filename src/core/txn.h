/* txn.h - staged changes and the one moment they happen
 *
 *	struct txn *t = txn_begin(a, settle);
 *	txn_name(t, "foo");
 *	txn_write(t, DIR_PLANS, "snap.foo.app", text, len, 0644);
 *	txn_drop(t, DIR_PLANS, "snap.foo.old");
 *	txn_commit(t);
 *
 * The caller holds the state lock. Everything new is written below DIR_STAGING
 * first. txn_commit() makes it durable, writes down what is to be moved and
 * dropped, and puts that list, the journal, in its place by one rename: that
 * is the moment. A crash before it leaves the old system, a crash after it is
 * finished from the journal, each line of which can be repeated any number of
 * times. Either way txn_recover() is what tidies up: the next command that
 * takes the lock calls it, and so does `boot`.
 *
 * What is not a file of ours (mounts, links in other people's directories)
 * follows from the files: settle(name) makes it so for one snap, whatever was
 * there before. It is called for every name given to txn_name(), after the
 * commit as well as after an undo.
 */
#ifndef CORE_TXN_H
#define CORE_TXN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/arena.h"
#include "core/dirs.h"

struct txn;

/* Make the system follow the files for this name. False, after a warning, when
 * a part could not be done; that stops nothing. */
typedef bool settle_fn(struct arena *a, const char *name);

/* Dies when an earlier change is unfinished. Dying before txn_commit() undoes. */
struct txn *txn_begin(struct arena *a, settle_fn *settle);

/* A person who wants to stop it gets a tidy system: SIGINT, SIGTERM and SIGHUP wait
 * from txn_begin() on. Where a step is long, this dies if one came. */
void txn_yield(void);

/* Block these three; what was blocked before is in old. Which one came, or 0. */
void txn_hold_signals(sigset_t *old);
int txn_signal(void);

/* name will be settled. Durable when this returns: call it before the first
 * thing that is done to the system on behalf of name. Twice is fine. */
void txn_name(struct txn *t, const char *name);

/* A new empty staged file (0600) or directory (0755). *fd is open for writing (a
 * directory for reading) and stays the caller's to close. Returns its number. */
size_t txn_file(struct txn *t, int *fd);
size_t txn_dir(struct txn *t, int *fd);

/* Where a staged thing goes: name is one component. Not placed, it is cleared. */
void txn_place(struct txn *t, size_t number, enum dir dir, const char *name, mode_t mode);

void txn_write(struct txn *t, enum dir dir, const char *name, const void *data, size_t len,
	       mode_t mode);

/* Remove a file or a tree; missing is fine. */
void txn_drop(struct txn *t, enum dir dir, const char *name);

/* Dies, with everything undone, when it cannot happen. True when every name settled. */
bool txn_commit(struct txn *t);

/* Finish or undo what a crash left. Cheap when there is nothing. */
enum txn_found { TXN_NOTHING, TXN_UNDONE, TXN_FINISHED };
enum txn_found txn_recover(struct arena *a, settle_fn *settle);

struct arena *txn_arena(const struct txn *t);

#endif
