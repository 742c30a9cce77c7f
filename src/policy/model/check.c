/* check.c - what install refuses to accept: flags and machine
 *
 * MUST refuse what it does not know: a snap that asks for a promise that is not
 * kept, or for a type that snapbox does not run, is not installed at all.
 */
#include "policy/model/check.h"

#include <string.h>

#include "policy/model/assumes.h"
#include "policy/model/snap.h"

bool check_machine(const struct snap *s, const char *arch, char *why)
{
	if (s->architectures.len && !words_have(&s->architectures, "all") &&
	    !words_have(&s->architectures, arch))
		return field_refuse(why, 0, "it is for %s%s, and this machine is %s",
				    s->architectures.at[0],
				    s->architectures.len > 1 ? " and others" : "", arch);
	for (size_t i = 0; i < s->assumes.len; i++)
		if (!assumes_hold(s->assumes.at[i], arch))
			return field_refuse(why, 0,
					    "it assumes %s, which snapbox does not offer here",
					    s->assumes.at[i]);
	if (s->type == SNAP_SNAPD)
		return field_refuse(why, 0, "snapbox takes the place of snapd");
	if (s->type == SNAP_KERNEL || s->type == SNAP_GADGET)
		return field_refuse(why, 0, "snapbox does not manage snaps of type %s",
				    snap_type_names[s->type]);
	return true;
}

bool check_confinement(const struct snap *s, const struct check_flags *f,
		       enum confinement *effective, char *note, char *why)
{
	note[0] = '\0';
	if (f->devmode && f->jailmode)
		return field_refuse(why, 0, "--devmode and --jailmode exclude each other");
	if (f->devmode && f->classic)
		return field_refuse(why, 0, "--devmode and --classic exclude each other");
	if (f->jailmode && !f->can_jail)
		return field_refuse(why, 0,
				    "--jailmode: this system cannot confine as strictly as that");
	*effective = f->devmode ? CONFINE_DEVMODE : CONFINE_STRICT;
	if (s->confinement == CONFINE_DEVMODE && !f->devmode && !f->jailmode)
		return field_refuse(why, 0,
				    "it is made for devmode: --devmode lets it run unconfined, "
				    "--jailmode confines it");
	if (s->confinement != CONFINE_CLASSIC) {
		if (f->classic)
			field_refuse(note, 0, "--classic has no effect: the snap is confined");
		return true;
	}
	if (!f->classic_system)
		return field_refuse(why, 0, "it needs --classic, which this system does not offer");
	if (!f->classic && !f->was_classic && !f->jailmode && !f->devmode)
		return field_refuse(why, 0, "it is made to run unconfined: that takes --classic");
	if (!f->jailmode && !f->devmode)
		*effective = CONFINE_CLASSIC;
	return true;
}
