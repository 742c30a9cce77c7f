#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031
# Plugs and slots are connected and disconnected, by people and by the rules
# (behaviour I4-I6, I8-I12, I14; attacks A136, A141, A269).

load helper
load parts

setup() {
	system_new
	BARE=$(part bare)
	PROBE=$(part tb-probe)
	unsquashfs -q -n -d probe "$PROBE" >/dev/null
	snapbox install "$BARE" --dangerous
}

teardown() {
	system_end
}

# pack NAME LINE...: NAME.snap, whose app makes system calls, with these lines in
# its snap.yaml and the hooks that are in NAME/meta/hooks
pack() {
	mkdir -p "$1/meta" "$1/bin"
	cp probe/bin/syscheck "$1/bin/"
	printf '%s\n' "name: $1" 'version: "1"' 'summary: s' 'description: d' 'base: bare' "${@:2}" \
		>"$1/meta/snap.yaml"
	mksquashfs "$1" "$1.snap" -noappend -quiet -no-progress -all-root >/dev/null
}

serve() {
	pack "$@"
	snapbox install "$1.snap" --dangerous
}

app_of() {
	echo "apps: {$1: {command: bin/syscheck, plugs: [$2]}}"
}

# hooks SNAP HOOK...: the snap gets these hooks. Each says its snap and its name, and
# fails when there is $SNAP_COMMON/HOOK.
hooks() {
	local name dir=$1/meta/hooks
	mkdir -p "$dir"
	cat >hook.c <<-EOF
	#include <stdio.h>
	#include <stdlib.h>
	#include <string.h>
	#include <unistd.h>
	int main(int argc, char **argv)
	{
		char path[500];
		const char *name = strrchr(argv[0], '/') + 1;
		snprintf(path, sizeof path, "%s/%s", getenv("SNAP_COMMON"), name);
		dprintf(1, "%s %s\n", getenv("SNAP_NAME"), name);
		return access(path, F_OK) ? 0 : 7;
	}
	EOF
	[ -x hook ] || musl-gcc -static -o hook hook.c
	shift
	for name in "$@"; do cp hook "$dir/$name"; done
}

# The interface "wire", which nothing connects by itself, of both sides' filters.
wire() {
	own_etc
	inside mkdir -p /etc/snapbox/interfaces
	printf '%s\n' 'name: wire' 'summary: try both sides' \
		"declaration: {slots: {${1:-deny-auto-connection: true}}}" \
		'connected-plug: [{seccomp: "listen", kmod: "wiremod", device: "KERNEL==\"wire0\""}]' \
		'connected-slot: [{seccomp: "accept"}]' >wire.yaml
	inside cp wire.yaml /etc/snapbox/interfaces/
}

# What is written below /etc is written for this system alone.
own_etc() {
	inside mkdir -p /run/own/up /run/own/work
	inside mount -t overlay -o lowerdir=/etc,upperdir=/run/own/up,workdir=/run/own/work overlay /etc
}

lines() {
	inside sh -c "cat /var/lib/snapbox/connections 2>/dev/null | sed '1d;/^end\$/d'"
}

filter() {
	inside cat "/var/lib/snapbox/seccomp/snap.$1.src"
}

# refused STATUS TEXT COMMAND...: fails with that status and one line that has the
# text, and nothing is changed
refused() {
	local want=$1 text=$2
	shift 2
	system_state >before.state
	run snapbox "$@"
	[ "$status" -eq "$want" ] || { echo "status $status: $output"; return 1; }
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" == *"$text"* ]] || { echo "$output"; return 1; }
	system_state | diff before.state -
}

LISTEN=50 # of x86_64; the descriptor is none, so a call that is let through says EBADF

may_listen() {
	run snapbox run "$1" "$LISTEN" 0xffffffff 1
	[[ "$output" == *EBADF* ]]
}

may_not_listen() {
	run snapbox run "$1" "$LISTEN" 0xffffffff 1
	[[ "$output" == *EPERM* ]]
}

