/* enter.c - from a caller's process to the app, in a fixed order
 *
 * This page is the security argument of a start; read it from enter_run() at its
 * foot. It is straight, and every call that changes who this process is stands
 * on it (attacks.md, "Order of a launch").
 *
 * MUST refuse before any effect when the kernel gave no privileges, or gave them
 * where they must not be used.
 * MUST hold privileges only between take_privileges() and drop_privileges(); all
 * that is the caller's (working directory, environment) is touched outside.
 * MUST check every return value, and read back what it set.
 * MUST NOT set no_new_privs for the app: all it can see is nosuid.
 *
 * Loading a filter without no_new_privs takes sys_admin, and a filter may forbid
 * capset(2). So that one capability is still permitted while the filter is loaded,
 * and the exec that follows takes it: by then nothing is inheritable, ambient or
 * bounding that could bring it through, and the kernel computes the app's
 * capabilities from those three.
 */
#include "ns/enter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/caps.h"
#include "core/die.h"
#include "core/dirs.h"
#include "core/entry.h"
#include "ns/aalabel.h"
#include "core/str.h"
#include "ns/hold.h"
#include "ns/landlock.h"
#include "seccomp/load.h"

#define VOID "/var/lib/snapd/void"

struct caller {
	uid_t uid;
	gid_t gid;
	bool borrows; /* not root: the privileges are the copy's, not the caller's */
	size_t undo;  /* mark of be_caller() */
	bool moved;   /* into a namespace, and so out of its working directory */
	char cwd[4096];
	struct rlimit files, size;
};

static void check_install(void)
{
	struct stat st;

	if (stat("/proc/self/exe", &st))
		die("/proc/self/exe: %m");
	if (st.st_uid || st.st_mode & 022)
		die("the privileged copy is not only root's: install it again with "
		    "\"snapbox --install\"");
}

static void check_caller(const struct caller *who)
{
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0))
		die("no_new_privs is set here: an app cannot be confined fully");
	if (!caps_permitted(CAPS_LAUNCH))
		die(who->borrows ? "no privileges: the privileged copy is traced, on a nosuid "
				   "mount, or not installed (snapbox --install)" :
				   "root without the capabilities that a start takes");
	if (!who->borrows)
		return;
	check_install();
}

static struct caller know_caller(void)
{
	struct caller who = {.uid = getuid(), .gid = getgid()};

	who.borrows = who.uid != 0;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		die("cannot forbid dumps: %m");
	check_caller(&who);
	if (who.borrows)
		caps_hold(CAPS_LAUNCH, CAPS_NONE, 0);
	if (!getcwd(who.cwd, sizeof who.cwd))
		who.cwd[0] = '\0'; /* deleted, or too deep: the void it will be */
	return who;
}

static void lift(int what, struct rlimit *saved)
{
	if (getrlimit(what, saved))
		die("limits: %m");
	struct rlimit high = {.rlim_cur = saved->rlim_max, .rlim_max = saved->rlim_max};
	if (saved->rlim_cur != saved->rlim_max && setrlimit(what, &high))
		die("limits: %m");
}

static void put_back(int what, const struct rlimit *saved)
{
	if (saved->rlim_cur != saved->rlim_max && setrlimit(what, saved))
		die("limits: %m");
}

/* A terminal stops whoever reads from it; entry_restore() gives the mask back. */
static void block_stops(void)
{
	sigset_t stops;

	sigemptyset(&stops);
	sigaddset(&stops, SIGTSTP);
	sigaddset(&stops, SIGTTIN);
	sigaddset(&stops, SIGTTOU);
	if (sigprocmask(SIG_BLOCK, &stops, NULL))
		die("sigprocmask: %m");
}

/* Dying gives the privileges back before a word is written (attacks.md A035): without
 * KEEPCAPS, capabilities go with the uid. */
static void be_caller(void *arg)
{
	const struct caller *who = arg;

	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) || setresgid(who->gid, who->gid, who->gid) ||
	    setresuid(who->uid, who->uid, who->uid))
		_exit(EXIT_NOEXEC);
}

/* Files made from here on are root's, whoever the caller is. So is this process: one
 * with the caller's id the caller could stop, with a lock of ours in its hands. */
