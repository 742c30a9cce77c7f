/* profile.h - policy to profile text
 *
 * The text is for the newest features that there are (apparmor/abi/snapbox among
 * the templates); compiling drops what a kernel cannot. Same input, same bytes.
 * All that it includes rides in the binary: profile_source() finds it.
 *
 * Each piece stands behind a line that tells where it is from:
 *
 *	# home: plug foo:home, slot system:home; home.yaml line 15
 *	# home: plug foo:home; home.yaml line 9          (not of a connection)
 *	# layout: /usr/share/foo
 *
 * A piece that several brought stands once behind the lines of all of them.
 */
#ifndef POLICY_APPARMOR_PROFILE_H
#define POLICY_APPARMOR_PROFILE_H

#include "policy/apparmor/lex.h"
#include "policy/policy.h"

struct profile_for {
	const struct snap *snap;    /* instance and revision set */
	const char *label;          /* snap.foo.bar */
	const char *command;        /* "bar", or "hook.configure": SNAP_COMMAND_NAME */
	enum confinement confinement;
	bool jailmode;              /* undoes devmode and classic */
	const struct policy *policy; /* of that app or hook */
	const struct policy_target *target;
};

/* Dies when a name or a path could be more than itself in policy. */
const char *profile_text(struct arena *a, const struct profile_for *f);

/* The profile snap-update-ns.INSTANCE; all is what the whole snap has. */
const char *profile_update_ns_text(struct arena *a, const struct snap *s,
				   const struct policy *all, const struct policy_target *t);

/* What the texts include, and nothing else: no file outside of the binary and
 * /etc/snapbox/templates is read. */
struct lex_source profile_source(void);

#endif