@test "I4 I5 a connection widens what an app may call, its end narrows it again" {
	serve foo "$(app_of foo network-bind)"
	[ "$(lines)" = "foo:network-bind system:network-bind network-bind auto" ]
	may_listen foo
	snapbox disconnect foo:network-bind
	[ "$(lines)" = "foo:network-bind system:network-bind network-bind undesired" ]
	may_not_listen foo
	run snapbox connect foo:network-bind
	[ "$status" -eq 0 ] && [ -z "$output" ]
	[ "$(lines)" = "foo:network-bind system:network-bind network-bind manual" ]
	may_listen foo
	run snapbox connect foo:network-bind :network-bind # again is fine
	[ "$status" -eq 0 ] && [ -z "$output" ]
	snapbox disconnect foo:network-bind :network-bind
	[ -z "$(lines)" ]
	may_not_listen foo
	run snapbox disconnect foo:network-bind
	[ "$status" -eq 0 ]
	[ "$output" = "No connections to disconnect" ]
	refused 1 "cannot disconnect foo:network-bind from system:network-bind, it is not connected" \
		disconnect foo:network-bind :network-bind
}

@test "I4 what a person disconnected stays so when it is installed again, until it is forgotten" {
	serve foo "$(app_of foo network-bind)"
	snapbox disconnect foo:network-bind
	snapbox install foo.snap --dangerous
	[ "$(lines)" = "foo:network-bind system:network-bind network-bind undesired" ]
	may_not_listen foo
	snapbox disconnect foo:network-bind :network-bind --forget
	[ -z "$(lines)" ]
	snapbox install foo.snap --dangerous
	[ "$(lines)" = "foo:network-bind system:network-bind network-bind auto" ]
	may_listen foo
	snapbox disconnect foo:network-bind --forget
	[ -z "$(lines)" ]
	may_not_listen foo
	snapbox disconnect foo:network-bind --forget
	# removing takes every memory of it along
	snapbox install foo.snap --dangerous
	snapbox disconnect foo:network-bind
	snapbox remove foo
	[ -z "$(lines)" ]
}

@test "I5 words that mean nothing are refused in one line, and nothing is changed" {
	local bad
	serve foo 'plugs: {odd: frobnicate}' "$(app_of foo 'network-bind, camera')"
	serve bar 'slots: {m1: mir, m2: mir}' 'apps: {bar: {command: bin/syscheck}}'
	refused 1 'snap "foo" has no plug named "nix"' connect foo:nix
	refused 1 'snap "foo" has no plug named "odd"' connect foo:odd
	refused 1 'snap "nix" is not installed' connect nix:home
	refused 1 'snap "nix" is not installed' connect foo:camera nix
	refused 1 'snap "nix" is not installed' disconnect foo:camera nix:camera
	refused 1 'snap "bar" has no "camera" interface slots' connect foo:camera bar
	refused 1 'snap "bar" has no slot named "nix"' connect foo:camera bar:nix
	refused 1 'snap "system" has no slot named "mir"' connect foo:camera :mir
	refused 1 'cannot connect foo:camera ("camera" interface) to bar:m1 ("mir" interface)' \
		connect foo:camera bar:m1
	refused 1 'snap "foo" has no plug or slot named "nix"' disconnect foo:nix
	refused 1 'snap "foo" has no plug named "nix"' disconnect foo:nix :camera
	refused 1 'snap "system" has no slot named "nix"' disconnect foo:camera :nix
	refused 1 'cannot forget connection foo:camera from system:camera, it was not connected' \
		disconnect foo:camera :camera --forget
	refused 1 'cannot resolve connection, plug snap name is empty' connect foo
	for bad in 'foo:' ':' 'foo:a:b' 'foo:"camera"' "foo:'x'" $'foo:cam\nera' 'foo:../x' '../foo:x' \
		'foo:@{HOME}' 'foo:cam era' 'foo:{a,b}' 'foo:a,b' 'foo/x:y' $'foo:\e[31m' 'FOO:x' \
		"foo:$(printf 'a%.0s' {1..300})"; do
		refused 2 'invalid value: "' connect "$bad"
		refused 2 'invalid value: "' connect foo:camera "$bad"
		refused 2 'invalid value: "' disconnect "$bad"
		refused 2 'invalid value: "' disconnect foo:camera "$bad"
	done
	refused 2 'invalid value: "foo" (want snap:name or :name)' disconnect foo
}

