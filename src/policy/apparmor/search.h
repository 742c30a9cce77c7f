/* search.h - where included profile text is found
 *
 * <name>: below the directories in order, then among the embedded texts
 * (apparmor/NAME of template.h). "name": that very file. A directory stands for
 * its regular files in order of name, without those editors and packages leave.
 * Links are followed: the directories are root's.
 */
#ifndef POLICY_APPARMOR_SEARCH_H
#define POLICY_APPARMOR_SEARCH_H

#include "policy/apparmor/lex.h"

struct ap_search {
	VEC(const char *) dirs;
	bool embedded; /* look among the embedded texts too */
};

/* search must outlive the source. */
struct lex_source ap_search_source(struct ap_search *search);

/* Is this a name that a directory of profiles is read without? */
bool ap_search_ignored(const char *name);

#endif
