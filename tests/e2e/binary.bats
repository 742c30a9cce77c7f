#!/usr/bin/env bats
# What the one file is: nothing beside it is needed to start it.

setup() {
	SNAPBOX=${SNAPBOX:-$BATS_TEST_DIRNAME/../../build/snapbox}
}

@test "it is smaller than 1.75 MiB, and stripped" {
	[ "$(stat -c %s "$SNAPBOX")" -lt $((7 * 256 * 1024)) ]
	[ -z "$(readelf -SW "$SNAPBOX" | grep -E ' \.(symtab|debug_)')" ]
}

@test "it has no dynamic section and no interpreter" {
	[[ "$(readelf -d "$SNAPBOX")" == *"no dynamic section"* ]]
	[ -z "$(readelf -lW "$SNAPBOX" | grep -E 'INTERP|DYNAMIC')" ]
}

@test "no part of it can be written and run, and its stack cannot be run" {
	local segments
	segments=$(readelf -lW "$SNAPBOX" | awk '$1 == "LOAD" || $1 == "GNU_STACK" { $2 = $3 = $4 = $5 = $6 = ""; print }')
	[ -n "$segments" ]
	[[ "$segments" != *"RWE"* ]]
	[[ "$segments" == *"GNU_STACK"* ]]
	[[ "$(grep GNU_STACK <<<"$segments")" != *" E"* ]]
}

@test "it starts with nothing else on the filesystem and no environment" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mkdir "$BATS_TEST_TMPDIR/root"
	cp "$SNAPBOX" "$BATS_TEST_TMPDIR/root/snapbox"
	run env -i "$(command -v chroot)" "$BATS_TEST_TMPDIR/root" /snapbox version
	[ "$status" -eq 0 ]
	[[ "$output" == snapbox* ]]
}