@test "I8 a slot that comes later is connected to the plug that waited, a second one to nobody" {
	serve foo "$(app_of foo mir)"
	[ -z "$(lines)" ]
	run serve one 'slots: {mir: }' 'apps: {one: {command: bin/syscheck}}'
	[ "$status" -eq 0 ]
	[ "$(lines)" = "foo:mir one:mir mir auto" ]
	serve two 'slots: {mir: }' 'apps: {two: {command: bin/syscheck}}'
	[ "$(lines)" = "foo:mir one:mir mir auto" ]
	serve late "$(app_of late mir)"
	[ "$(lines)" = "foo:mir one:mir mir auto" ]
	snapbox connect late:mir two
	[ "$(lines)" = "$(printf '%s\n' 'foo:mir one:mir mir auto' 'late:mir two:mir mir manual')" ]
	snapbox disconnect two:mir
	snapbox remove one
	[ -z "$(lines)" ]
}

@test "I8 I10 a rule for several slots connects all that fit, by their attributes" {
	wire 'allow-auto-connection: {slots-per-plug: "*", plug-attributes: {tag: $SLOT(tag)}}'
	serve one 'slots: {wire: {tag: red}}' 'apps: {one: {command: bin/syscheck}}'
	serve two 'slots: {wire: {tag: red}}' 'apps: {two: {command: bin/syscheck}}'
	serve blue 'slots: {wire: {tag: blue}}' 'apps: {blue: {command: bin/syscheck}}'
	serve foo 'plugs: {wire: {tag: red}}' 'apps: {foo: {command: bin/syscheck}}'
	[ "$(lines)" = "$(printf '%s\n' 'foo:wire one:wire wire auto' 'foo:wire two:wire wire auto')" ]
	snapbox install one.snap --dangerous --name one_k # of a parallel instance: by hand only
	[ "$(lines | wc -l)" -eq 2 ]
	snapbox connect foo:wire one_k
	snapbox connect foo:wire blue:wire # rules of connection are for what somebody vouches for
	[ "$(lines | wc -l)" -eq 4 ]
	serve foo 'plugs: {wire: {tag: blue}}' 'apps: {foo: {command: bin/syscheck}}'
	[ "$(lines)" = "$(printf '%s\n' 'foo:wire blue:wire wire manual' 'foo:wire one_k:wire wire manual')" ]
}

@test "files of policy that only a connection has go with it" {
	wire
	serve foo "$(app_of foo wire)"
	serve foo-bar "$(app_of foo-bar wire)"
	serve bar 'slots: {wire: }' 'apps: {bar: {command: bin/syscheck}}'
	system_state >off.state
	snapbox connect foo:wire bar
	inside grep -q wiremod /var/lib/snapbox/devices/foo.kmod
	inside grep -q wire0 /var/lib/snapbox/devices/snap.foo.foo.device
	system_state >on.state
	snapbox disconnect foo:wire
	system_state | diff off.state -
	snapbox connect foo:wire bar
	system_state | diff on.state -
	snapbox connect foo-bar:wire bar
	snapbox remove foo
	[ -z "$(inside find /var/lib/snapbox -name '*foo*' ! -name '*foo-bar*')" ]
	inside grep -q wiremod /var/lib/snapbox/devices/foo-bar.kmod
	snapbox remove bar
	[ -z "$(inside find /var/lib/snapbox -name '*.kmod' -o -path '*/devices/*' -size +0 -name '*wire*')" ]
}

@test "I2 policy of both sides is made again when they are connected, and of nobody else" {
	wire
	serve foo "$(app_of foo wire)"
	serve bar 'slots: {wire: }' 'apps: {bar: {command: bin/syscheck, slots: [wire]}}'
	serve other "$(app_of other network)"
	[ "$(lines)" = "other:network system:network network auto" ]
	filter bar.bar >bar.off
	inside find /var/lib/snapbox/seccomp /var/lib/snapbox/plans -type f -printf '%p %i\n' | sort >off
	may_not_listen foo
	snapbox connect foo:wire bar
	may_listen foo
	inside find /var/lib/snapbox/seccomp /var/lib/snapbox/plans -type f -printf '%p %i\n' | sort >on
	filter bar.bar >bar.on
	not cmp bar.off bar.on
	grep -q 'wire: slot wire' bar.on
	[ "$(diff off on | grep '^>' | wc -l)" -eq 4 ] # source and program of each side
	not grep -q '/snap\.other\.' <(diff off on)
	snapbox remove foo # the slot's side is as it was
	filter bar.bar | diff bar.off -
}

said() {
	printf '%s\n' "${lines[@]}" | grep -v -e warning -e installed | xargs
}

