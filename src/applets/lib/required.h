/* required.h - how well apps must be confined, and who says when they are not
 *
 *	--require=strict	nothing but what the policy is written for
 *	--require=substituted	something else may take its place, nothing may be missing
 *	--require=partial	any app that asks for confinement gets some
 *
 * The same word stands in /etc/snapbox/snapbox.conf, "require WORD"; an option may only
 * ask for more. grade.h tells what the words mean.
 */
#ifndef APPLETS_LIB_REQUIRED_H
#define APPLETS_LIB_REQUIRED_H

#include "applets/applet.h"
#include "policy/substitute/substitute.h"

#define REQUIRE_OPTION \
	{"require", "GRADE", "refuse apps confined less than strict, substituted or partial", 0}

/* SUM_NONE when nothing is required. Dies with EXIT_USAGE for a word that is none; dies
 * when the file is not safe to use, or has anything else in it. */
enum grade_sum required_level(struct cmd *c);

/* Dies, naming the app and what is missing, when one of the snap's falls short; one
 * warning when apps that ask for confinement get it in part. */
void required_check(enum grade_sum level, const char *snap, const struct substitute_snap *s);

/* The same for one app, by the word in its plan. */
void required_check_plan(enum grade_sum level, const char *app, const char *word);

#endif
