/* plan.h - all that a start needs to know, in one strict root-owned file
 *
 * Install writes one plan for each label, DIR_PLANS/LABEL, 0644 root:root;
 * `run` and the privileged `confine` read it, and nothing else that a package
 * brought along. Text, one "key value" a line, in this order, each line ended
 * by a newline; "*" is any number of them:
 *
 *	snapbox-plan 1
 *	label snap.foo_k.bar
 *	revision x1
 *	kind strict			strict, devmode or classic
 *	base core24			not for classic
 *	base-dir /snap/core24/x3	not for classic: where the base is mounted
 *	dir /snap/foo/x1		what $SNAP is inside
 *	steps yes			has INSTANCE.fstab beside it: layouts, content; or "no"
 *	caps ipc_lock sys_chroot	what root inside may keep; "all", or "none"
 *	apparmor enforce		the mode of its label, or it does not run; or "no"
 *	hide /run *			of the host's, an empty one instead; all plans of an
 *	show /run/systemd/journal *	instance say the same of these two, sorted
 *	guard files signals		what Landlock keeps it from; or "none" (landlock.h)
 *	allow rlx /usr *		and the files that it does not
 *	grade strict			how well all that confines it where it was made:
 *			strict, substituted, partial or none (grade.h)
 *	filter yes			of system calls, which must confine it; or "no"
 *	command /snap/foo/x1/bin/bar
 *	chain /snap/foo/x1/chain.sh *	command-chain, outermost first
 *	arg TEXT *			fixed arguments, before the caller's
 *	env NAME=VALUE *		in order; the last one of a name wins
 *	end
 *
 * In values, bytes below 0x20, 0x7f and the backslash are written \ooo (octal),
 * so that no value becomes a second line. $NAME and ${NAME} in arg and env
 * values are replaced at the start out of the environment so far; "$$" is "$".
 *
 * The seccomp program is DIR_SECCOMP/LABEL.bin2; instance, store name and app
 * follow from the label: what can be derived is not said twice.
 */
#ifndef NS_PLAN_H
#define NS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"

#define PLAN_BYTES_MAX (256 * 1024)
#define PLAN_LIST_MAX 1024 /* lines of one kind */

enum plan_kind {
	PLAN_STRICT,
	PLAN_DEVMODE, /* set up as strict; the filter says what is only logged */
	PLAN_CLASSIC, /* no mount namespace */
};

/* What strict policy leaves root: names as in capabilities(7) without "cap_".
 * Where AppArmor is missing this is all that stops root inside (attacks A067). */
#define PLAN_CAPS_STRICT "ipc_lock sys_chroot"

struct plan_list {
	const char **at; /* NULL while len is 0 */
	size_t len;
};

/* Filled by install from its model for plan_print, or by plan_read. */
struct plan {
	const char *label;
	const char *instance; /* from the label; plan_print takes it from there too */
	const char *snap;     /* store name; likewise */
	const char *revision;
	enum plan_kind kind;
	const char *base, *base_dir; /* NULL for classic */
	const char *dir;
	bool steps;
	const char *caps; /* as in the file: "all", "none" or names */
	const char *apparmor; /* as in the file */
	struct plan_list hide, show;
	const char *guard; /* as in the file */
	struct plan_list allow;
	const char *grade; /* as in the file */
	bool filter;
	const char *command;
	struct plan_list chain, args, env;
};

/* NULL, or in words of one line what is wrong with it. Every reader and writer
 * asks: a plan that cannot be read back is never written. */
const char *plan_check(struct arena *a, const struct plan *p);

/* The text of the file. Dies with the reason when plan_check() finds one. */
void plan_print(struct buf *out, const struct plan *p);

/* The reader of that text; NULL with *why ("line 7: ...") when anything is unexpected. */
const struct plan *plan_parse(struct arena *a, const char *text, size_t len, const char **why);

/* The plan of a label, or NULL with *why; errno is ENOENT when there is none.
 * File and directory must be root's and not writable by others, checked on the
 * handles; a plan whose label is not its name is refused. */
const struct plan *plan_read(struct arena *a, const char *label, const char **why);

/* INSTANCE.fstab of the plan: its text, "" when the plan has no steps. Same checks. */
const char *plan_read_steps(struct arena *a, const struct plan *p, const char **why);

/* Does the app run under a label? */
bool plan_is_labelled(const struct plan *p);

/* Does the app see the host's path, which lies in a place that can be hidden? */
bool plan_shows(const struct plan *p, const char *path);

/* What the app is started with, out of the plan and what the caller gave. The
 * caller's environment keeps one well-formed entry a name, minus (unless classic)
 * what steers loaders and shells; then the plan's lines apply. NULL with *why when
 * it grows beyond what exec takes. argv is chain, command, args, words. Both end
 * in NULL. */
char **plan_environment(struct arena *a, const struct plan *p, char *const *given,
			const char **why);
char **plan_arguments(struct arena *a, const struct plan *p, char *const *env, char *const *words);

#endif