@test "I5 I12 both sides are asked and told by their hooks, in snapd's order" {
	wire
	hooks foo {prepare,unprepare,connect,disconnect}-plug-wire
	hooks bar {prepare,unprepare,connect,disconnect}-slot-wire
	serve bar 'slots: {wire: }' 'apps: {bar: {command: bin/syscheck}}'
	serve foo "$(app_of foo wire)"
	run snapbox connect foo:wire bar
	[ "$status" -eq 0 ]
	[ "$(said)" = "foo prepare-plug-wire bar prepare-slot-wire bar connect-slot-wire foo connect-plug-wire" ]
	run snapbox disconnect foo:wire
	[ "$(said)" = "bar disconnect-slot-wire foo disconnect-plug-wire" ]
	run snapbox disconnect foo:wire
	[ "$output" = "No connections to disconnect" ]
	snapbox connect foo:wire bar
	inside touch /var/snap/bar/common/disconnect-slot-wire
	run snapbox disconnect foo:wire bar:wire # nobody may object
	[ "$status" -eq 0 ]
	[[ "$output" == *"warning"*"bar: the disconnect-slot-wire hook failed with status 7"* ]]
	[ -z "$(lines)" ]
	inside rm /var/snap/bar/common/disconnect-slot-wire
	snapbox connect foo:wire bar
	run snapbox remove foo
	[ "$(said)" = "bar disconnect-slot-wire foo disconnect-plug-wire foo removed" ]
}

@test "I12 a hook that fails leaves everything as it was" {
	local fails
	wire
	hooks foo {prepare,unprepare,connect,disconnect}-plug-wire
	hooks bar {prepare,unprepare,connect,disconnect}-slot-wire
	serve bar 'slots: {wire: }' 'apps: {bar: {command: bin/syscheck}}'
	serve foo "$(app_of foo wire)"
	snapbox connect foo:wire bar # makes what a hook's start leaves
	snapbox disconnect foo:wire
	local -A then=(
		[foo/common/prepare-plug-wire]="foo prepare-plug-wire"
		[bar/common/prepare-slot-wire]="foo prepare-plug-wire bar prepare-slot-wire foo unprepare-plug-wire"
		[bar/common/connect-slot-wire]="foo prepare-plug-wire bar prepare-slot-wire bar connect-slot-wire bar unprepare-slot-wire foo unprepare-plug-wire"
		[foo/common/connect-plug-wire]="foo prepare-plug-wire bar prepare-slot-wire bar connect-slot-wire foo connect-plug-wire bar disconnect-slot-wire bar unprepare-slot-wire foo unprepare-plug-wire"
	)
	for fails in "${!then[@]}"; do
		inside touch "/var/snap/$fails"
		system_state >before.state
		run snapbox connect foo:wire bar
		[ "$status" -eq 1 ]
		[[ "$output" == *"snapbox: connect foo:wire: the ${fails##*/} hook failed with status 7"* ]]
		[ "$(said | sed 's/ snapbox: .*//')" = "${then[$fails]}" ] || { said; return 1; }
		system_state | diff before.state -
		inside rm "/var/snap/$fails"
	done
}

@test "I12 hooks of what an install connects run first, and can take the install back" {
	wire 'deny-auto-connection: false'
	hooks foo connect-plug-wire disconnect-plug-wire install
	hooks bar prepare-slot-wire unprepare-slot-wire
	serve bar 'slots: {wire: }' 'apps: {bar: {command: bin/syscheck}}'
	run serve foo "$(app_of foo wire)"
	[ "$(said)" = "bar prepare-slot-wire foo connect-plug-wire foo install" ]
	[ "$(lines)" = "foo:wire bar:wire wire auto" ]
	filter bar.bar >on
	snapbox remove foo
	inside touch /var/snap/bar/common/prepare-slot-wire
	filter bar.bar >off
	not cmp -s on off
	run snapbox install foo.snap --dangerous
	[ "$status" -eq 1 ]
	[[ "$output" == *"the prepare-slot-wire hook failed with status 7"* ]]
	[ -z "$(lines)" ]
	filter bar.bar | diff off -
	inside test ! -e /snap/foo
	inside rm /var/snap/bar/common/prepare-slot-wire
	inside mkdir -p /var/snap/foo/common
	inside touch /var/snap/foo/common/install
	run snapbox install foo.snap --dangerous # the last hook fails: connections go again
	[ "$status" -eq 1 ]
	[[ "$(said)" == "bar prepare-slot-wire foo connect-plug-wire foo install foo disconnect-plug-wire bar unprepare-slot-wire snapbox:"* ]]
	[ -z "$(lines)" ]
	filter bar.bar | diff off -
}

