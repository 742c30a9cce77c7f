/* artefact_names.c - what the files of policy-compile are called */
#include <string.h>

#include "applets/lib/artefacts.h"
#include "core/str.h"
#include "policy/model/name.h"

static const struct {
	const char *suffix;
	bool of_snap;
} kinds[ARTEFACT_KINDS] = {
	[ARTEFACT_APPARMOR] = {".apparmor", false},
	[ARTEFACT_APPARMOR_BIN] = {".apparmor.bin", false},
	[ARTEFACT_SECCOMP_SRC] = {".seccomp.src", false},
	[ARTEFACT_SECCOMP_BIN] = {".seccomp.bin2", false},
	[ARTEFACT_DEVICE] = {".device", false},
	[ARTEFACT_UDEV] = {".udev", false},
	[ARTEFACT_FSTAB] = {".fstab", true},
	[ARTEFACT_USER_FSTAB] = {".user-fstab", true},
	[ARTEFACT_UPDATE_NS] = {".update-ns.apparmor", true},
	[ARTEFACT_UPDATE_NS_BIN] = {".update-ns.apparmor.bin", true},
	[ARTEFACT_KMOD] = {".kmod", true},
	[ARTEFACT_MODPROBE] = {".modprobe", true},
};

const char *artefact_name(struct arena *a, enum artefact_kind kind, const char *of)
{
	return arena_printf(a, "%s%s", of, kinds[kind].suffix);
}

const char *artefact_of(struct arena *a, const char *name)
{
	for (size_t k = 0; k < ARTEFACT_KINDS; k++) {
		struct label l;

		if (!str_ends(name, kinds[k].suffix))
			continue;
		const char *of = arena_dupn(a, name, strlen(name) - strlen(kinds[k].suffix));
		if (kinds[k].of_snap ? name_is_instance(of) : label_parse(a, of, &l))
			return of;
	}
	return NULL;
}
