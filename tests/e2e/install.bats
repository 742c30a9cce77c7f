#!/usr/bin/env bats
# A snap file becomes an installed snap, and goes again (behaviour P1 to P16, R3, R6, Z2).

load helper
load parts

setup() {
	system_new
	BARE=$(part bare)
	PROBE=$(part tb-probe)
}

teardown() {
	system_end
}

# A snap of files below ./tree, which the caller may change first: pack NAME OUT [LINE]...
tree() {
	mkdir -p "tree/$1/meta" "tree/$1/bin"
	printf 'name: %s\nversion: "%s"\nsummary: s\ndescription: d\nbase: bare\n' "$1" "${2:-1}" \
		>"tree/$1/meta/snap.yaml"
	shift; shift || true
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"tree/$NAME/meta/snap.yaml"
}

pack() {
	mksquashfs "tree/$1" "$2" -noappend -quiet -no-progress -all-root >/dev/null
}

# A snap NAME of version V with one app that exists: app_snap NAME V OUT [LINE]...
app_snap() {
	NAME=$1
	local out=$3
	rm -rf "tree/$1"
	tree "$1" "$2" "apps: {$1: {command: bin/sh}}" "${@:4}"
	cp "$START" "tree/$1/bin/sh"
	pack "$1" "$out"
}