@test "a new revision keeps its connections, and loses those whose plug is gone or asks for more" {
	serve foo "$(app_of foo 'network-bind, network, home, camera')"
	snapbox connect foo:camera
	[ "$(lines | wc -l)" -eq 4 ]
	snapbox disconnect foo:network
	serve foo 'plugs: {home: {read: all}}' "$(app_of foo 'home, camera')"
	[ "$(lines)" = "$(printf '%s\n' 'foo:camera system:camera camera manual' \
		'foo:network system:network network undesired')" ]
	serve foo "$(app_of foo 'network-bind, network')"
	[ "$(lines)" = "$(printf '%s\n' 'foo:network system:network network undesired' \
		'foo:network-bind system:network-bind network-bind auto')" ]
}

@test "I11 content is connected by hand alone while nobody vouches for publishers" {
	serve lend 'slots: {data: {interface: content, read: [/share]}}' 'apps: {lend: {command: bin/syscheck}}'
	serve take 'plugs: {data: {interface: content, target: $SNAP/data}}' \
		'apps: {take: {command: bin/syscheck}}'
	[ -z "$(lines)" ]
	inside test ! -e /var/lib/snapbox/plans/take.fstab
	snapbox connect take:data lend
	[ "$(lines)" = "take:data lend:data content manual" ]
	inside grep -q '^/snap/lend/x1/share /snap/take/x1/data none bind,ro 0 0$' \
		/var/lib/snapbox/plans/take.fstab
	snapbox install lend.snap --dangerous # a new revision of the lender lends its own
	inside grep -q '^/snap/lend/x2/share /snap/take/x1/data none bind,ro 0 0$' \
		/var/lib/snapbox/plans/take.fstab
	snapbox remove lend
	inside test ! -e /var/lib/snapbox/plans/take.fstab
	pack bad 'slots: {data: {interface: content, read: [/../etc]}}' 'apps: {bad: {command: bin/syscheck}}'
	refused 1 'bad' install bad.snap --dangerous
}

@test "P15 a snap may not offer what only the system does" {
	pack foo 'slots: {home: }' 'apps: {foo: {command: bin/syscheck}}'
	refused 1 'installation not allowed by "home" slot rule of interface "home"' \
		install foo.snap --dangerous
	pack system 'apps: {system: {command: bin/syscheck}}'
	refused 1 'the name system stands for the system itself' install system.snap --dangerous
}

@test "I4 I6 a system made of snaps connects by itself what its own rules say" {
	own_etc
	inside sh -c 'rm /etc/os-release; echo ID=ubuntu-core >/etc/os-release'
	serve foo "$(app_of foo 'home, network')"
	[ "$(lines)" = "foo:network system:network network auto" ]
	snapbox connect foo:home
	refused 1 'snap "system" has no plug named' connect system:nix
}

@test "below another root an ordinary user connects and disconnects, and only there" {
	mkdir image
	chown 2001 image
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/* . # run by root, bats keeps all to itself
	pack foo "$(app_of foo 'network-bind, camera')"
	cp "$BARE" bare.snap
	chmod 644 ./*.snap
	system_state >before.state
	as_user 2001 "$SNAPBOX" install bare.snap foo.snap --dangerous --root "$PWD/image"
	as_user 2001 "$SNAPBOX" connect foo:camera --root "$PWD/image"
	as_user 2001 "$SNAPBOX" disconnect foo:network-bind --root "$PWD/image"
	[ "$(sed '1d;/^end/d' image/var/lib/snapbox/connections)" = "$(printf '%s\n' \
		'foo:camera system:camera camera manual' \
		'foo:network-bind system:network-bind network-bind undesired')" ]
	run as_user 2001 "$SNAPBOX" connect foo:nix --root "$PWD/image"
	[ "$status" -eq 1 ]
	system_state | diff before.state -
	run as_user 2001 "$SNAPBOX" connect foo:camera
	[ "$status" -eq 1 ]
	[[ "$output" == *"must be run as root"* ]]
}

@test "A141 a file of connections that snapbox did not write is trusted by nobody" {
	serve foo "$(app_of foo network-bind)"
	inside sed -i 's/auto$/auto /' /var/lib/snapbox/connections
	refused 1 "/var/lib/snapbox/connections: line 2: neither auto nor manual" connect foo:network-bind
	refused 1 "/var/lib/snapbox/connections: line 2" remove foo
}