static void take_privileges(struct caller *who)
{
	if (chdir("/"))
		die("/: %m");
	who->moved = true;
	lift(RLIMIT_NOFILE, &who->files);
	lift(RLIMIT_FSIZE, &who->size);
	if (!who->borrows)
		return;
	caps_hold(CAPS_LAUNCH, CAPS_LAUNCH, 0);
	block_stops();
	who->undo = undo_push(be_caller, who);
	if (setresgid(0, 0, 0) || setresuid(0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		die("take the identity of root: %m");
}

static void check_identity(const struct caller *who)
{
	uid_t r, e, s;
	gid_t rg, eg, sg;

	if (getresuid(&r, &e, &s) || getresgid(&rg, &eg, &sg))
		die("identity: %m");
	if (r != who->uid || e != who->uid || s != who->uid || rg != who->gid ||
	    eg != who->gid || sg != who->gid)
		die("identity: is not the caller's");
	if ((uid_t)setfsuid((uid_t)-1) != who->uid || (gid_t)setfsgid((gid_t)-1) != who->gid)
		die("file identity: is not the caller's");
	if (who->borrows && !setresuid((uid_t)-1, 0, (uid_t)-1))
		die("identity: root could be had again");
}

/* gid, uid, bounding, then the rest; supplementary groups stay the caller's. Of the
 * caller's own rights only real root has any: the plan says what it keeps. */
static void drop_privileges(const struct caller *who, const struct plan *p)
{
	uint64_t keep = 0;

	if (!who->borrows && !caps_parse(p->caps, &keep))
		die("capabilities of the plan");
	if (prctl(PR_SET_KEEPCAPS, who->borrows, 0, 0, 0) ||
	    setresgid(who->gid, who->gid, who->gid) || setresuid(who->uid, who->uid, who->uid) ||
	    prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0))
		die("back to the caller's identity: %m");
	if (who->borrows && who->moved) /* leaving root put them to sleep */
		caps_hold(CAPS_LAUNCH, CAPS_LAUNCH, 0);
	caps_bound(p->kind == PLAN_CLASSIC ? ~UINT64_C(0) : keep);
	caps_hold(CAPS_FILTER, CAPS_NONE, keep);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)) /* id changes may have allowed it again */
		die("cannot forbid dumps: %m");
	check_identity(who);
	if (who->borrows && who->moved)
		undo_forget(who->undo);
}

/* With the caller's own rights: what it may not enter, the app is not put into. */
static void restore_caller(const struct caller *who)
{
	if (who->moved && chdir(*who->cwd == '/' ? who->cwd : VOID) && chdir(VOID))
		die(VOID ": %m");
	put_back(RLIMIT_NOFILE, &who->files);
	put_back(RLIMIT_FSIZE, &who->size);
	if (syscall(SYS_close_range, 3u, ~0u, 0u))
		die("close_range: %m");
	entry_restore();
}

static struct sc_loadable read_filter(struct arena *a, const struct plan *p)
{
	struct sc_loadable filter;
	char why[LOAD_WHY];

	if (!load_prepare(a, dirs_path(a, DIR_SECCOMP, "%s.bin2", p->label),
			  !p->filter, &filter, why))
		die("%s: its filter: %s", p->label, why);
	return filter;
}

/* The caller's part of /run where the host's is hidden; NULL where it is not. */
static const char *own_run(struct arena *a, const struct plan *p, const struct caller *who)
{
	const char *top = arena_printf(a, "/run/user/%u", who->uid);

	return p->kind == PLAN_CLASSIC || plan_shows(p, top) ? NULL : top;
}

/* Users of a snap share its /run: only who has root's group makes names in /run/user, or
 * one of them could take another's. So it is made with that, and as the caller's. */
static void make_own_run(struct arena *a, const struct plan *p, const struct caller *who)
{
	const char *top = own_run(a, p, who);

	if (!top)
		return;
	setfsgid(0);
	setfsuid(who->uid);
	if ((gid_t)setfsgid((gid_t)-1) || (uid_t)setfsuid((uid_t)-1) != who->uid)
		die("file identity: is not the caller's");
	if (mkdir(top, 0700) && errno != EEXIST)
		die("make %s: %m", top);
	setfsuid(geteuid());
	setfsgid(getegid());
}

