#!/usr/bin/env bats
# Killed before any change it makes to the system, a command has happened or has
# not; the next one tidies up (behaviour P14, P16; attacks A136).

load helper
load parts

setup() {
	system_new
	BARE=$(part bare)
	mkdir -p tree/meta tree/bin tree/meta/hooks
	printf 'name: foo\nversion: "1"\nbase: bare\napps: {foo: {command: bin/sh, plugs: [network-bind]}}\n' \
		>tree/meta/snap.yaml
	cp "$START" tree/bin/sh
	mksquashfs tree foo.snap -noappend -quiet -no-progress -all-root >/dev/null
	snapbox install "$BARE" --dangerous
	snapbox boot
}

teardown() {
	system_end
}

# each_kill GOTO COMMAND...: for every n, kill the command before its nth change,
# tidy up, and find the old state or the new one; GOTO makes the old one again.
each_kill() {
	local again=$1 n old=0 new=0
	shift
	$again
	system_state >old.state
	snapbox "$@"
	system_state >new.state
	not cmp -s old.state new.state
	$again
	system_state | diff old.state -
	for ((n = 1; ; n++)); do
		run inside "$KILLAT" "$n" "$SNAPBOX" "$@"
		[ "$status" -eq 137 ] || break
		run snapbox boot
		[ "$status" -eq 0 ] || { echo "boot after $n: $output"; return 1; }
		system_state >now.state
		if cmp -s now.state old.state; then
			old=$((old + 1))
		elif cmp -s now.state new.state; then
			new=$((new + 1))
			$again
		else
			echo "killed before change $n:"
			diff old.state now.state
			return 1
		fi
	done
	[ "$status" -eq 0 ]
	echo "# $* was killed $((n - 1)) times: $old old, $new new" >&3
	[ "$old" -gt 5 ]
	[ "$new" -gt 5 ]
	[ -z "$(inside ls -A /var/lib/snapbox/staging)" ]
}

without_foo() {
	snapbox remove foo --purge >/dev/null 2>&1 || true
}

with_foo() {
	without_foo
	snapbox install foo.snap --dangerous >/dev/null
	inside sh -c 'mkdir /var/snap/foo/x1/d && echo data >/var/snap/foo/x1/d/f'
}

@test "A136 install killed at every change: not installed, or installed whole" {
	each_kill without_foo install foo.snap --dangerous
}

@test "A136 install --extract killed at every change: not installed, or installed whole" {
	each_kill without_foo install foo.snap --dangerous --extract
}

@test "A136 a second revision killed at every change: the old one with its data, or the new one" {
	each_kill with_foo install foo.snap --dangerous
}

@test "A136 remove killed at every change: installed whole, or gone" {
	each_kill with_foo remove foo
}

# Both sides are snaps, and the rules have connected them.
with_pair() {
	mkdir -p other/meta other/bin
	cp "$START" other/bin/sh
	printf 'name: bar\nversion: "1"\nbase: bare\nslots: {mir: }\napps: {bar: {command: bin/sh}}\n' \
		>other/meta/snap.yaml
	mksquashfs other bar.snap -noappend -quiet -no-progress -all-root >/dev/null
	sed -i 's/network-bind/mir/' tree/meta/snap.yaml
	mksquashfs tree foo.snap -noappend -quiet -no-progress -all-root >/dev/null
	snapbox install foo.snap bar.snap --dangerous
	snapbox disconnect foo:mir --forget
}

connected() {
	snapbox connect foo:mir bar:mir
}

disconnected() {
	snapbox disconnect foo:mir --forget >/dev/null
}

@test "A136 connect killed at every change: connected, with the policy of both sides, or not" {
	with_pair
	each_kill disconnected connect foo:mir bar:mir
}

@test "A136 disconnect killed at every change: connected, with the policy of both sides, or not" {
	with_pair
	each_kill connected disconnect foo:mir
}

@test "A136 boot killed at every change does its work the next time" {
	local n
	with_foo
	system_state >whole.state
	for ((n = 1; ; n++)); do
		inside sh -c 'umount /snap/foo/x1 /snap/bare/x1; rm -rf /run/snapbox /snap /var/snap/foo/current' ||
			true
		run inside "$KILLAT" "$n" "$SNAPBOX" boot
		[ "$status" -eq 137 ] || break
		snapbox boot
		system_state | diff whole.state -
	done
	[ "$status" -eq 0 ]
	[ "$n" -gt 10 ]
}
