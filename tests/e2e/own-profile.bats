#!/usr/bin/env bats
# The profile of the privileged copy, as text; tests/vm/strict.steps runs it.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	SNAPBOX=${SNAPBOX:-$PWD/build/snapbox}
	rules=$(sed 's/#.*//; s/^ *//; s/ *$//; /^$/d' data/templates/apparmor/confine)
}

# Rules of files: those that begin with a path or a variable.
files() {
	grep -E '^(owner |audit |deny )*[/@]' <<<"$rules"
}

@test "A150 it may execute nothing; the app is a change of profile, to snaps only" {
	[ "$(files | wc -l)" -gt 10 ]
	run -1 grep -E '^[^ ]+ [a-zA-Z]*[xX]' <<<"$(files)"
	[ "$(grep -c '^change_profile' <<<"$rules")" = 1 ]
	grep -q '^change_profile unsafe /\*\* -> snap\.' <<<"$rules"
}

@test "A150 no rule is without bounds" {
	run -1 grep -E '^(mount|umount|remount|pivot_root|change_profile|file|capability|ptrace|network|unix|dbus|userns|mqueue|io_uring|all) *,' <<<"$rules"
	run -1 grep -E '^mount[^>]*$' <<<"$rules"
	run -1 grep -E -- '-> /\*\*|umount /\*\*|umount /\{,' <<<"$rules"
	run -1 grep -E '^/\{?,?\*\*[^ ]* [a-z]*w' <<<"$rules"
}

@test "A150 A154 it includes nothing but variables, out of the program itself" {
	[ "$(grep -E '^#?include' <<<"$rules")" = "include <tunables/global>" ]
}

@test "A150 it has the rights that its file has, and no others" {
	local caps
	caps=$(grep '^capability' <<<"$rules" | sed 's/capability //; s/,//' | sort | tr '\n' ' ')
	[ "$caps" = "setgid setpcap setuid sys_admin sys_chroot sys_ptrace " ]
}

@test "A150 it compiles for old and new kernels" {
	local f
	[ -d ../shared/facts ] || skip "the facts about kernels are not here"
	for f in ../shared/facts/features-*; do
		"$SNAPBOX" apparmor_parser -qQS -M "$f" data/templates/apparmor/confine >"$BATS_TEST_TMPDIR/bin"
		[ "$(wc -c <"$BATS_TEST_TMPDIR/bin")" -gt 3000 ]
	done
}