/* With the caller's own rights. */
static void make_runtime_dir(struct arena *a, const struct plan *p, const struct caller *who)
{
	const char *top = own_run(a, p, who);
	struct stat st;

	if (!top)
		return;
	if (lstat(top, &st) || !S_ISDIR(st.st_mode) || st.st_uid != who->uid)
		die("%s does not belong to uid %u", top, who->uid);
	if (st.st_gid != who->gid && chown(top, (uid_t)-1, who->gid))
		die("make %s: %m", top);
	if (mkdir(arena_printf(a, "%s/snap.%s", top, p->instance), 0700) && errno != EEXIST)
		die("make %s/snap.%s: %m", top, p->instance);
}

/* The rules that stand in for AppArmor's, or -1. */
static int prepare_rules(struct arena *a, const struct plan *p, const struct caller *who,
			 char *const *env)
{
	struct land_caller caller = {.home = "", .uid = who->uid};

	for (; *env; env++)
		if (str_after(*env, "SNAP_REAL_HOME="))
			caller.home = str_after(*env, "SNAP_REAL_HOME=");
	return landlock_prepare(a, p, &caller);
}

static void load_filter(const struct sc_loadable *f, int rules, const struct caller *who,
			const struct plan *p)
{
	uint64_t keep = 0;

	if (!who->borrows && !caps_parse(p->caps, &keep))
		die("capabilities of the plan");
	if (f->unrestricted && rules < 0) {
		caps_hold(CAPS_NONE, CAPS_NONE, keep);
		return;
	}
	caps_hold(CAPS_FILTER, CAPS_FILTER, keep);
	if (rules >= 0)
		landlock_enforce(rules);
	if (f->unrestricted)
		return;
	if (load_apply(f))
		die("load the system call filter: %m");
	int mode = prctl(PR_GET_SECCOMP, 0, 0, 0, 0);
	if (mode != SECCOMP_MODE_FILTER && !(mode < 0 && (errno == EPERM || errno == EACCES)))
		die("the system call filter had no effect");
}

/* A plan that asks for a label is not followed without one; and what has privileges to
 * lend must itself be held by AppArmor where there is one (behaviour E21). */
static struct aalabel find_label(const struct plan *p, const struct caller *who)
{
	struct aalabel label = {.exec = -1};

	if (!plan_is_labelled(p))
		return label;
	aalabel_open(&label);
	if (!label.on)
		die("%s was installed to run under AppArmor, which this kernel has not or has "
		    "switched off: as root, \"snapbox boot\" fits it to this kernel", p->label);
	if (who->borrows && aalabel_unconfined(&label))
		die("AppArmor is on and the privileged copy is not confined by it: as root, "
		    "\"snapbox boot\" loads its profile");
	return label;
}

_Noreturn void enter_run(struct arena *a, const struct plan *p, char *const *words,
			 char *const *envp)
{
	const char *why;
	struct caller who = know_caller();

	/* Reading, with the caller's rights. */
	struct sc_loadable filter = read_filter(a, p);
	char **env = plan_environment(a, p, envp, &why);
	if (!env)
		die("%s: %s", p->label, why);
	char **argv = plan_arguments(a, p, env, words);
	struct aalabel label = find_label(p, &who);

	/* In a user namespace the copy's privileges are none: nothing there is the host's. */
	if (p->kind != PLAN_CLASSIC) {
		take_privileges(&who);
		hold_enter(a, p, who.borrows);
		make_own_run(a, p, &who);
	}
	if (plan_is_labelled(p))
		aalabel_request(&label, p->label, p->apparmor);
	drop_privileges(&who, p);
	make_runtime_dir(a, p, &who);
	restore_caller(&who);
	load_filter(&filter, prepare_rules(a, p, &who, env), &who, p);
	execve(argv[0], argv, env);
	die_with(errno == ENOENT ? EXIT_NOTFOUND : EXIT_NOEXEC, "%s: %m", argv[0]);
}
