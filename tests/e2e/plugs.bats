#!/usr/bin/env bats
# What a plug adds to the filter of an app (behaviour I3, I4, I14, C25).

load helper
load parts

setup() {
	system_new
	BARE=$(part bare)
	PROBE=$(part tb-probe)
	unsquashfs -q -n -d probe "$PROBE" >/dev/null
}

teardown() {
	system_end
}

# serve NAME LINE...: a snap of that name whose app makes system calls, with these lines
serve() {
	mkdir -p "$1/meta" "$1/bin"
	cp probe/bin/syscheck "$1/bin/"
	printf '%s\n' "name: $1" 'version: "1"' 'summary: s' 'description: d' 'base: bare' "${@:2}" \
		>"$1/meta/snap.yaml"
	mksquashfs "$1" "$1.snap" -noappend -quiet -no-progress -all-root >/dev/null
	snapbox install "$1.snap" --dangerous
}

LISTEN=50 # of x86_64; the descriptor is none, so a call that is let through says EBADF

@test "C25 an app may listen when it plugs network-bind, and not otherwise" {
	snapbox install "$BARE" --dangerous
	serve with 'apps: {with: {command: bin/syscheck, plugs: [network-bind]}}'
	serve without 'apps: {without: {command: bin/syscheck, plugs: [network]}}'
	run snapbox run with "$LISTEN" 0xffffffff 1
	[[ "$output" == *EBADF* ]]
	run snapbox run without "$LISTEN" 0xffffffff 1
	[[ "$output" == *EPERM* ]]
	inside grep -q '^# .*network-bind: plug network-bind' /var/lib/snapbox/seccomp/snap.with.with.src
}

@test "I3 a plug of one app is not the other's; one that no app names is all apps'" {
	snapbox install "$BARE" --dangerous
	serve two 'plugs: {network-bind: }' \
		'apps: {a: {command: bin/syscheck, plugs: [network-bind]}, b: {command: bin/syscheck}}'
	serve both 'plugs: {network-bind: }' \
		'apps: {a: {command: bin/syscheck}, b: {command: bin/syscheck}}'
	run snapbox run two.a "$LISTEN" 0xffffffff 1
	[[ "$output" == *EBADF* ]]
	run snapbox run two.b "$LISTEN" 0xffffffff 1
	[[ "$output" == *EPERM* ]]
	run snapbox run both.b "$LISTEN" 0xffffffff 1
	[[ "$output" == *EBADF* ]]
}

@test "I4 I14 plugs that nobody knows, or that are not connected by themselves, are named and get nothing" {
	snapbox install "$BARE" --dangerous
	run serve idle 'plugs: {kernel-module-control: , frobnicate: , network: }' \
		'apps: {idle: {command: bin/syscheck}}'
	[ "$status" -eq 0 ]
	[[ "$output" == *"these plugs are not connected: kernel-module-control, frobnicate"* ]]
	[[ "$output" != *"frobnicate, network"* ]]
	run snapbox run idle 175 0 0 0 # init_module
	[[ "$output" == *EPERM* ]]
}

@test "A269 a plug with attributes that its interface does not take is refused" {
	snapbox install "$BARE" --dangerous
	run serve bad 'plugs: {home: {read: "all, /** rw"}}' 'apps: {bad: {command: bin/syscheck}}'
	[ "$status" -eq 1 ]
	[[ "$output" == *"attribute read is not one of the allowed values"* ]]
	inside test ! -e /snap/bad
}