@test "P12 installing makes files, mounts, links and data directories; removing leaves none of them" {
	run snapbox install "$BARE" "$PROBE" --dangerous
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "bare 1 installed" ]
	[ "${lines[1]}" = "tb-probe 1.0 installed" ]
	inside test -f /snap/tb-probe/x1/meta/snap.yaml
	[ "$(inside readlink /snap/tb-probe/current)" = x1 ]
	[ "$(inside readlink /var/snap/tb-probe/current)" = x1 ]
	[ "$(inside readlink /snap/bin/tb-probe.poke)" = "$SNAPBOX" ]
	[ "$(inside stat -c '%a %U %G' /var/snap/tb-probe/x1)" = "755 root root" ]
	[ "$(inside stat -c '%a %U %G %h' /var/lib/snapbox/snaps/tb-probe_x1.snap)" = "600 root root 1" ]
	inside grep -q ' /snap/tb-probe/x1 ro,nosuid,nodev' /proc/self/mountinfo
	run inside touch /snap/tb-probe/x1/x
	[ "$status" -ne 0 ]
	loop=$(inside findmnt -no SOURCE /snap/tb-probe/x1)
	[ "$(cat "/sys/block/${loop#/dev/}/ro" "/sys/block/${loop#/dev/}/loop/autoclear" | xargs)" = "1 1" ]
	snapbox remove tb-probe bare --purge
	[ "$(inside ls -A /snap /snap/bin /var/snap | xargs)" = "/snap: bin /snap/bin: /var/snap:" ]
	not inside grep -q -e ' /snap/' -e bare -e tb-probe /proc/self/mountinfo
	[ -z "$(inside find /snap /var/snap /var/lib/snapbox ! -type d)" ]
}

@test "Z2 list has snapd's columns, and JSON for programs" {
	run snapbox list
	[ "$status" -eq 0 ]
	[[ "$output" == "No snaps are installed yet."* ]]
	snapbox install "$BARE" "$PROBE" --dangerous
	snapbox install "$PROBE" --dangerous --devmode
	run snapbox list --all
	[ "${lines[0]}" = "Name      Version  Rev  Tracking  Publisher  Notes" ]
	[ "${lines[1]}" = "bare      1        x1   -         -          base" ]
	[ "${lines[2]}" = "tb-probe  1.0      x1   -         -          disabled,devmode" ]
	[ "${lines[3]}" = "tb-probe  1.0      x2   -         -          devmode" ]
	run snapbox list --json tb-probe
	[ "$(jq -r '.[0] | "\(.name) \(.revision) \(.devmode) \(.size)"' <<<"$output")" = \
		"tb-probe x2 true $(stat -c %s "$PROBE")" ]
	run snapbox list nosuch
	[ "$status" -eq 1 ]
}

@test "P11 R3 R6 each install is a new local revision; data is copied; two are kept" {
	snapbox install "$BARE" --dangerous
	app_snap foo 1 foo1.snap
	app_snap foo 2 foo2.snap
	snapbox install foo1.snap --dangerous
	inside sh -c 'cd /var/snap/foo/x1 && mkdir -m 700 d && echo one >d/f && chown 7:8 d/f &&
		chmod 640 d/f && touch -d @1000000000 d/f && ln -s /etc/passwd l && mkfifo p &&
		echo c >../common/c'
	snapbox install foo2.snap --dangerous
	[ "$(inside readlink /snap/foo/current)" = x2 ]
	[ "$(inside cat /var/snap/foo/x2/d/f)" = one ]
	[ "$(inside stat -c '%a %u %g %Y' /var/snap/foo/x2/d/f)" = "640 7 8 1000000000" ]
	[ "$(inside stat -c %a /var/snap/foo/x2/d)" = 700 ]
	[ "$(inside readlink /var/snap/foo/x2/l)" = /etc/passwd ]
	inside test -p /var/snap/foo/x2/p
	[ "$(inside cat /var/snap/foo/common/c)" = c ]
	inside test -f /snap/foo/x1/meta/snap.yaml
	snapbox install foo1.snap --dangerous
	[ "$(snapbox list --all foo | awk '{print $3}' | xargs)" = "Rev x2 x3" ]
	not inside test -e /snap/foo/x1
	not inside test -e /var/lib/snapbox/snaps/foo_x1.snap
	not inside test -e /var/lib/snapbox/records/foo_x1
}

@test "P11 data of an earlier life of a revision is kept as REV.old" {
	snapbox install "$BARE" --dangerous
	app_snap foo 1 foo.snap
	snapbox install foo.snap --dangerous
	snapbox install foo.snap --dangerous
	inside sh -c 'echo second >/var/snap/foo/x2/f'
	snapbox remove foo
	inside test -f /var/snap/foo/x2/f
	snapbox install foo.snap --dangerous
	inside sh -c 'echo first >/var/snap/foo/x1/f'
	snapbox install foo.snap --dangerous
	[ "$(inside cat /var/snap/foo/x2/f)" = first ]
	[ "$(inside cat /var/snap/foo/x2.old/f)" = second ]
	snapbox remove foo --purge
	not inside test -e /var/snap/foo
}

@test "X3 parallel instances have files, data and commands of their own" {
	snapbox install "$BARE" --dangerous
	app_snap foo 1 foo.snap
	snapbox install foo.snap --dangerous --name foo_k
	inside test -f /snap/foo_k/x1/meta/snap.yaml
	inside test -d /snap/foo
	inside test -d /var/snap/foo
	inside test -L /snap/bin/foo_k
	not inside test -e /snap/bin/foo
	snapbox install foo.snap --dangerous
	snapbox remove foo_k
	inside test -f /snap/foo/x1/meta/snap.yaml
	snapbox remove foo
	not inside test -e /snap/foo
	run snapbox install foo.snap --dangerous --name bar_k
	[ "$status" -eq 1 ]
	[[ "$output" == *"its name may only be followed by _KEY"* ]]
	run snapbox install "$BARE" --dangerous --name bare_k
	[ "$status" -eq 1 ]
}

@test "an unpacked snap is bound read-only, and can be removed" {
	run snapbox install "$BARE" "$PROBE" --dangerous --extract
	[ "$status" -eq 0 ]
	inside test -d /var/lib/snapbox/trees/tb-probe_x1/bin
	[ "$(inside stat -c %a /var/lib/snapbox/trees)" = 700 ]
	run inside touch /snap/tb-probe/x1/x
	[[ "$output" == *"Read-only"* ]]
	[ -z "$(inside find /var/lib/snapbox/snaps -type f)" ]
	snapbox remove tb-probe bare
	[ -z "$(inside find /snap /var/lib/snapbox ! -type d)" ]
}

@test "without loop devices a snap is unpacked by itself" {
	inside sh -c 'mount -t tmpfs tmpfs /dev && for d in null zero random urandom; do
		: >/dev/$d; done; mount -t tmpfs -o ro tmpfs /sys/block 2>/dev/null; true'
	run inside setpriv --bounding-set -sys_rawio,-mknod "$SNAPBOX" install "$BARE" --dangerous
	[ "$status" -eq 0 ]
	[[ "$output" == *"unpacked instead of mounted"* ]]
	inside test -f /snap/bare/x1/meta/snap.yaml
}

@test "--root DIR needs no mounts, and boot makes it ready over there" {
	mkdir target
	"$SNAPBOX" install "$BARE" "$PROBE" --dangerous --root "$PWD/target"
	[ -f target/var/lib/snapbox/snaps/tb-probe_x1.snap ]
	[ "$(readlink target/snap/bin/tb-probe)" = /usr/bin/snapbox ]
	[ "$(readlink target/snap/tb-probe/current)" = x1 ]
	not grep -q "$PWD/target" /proc/self/mountinfo
	run "$SNAPBOX" list --root "$PWD/target"
	[[ "${lines[2]}" == "tb-probe "*" -" ]]
	inside cp -a "$PWD/target/snap" "$PWD/target/var" /
	snapbox boot
	inside test -f /snap/tb-probe/x1/meta/snap.yaml
	"$SNAPBOX" remove tb-probe bare --root "$PWD/target"
	[ -z "$(find target ! -type d)" ] || [ "$(find target ! -type d)" = target/run/snapbox/lock/state.lock ]
}

@test "--root DIR works for whoever may write there" {
	mkdir target
	chown 1234 target
	chmod 755 . .. ../.. 2>/dev/null || true
	cp "$BARE" bare.snap
	chmod 644 bare.snap
	run as_user 1234 "$SNAPBOX" install bare.snap --dangerous --root "$PWD/target"
	[ "$status" -eq 0 ]
	[ "$(stat -c %u target/var/lib/snapbox/installed/bare)" = 1234 ]
	run as_user 1234 "$SNAPBOX" install bare.snap --dangerous
	[ "$status" -eq 1 ]
	[[ "$output" == *"must be run as root"* ]]
}

@test "a new revision of a base is what its snaps get" {
	snapbox install "$BARE" "$PROBE" --dangerous
	inside grep -q '^base-dir /snap/bare/x1$' /var/lib/snapbox/plans/snap.tb-probe.poke
	snapbox install "$BARE" --dangerous
	inside grep -q '^base-dir /snap/bare/x2$' /var/lib/snapbox/plans/snap.tb-probe.poke
	run snapbox remove bare
	[ "$status" -eq 1 ]
	[[ "$output" == *"tb-probe needs it as its base"* ]]
}

@test "boot puts everything back, and a second time changes nothing" {
	snapbox install "$BARE" "$PROBE" --dangerous
	system_state >before
	inside sh -c 'umount /snap/tb-probe/x1 /snap/bare/x1; rm -rf /run/snapbox /snap/bin
		rm /snap/tb-probe/current /var/snap/bare/current
		mkdir -p /var/lib/snapbox/tmp/snap.gone /var/lib/snapbox/staging
		echo x >/var/lib/snapbox/staging/0'
	[ "$(snapbox list tb-probe | tail -1 | awk '{print $6}')" = broken ]
	run snapbox boot
	[ "$status" -eq 0 ]
	[[ "$output" == *"interrupted command was tidied up"* ]]
	run snapbox boot
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	system_state | grep -v -e /run/snapbox -e '/var/lib/snapbox/host ' -e /var/lib/snapbox/tmp \
		-e /var/lib/snapbox/trees >after
	grep -v /run/snapbox before >before.too
	diff before.too after
	not inside test -e /var/lib/snapbox/tmp/snap.gone
}

@test "boot leaves alone what runs, also when it is the first one" {
	snapbox install "$BARE" "$PROBE" --dangerous
	inside "$SNAPBOX" run tb-probe.poke sleep 30 3>&- >out &
	for _ in {1..100}; do [ -s out ] && break; sleep 0.05; done
	inside sh -c 'rm -f /run/snapbox/booted; mkdir /var/lib/snapbox/tmp/snap.other; : >/run/snapbox/ns/other.info'
	run snapbox boot
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	inside test -d /var/lib/snapbox/tmp/snap.tb-probe
	inside test -s /run/snapbox/ns/tb-probe.info
	not inside test -e /var/lib/snapbox/tmp/snap.other
	not inside test -e /run/snapbox/ns/other.info
	[ "$(snapbox run tb-probe.true; echo $?)" = 0 ]
	kill "$(cut -d' ' -f3 out)" || true
}

@test "a file of an app that is called .new stops nothing, and stays" {
	snapbox install "$BARE" "$PROBE" --dangerous
	inside touch /var/snap/tb-probe/.new /var/snap/tb-probe/.mine.new
	run snapbox boot
	[ "$status" -eq 0 ]
	inside test -e /var/snap/tb-probe/.mine.new
	snapbox remove tb-probe bare --purge
}

@test "a wrong word in the middle is found before anything is removed" {
	snapbox install "$BARE" "$PROBE" --dangerous
	run snapbox remove tb-probe no-such-snap
	[ "$status" -eq 1 ]
	[[ "$output" == *'"no-such-snap" is not installed'* ]]
	run snapbox remove tb-probe ../bare
	[ "$status" -eq 2 ]
	run snapbox remove tb-probe tb-probe
	[ "$status" -eq 2 ]
	inside test -f /snap/tb-probe/x1/meta/snap.yaml
}

@test "purging says so when it cannot know whose data there is" {
	mkdir -p target/etc
	ln -s nowhere target/etc/passwd
	snapbox install "$BARE" --dangerous --root "$PWD/target"
	run snapbox remove bare --purge --root "$PWD/target"
	[ "$status" -eq 3 ]
	[[ "$output" == *"/etc/passwd: "*"stays"* ]]
}

@test "remove refuses while an app runs, and names its process" {
	snapbox install "$BARE" "$PROBE" --dangerous
	inside "$SNAPBOX" run tb-probe.poke sleep 30 3>&- >out &
	for _ in {1..100}; do [ -s out ] && break; sleep 0.05; done
	run snapbox remove tb-probe
	[ "$status" -eq 1 ]
	[[ "$output" =~ "still in use by process "([0-9]+)": stop it first" ]]
	pid=${BASH_REMATCH[1]}
	run snapbox install "$PROBE" --dangerous
	[ "$status" -eq 1 ]
	[ "$(snapbox list --all tb-probe | wc -l)" -eq 2 ]
	kill "$pid"
	for _ in {1..100}; do [ -e "/proc/$pid" ] || break; sleep 0.05; done
	snapbox remove tb-probe
	not inside grep -q tb-probe /proc/self/mountinfo
	not inside sh -c 'ls /run/snapbox/ns | grep tb-probe'
}

@test "P9 P10 A196 flags weaken confinement only when they are given" {
	snapbox install "$BARE" --dangerous
	app_snap dev 1 dev.snap "confinement: devmode"
	run snapbox install dev.snap --dangerous
	[ "$status" -eq 1 ]
	[[ "$output" == *"--devmode"* ]]
	snapbox install dev.snap --dangerous --devmode
	run snapbox install dev.snap --dangerous
	[ "$status" -eq 1 ]
	app_snap cla 1 cla.snap "confinement: classic"
	run snapbox install cla.snap --dangerous
	[ "$status" -eq 1 ]
	[[ "$output" == *"--classic"* ]]
	snapbox install cla.snap --dangerous --classic
	[ "$(snapbox list cla | tail -1 | awk '{print $6}')" = classic ]
	inside grep -q '^kind classic$' /var/lib/snapbox/plans/snap.cla.cla
	snapbox install cla.snap --dangerous
	app_snap str 1 str.snap
	run snapbox install str.snap --dangerous --classic
	[ "$status" -eq 0 ]
	[[ "$output" == *"--classic has no effect"* ]]
	inside grep -q '^kind strict$' /var/lib/snapbox/plans/snap.str.str
	run snapbox install str.snap --dangerous --devmode --jailmode
	[ "$status" -eq 2 ]
	run snapbox install str.snap --dangerous --devmode --classic
	[ "$status" -eq 2 ]
	run snapbox install str.snap --dangerous --jailmode
	[ "$status" -eq 1 ]
	[[ "$output" == *"cannot confine as strictly"* ]]
	run snapbox install str.snap
	[ "$status" -eq 1 ]
	[[ "$output" == *"--dangerous"* ]]
	run snapbox install str.snap --dangerous --channel=edge
	[ "$status" -eq 2 ]
}

@test "A104 purging follows no link, in data and in home directories" {
	snapbox install "$BARE" --dangerous
	app_snap foo 1 foo.snap
	snapbox install foo.snap --dangerous
	inside sh -c 'mkdir -p /home/eve /home/canary && echo keep >/home/canary/file &&
		chown -R 1500 /home/eve && cp /etc/passwd /run/passwd &&
		echo eve:x:1500:1500::/home/eve:/bin/sh >>/run/passwd &&
		mount --bind /run/passwd /etc/passwd && mkdir -p /home/eve/snap/foo &&
		ln -s /home/canary /home/eve/snap/foo/x1 && ln -s /home/canary /var/snap/foo/x1/link &&
		chown -hR 1500 /home/eve'
	run snapbox remove foo --purge
	[ "$status" -eq 0 ]
	[ "$(inside cat /home/canary/file)" = keep ]
	not inside test -e /home/eve/snap/foo
	not inside test -e /var/snap/foo
	# what is not its owner's is not removed on his behalf, whatever the links say
	snapbox install foo.snap --dangerous
	inside sh -c 'rmdir /home/eve/snap && ln -s /home/canary /home/eve/snap &&
		mkdir /home/canary/foo'
	snapbox remove foo --purge
	inside test -d /home/canary/foo
}

# A static program that serves as hook: it does what its name says.
hook_snap() {
	NAME=hooked
	rm -rf tree/hooked
	tree hooked "$1"
	mkdir -p tree/hooked/meta/hooks
	cat >hook.c <<-EOF
	#include <fcntl.h>
	#include <stdio.h>
	#include <stdlib.h>
	#include <string.h>
	#include <unistd.h>
	int main(int argc, char **argv)
	{
		char path[500];
		const char *name = strrchr(argv[0], '/') + 1;
		snprintf(path, sizeof path, "%s/%s-ran", getenv("SNAP_COMMON"), name);
		close(open(path, O_CREAT | O_WRONLY, 0644));
		printf("%s speaks\\n", name);
		fflush(stdout);
		return $2;
	}
	EOF
	musl-gcc -static -o hook hook.c
	shift 2
	for name in "$@"; do cp hook "tree/hooked/meta/hooks/$name"; done
	pack hooked hooked.snap
}

@test "V13 hooks run confined when a snap is installed and when it gets a new revision" {
	snapbox install "$BARE" --dangerous
	hook_snap 1 0 install configure post-refresh
	run snapbox install hooked.snap --dangerous
	[ "$status" -eq 0 ]
	[[ "$output" == *"install speaks"* ]]
	[ "$(inside ls /var/snap/hooked/common | xargs)" = "configure-ran install-ran" ]
	snapbox install hooked.snap --dangerous
	inside test -f /var/snap/hooked/common/post-refresh-ran
	hook_snap 2 0 pre-refresh remove
	snapbox install hooked.snap --dangerous
	not inside test -e /var/snap/hooked/common/pre-refresh-ran
	snapbox install hooked.snap --dangerous
	inside test -f /var/snap/hooked/common/pre-refresh-ran
	snapbox remove hooked
	inside test -f /var/snap/hooked/common/remove-ran
	hook_snap 2 9 pre-refresh remove
	snapbox install hooked.snap --dangerous
	snapbox list --all >before
	run snapbox install hooked.snap --dangerous
	[ "$status" -eq 1 ]
	[[ "$output" == *"the pre-refresh hook failed with status 9"* ]]
	snapbox list --all | diff before -
	run snapbox remove hooked
	[ "$status" -eq 0 ]
	[[ "$output" == *"warning: remove hooked: the remove hook failed with status 9"* ]]
	snapbox remove bare
}

@test "V13 when a hook fails nothing is installed, and an update is taken back" {
	snapbox install "$BARE" --dangerous
	snapbox boot
	system_state >before
	hook_snap 1 3 install
	run snapbox install hooked.snap "$PROBE" --dangerous
	[ "$status" -eq 1 ]
	[[ "$output" == *"snapbox: install hooked.snap: the install hook failed with status 3"* ]]
	system_state | grep -v -e '^/run/snapbox/ns/' -e ' /run/snapbox/ns ' -e '^/snap /snap ' | diff before -
	hook_snap 1 0 install
	snapbox install hooked.snap --dangerous
	inside sh -c 'echo data >/var/snap/hooked/x1/f'
	snapbox list >list.before
	hook_snap 2 4 post-refresh
	run snapbox install hooked.snap "$BARE" --dangerous
	[ "$status" -eq 1 ]
	snapbox list | diff list.before -
	[ "$(inside readlink /snap/hooked/current)" = x1 ]
	[ "$(inside cat /var/snap/hooked/x1/f)" = data ]
	not inside test -e /var/snap/hooked/x2
	not inside test -e /snap/hooked/x2
	not inside test -e /snap/bare/x2
	inside grep -q '^base-dir /snap/bare/x1$' /var/lib/snapbox/plans/snap.hooked.hook.install
	snapbox remove hooked bare
}

@test "progress is for terminals" {
	run snapbox install "$BARE" --dangerous
	[ "$output" = "bare 1 installed" ]
	script -qec "nsenter --mount=/proc/$SYSTEM_PID/ns/mnt --wd=$PWD -- $SNAPBOX install $PROBE --dangerous" typescript \
		>/dev/null </dev/null
	grep -q 'reading' typescript
	grep -q 'tb-probe 1.0 installed' typescript
}

@test "a snap whose record, image or mount is gone can still be replaced and removed" {
	snapbox install "$BARE" --dangerous
	app_snap foo 1 foo.snap
	snapbox install foo.snap --dangerous
	inside sh -c 'rm /var/lib/snapbox/records/foo_x1 /var/lib/snapbox/snaps/foo_x1.snap
		umount /snap/foo/x1; rmdir /snap/foo/x1'
	run snapbox info foo
	[ "$status" -eq 1 ]
	run snapbox boot
	[ "$status" -eq 3 ]
	[[ "$output" == *"image of foo_x1"* ]]
	run snapbox install foo.snap --dangerous
	[ "$status" -eq 3 ]
	inside test -f /snap/foo/x2/meta/snap.yaml
	snapbox remove foo
	not inside test -e /snap/foo
	snapbox install foo.snap --dangerous
	snapbox boot
}
