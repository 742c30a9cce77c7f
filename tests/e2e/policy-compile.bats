#!/usr/bin/env bats
# The engine without a system: policy-compile --meta, --host and debug host.
# shellcheck disable=SC2016 # $SNAP and $HOME are for the snap

load helper
load parts

setup() {
	HOSTS=$BATS_TEST_DIRNAME/../golden/policy/hosts
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	system_end
}

# yaml NAME LINE...: NAME.yaml of a snap of that name
yaml() {
	printf '%s\n' "name: $1" 'version: "1"' 'base: core22' "${@:2}" >"$1.yaml"
}

pc() {
	"$SNAPBOX" policy-compile "$@"
}

# refused WHY LINE...: a snap with these lines is refused with one line that has WHY, and
# what was there before is as it was
refused() {
	local before
	printf '%s\n' 'name: evil' 'version: "1"' "${@:2}" >evil.yaml
	yaml good 'apps: {good: {command: bin/good}}'
	[ -e out ] || pc --meta good.yaml --out out
	before=$(find out -type f -exec sha256sum {} + | sort)
	run pc --connect all --meta evil.yaml good.yaml --out out
	[ "$status" -eq 1 ] || { echo "accepted: ${*:2}"; false; }
	# warnings about plugs are lines of their own
	[ "$(grep -vc 'warning: evil:' <<<"$output")" -eq 1 ] || { echo "$output"; false; }
	[[ "$output" == *evil*"$1"* ]] || { echo "$output, not $1"; false; }
	[ "$(find out -type f -exec sha256sum {} + | sort)" = "$before" ]
	[ -z "$(find . -maxdepth 1 -name '.*' ! -name .)" ]
}

@test "every app, hook and snap gets its files, whichever way it is named" {
	yaml foo 'apps: {foo: {command: bin/foo}, bar: {command: bin/bar}}' 'hooks: {configure: {}}'
	mkdir -p tree/meta/hooks
	sed 's/name: foo/name: tree/; /^hooks/d' foo.yaml >tree/meta/snap.yaml
	touch tree/meta/hooks/install
	pc --meta foo.yaml --meta=tree foo_k=foo.yaml --out out
	for label in snap.foo.{foo,bar,hook.configure} snap.foo_k.{foo,bar,hook.configure} \
		snap.tree.{foo,bar,hook.install}; do
		for kind in apparmor seccomp.src seccomp.bin2 device udev; do
			[ -s "out/$label.$kind" ]
		done
	done
	for name in foo foo_k tree; do
		for kind in fstab user-fstab kmod; do
			[ -e "out/$name.$kind" ]
		done
		[ -s "out/$name.update-ns.apparmor" ]
	done
	[ "$(find out -type f | wc -l)" -eq $((9 * 5 + 3 * 4)) ]
	[ "$(stat -c %a out/foo.fstab)" = 644 ]
	grep -q '^profile "\?snap.foo_k.hook.configure"\? ' out/snap.foo_k.hook.configure.apparmor
}

@test "I4 snaps connect to each other and to the system: by the rules, all, or not at all" {
	yaml one 'apps: {one: {command: bin/one, plugs: [network, camera, there]}}' \
		'plugs: {there: {interface: content, target: $SNAP/there}}'
	yaml two 'slots: {there: {interface: content, read: [$SNAP/x]}}'
	run pc -v --connect auto --meta one.yaml two.yaml --out auto
	[ "$status" -eq 0 ]
	[ "$output" = 'connected one:network system:network' ]
	run pc -v --connect all --meta one.yaml two.yaml --out all
	[ "${#lines[@]}" -eq 3 ]
	[[ "$output" == *'connected one:there two:there'* ]]
	grep -qx '/snap/two/x1/x /snap/one/x1/there none bind,ro 0 0' all/one.fstab
	grep -q 'match KERNEL=="video' all/snap.one.one.device
	run pc -v --connect none --meta one.yaml two.yaml --out none
	[ -z "$output" ]
	not grep -rq 'slot ' none
	not diff -rq none auto
}

@test "I6 a system made of snaps connects other things by itself" {
	yaml one 'apps: {one: {command: bin/one, plugs: [home, network]}}'
	run pc -v --connect auto --meta one.yaml --out classic
	[[ "$output" == *home* ]]
	run pc -v --connect auto --system core --meta one.yaml --out core
	[[ "$output" != *home* ]]
	[[ "$output" == *network* ]]
}

@test "I14 plugs and slots of interfaces that nobody knows are named, and get nothing" {
	yaml one 'apps: {one: {command: bin/one, plugs: [frobnicate]}}'
	run pc --connect all --meta one.yaml --out with
	[ "$status" -eq 0 ]
	[[ "$output" == *'warning: one:frobnicate: no interface "frobnicate"'* ]]
	yaml one 'apps: {one: {command: bin/one}}'
	pc --connect all --meta one.yaml --out without
	diff -r with without
}

@test "the same bytes for a user, elsewhere, in other languages, and on a machine with nothing" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	cp "$BATS_TEST_DIRNAME/../golden/model/nextcloudish.yaml" .
	chmod 777 .
	pc --connect all --meta nextcloudish.yaml --out here
	(cd / && LC_ALL=C.UTF-8 TZ=Asia/Tokyo HOME=/ "$SNAPBOX" policy-compile --connect all \
		--meta "$BATS_TEST_TMPDIR/nextcloudish.yaml" --out "$BATS_TEST_TMPDIR/there")
	diff -r here there
	setpriv --reuid 65534 --regid 65534 --clear-groups "$SNAPBOX" policy-compile --connect all \
		--meta nextcloudish.yaml --out theirs
	diff -r here theirs
	# shellcheck disable=SC2016
	unshare -m sh -c 'mount -t tmpfs tmpfs /etc && mount -t tmpfs tmpfs /sys && mount -t tmpfs tmpfs /proc &&
		exec "$0" policy-compile --connect all --meta nextcloudish.yaml --out empty' "$SNAPBOX"
	diff -r here empty
	for arch in arm64 s390x; do
		pc --connect all --arch "$arch" --meta nextcloudish.yaml --out "$arch"
		diff -r -x '*.bin2' here "$arch"
		for src in "$arch"/*.seccomp.src; do
			bin=${src%.src}.bin2
			not cmp -s "$bin" "here/${bin#*/}"
			"$SNAPBOX" policy-compile --seccomp --arch "$arch" "$src" again
			cmp again "$bin"
		done
	done
}

@test "the host's facts say for what: its users, its architecture, what its kernel can" {
	yaml one 'system-usernames: {_daemon_: shared}' 'apps: {one: {command: bin/one}}'
	run pc -v --host "$HOSTS/linux-6.1-arm64" --meta one.yaml --out old
	[ "$status" -eq 0 ]
	[[ "$output" == *'weaker there: snap.one.one: dbus rules are left out'* ]]
	pc --host "$HOSTS/linux-7.2" --meta one.yaml --out new
	cmp old/snap.one.one.apparmor new/snap.one.one.apparmor
	not cmp -s old/snap.one.one.apparmor.bin new/snap.one.one.apparmor.bin
	not cmp -s old/snap.one.one.seccomp.bin2 new/snap.one.one.seccomp.bin2
	pc --meta one.yaml --out default
	cmp new/snap.one.one.seccomp.bin2 default/snap.one.one.seccomp.bin2
	[ ! -e default/snap.one.one.apparmor.bin ]
	sed 's/ 584792$/ 4711/' "$HOSTS/linux-7.2" >moved
	pc --host moved --meta one.yaml --out moved-out
	not cmp -s new/snap.one.one.seccomp.bin2 moved-out/snap.one.one.seccomp.bin2
	grep -v _daemon_ "$HOSTS/linux-7.2" >without
	run pc --host without --meta one.yaml --out never
	[ "$status" -eq 1 ]
	[[ "$output" == *'no user "_daemon_"'* || "$output" == *'no group "_daemon_"'* ]]
	[ ! -e never ]
}

@test "compiled policy is what apparmor_parser makes of the text for those features" {
	yaml one 'apps: {one: {command: bin/one, plugs: [home, network]}}'
	for host in linux-7.2 linux-6.1-arm64; do
		pc --host "$HOSTS/$host" --meta one.yaml --out "$host"
		mkdir "$host.features"
		sed -n 's/^present apparmor \([^ ]*\) = /\1 /p' "$HOSTS/$host" | while read -r name words; do
			mkdir -p "$host.features/$(dirname "$name")"
			printf '%s\n' "$words" >"$host.features/$name"
		done
		for text in "$host"/*.apparmor; do
			"$SNAPBOX" apparmor_parser -q -b /nonexistent -QS -M "$host.features" "$text" >made
			cmp made "$text.bin"
		done
	done
}

@test "debug host survives being read back, and anything odd in facts is one line" {
	"$SNAPBOX" debug host >facts
	"$SNAPBOX" debug host | diff facts -
	yaml one 'apps: {one: {command: bin/one}}'
	pc --host facts --meta one.yaml --out out
	grep -q "^kernel $(uname -r)\$" facts
	grep -q '^user root 0$' facts
	for bad in 's/^present seccomp$/present seccomp "/;s/^distro .*/distro "/' 's/^end//' \
		's/^kernel .*/kernel/' 's/^overlay-root .*/overlay-root \/a*/' '1s/1/2/'; do
		sed "$bad" facts >odd
		cp -r out before
		run pc --host odd --meta one.yaml --out out
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ "$output" == *odd*line* ]]
		diff -r before out
		rm -r before
	done
	run pc --host nosuch --meta one.yaml --out out
	[ "$status" -eq 1 ]
	[[ "$output" == *nosuch* ]]
}

@test "what install writes is what policy-compile gives for this host" {
	system_new
	snapbox install "$(part bare)" --dangerous
	mkdir -p s/meta s/bin
	printf '#!/bin/true\n' >s/bin/one
	chmod 755 s/bin/one
	yaml one 'apps: {one: {command: bin/one, plugs: [network, home, desktop]}, two: {command: bin/one}}' \
		'layout: {/usr/share/one: {bind: $SNAP/share}}'
	sed 's/core22/bare/' one.yaml >s/meta/snap.yaml
	mksquashfs s one.snap -quiet -no-progress -all-root >/dev/null
	snapbox install one.snap --dangerous
	snapbox debug host >facts
	snapbox policy-compile --host facts --connect auto --meta s --out out
	for label in snap.one.one snap.one.two; do
		inside cmp "out/$label.apparmor" "/var/lib/snapbox/apparmor/$label"
		inside cmp "out/$label.seccomp.src" "/var/lib/snapbox/seccomp/$label.src"
		inside cmp "out/$label.seccomp.bin2" "/var/lib/snapbox/seccomp/$label.bin2"
		inside cmp "out/$label.device" "/var/lib/snapbox/devices/$label.device"
		inside cmp "out/$label.udev" "/var/lib/snapbox/devices/$label.udev"
	done
	inside cmp out/one.update-ns.apparmor /var/lib/snapbox/apparmor/snap-update-ns.one
	inside cmp out/one.fstab /var/lib/snapbox/plans/one.fstab
	inside cmp out/one.user-fstab /var/lib/snapbox/plans/one.user-fstab
	snapbox remove one
	not inside sh -c 'ls -d /var/lib/snapbox/*/*one.* /var/lib/snapbox/*/*one'
}

@test "a directory of results is replaced as a whole, and only if all in it is ours" {
	yaml foo 'apps: {a: {command: bin/a}, b: {command: bin/b}}'
	yaml bar 'apps: {a: {command: bin/a}}'
	pc --meta foo.yaml --out out/
	pc --meta bar.yaml --out out
	[ ! -e out/snap.foo.a.device ]
	[ -e out/snap.bar.a.device ]
	touch out/notes
	run pc --meta foo.yaml --out out
	[ "$status" -eq 1 ]
	[[ "$output" == *out*notes* ]]
	[ -e out/snap.bar.a.device ]
	touch file
	run pc --meta foo.yaml --out file
	[ "$status" -eq 1 ]
	[[ "$output" == *'not a directory'* ]]
	ln -s out link
	run pc --meta foo.yaml --out link
	[ "$status" -eq 1 ]
	for bad in nosuch/out . .. /; do
		run pc --meta foo.yaml --out "$bad"
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
	done
	[ -z "$(find . -maxdepth 1 -name '.*' ! -name .)" ]
}

@test "wrong use says so, and is no failure of the snap" {
	yaml foo 'apps: {a: {command: bin/a}}'
	for words in "foo.yaml --out out" "--meta foo.yaml" "--meta foo.yaml --out out --connect some" \
		"--meta foo.yaml --out out --system phone" "--meta foo.yaml --out out --arch pdp11" \
		"--meta foo.yaml --seccomp --out out" "--seccomp foo.yaml x --out out"; do
		# shellcheck disable=SC2086
		run pc $words
		[ "$status" -eq 2 ] || { echo "$words: $status $output"; false; }
		[ ! -e out ]
	done
	run pc --meta foo.yaml foo.yaml --out out
	[ "$status" -eq 1 ]
	[[ "$output" == *'foo is given twice'* ]]
	run pc --meta bar_k=foo.yaml --out out
	[ "$status" -eq 1 ]
	run pc --meta nosuch --out out
	[ "$status" -eq 1 ]
	mkdir empty
	run pc --meta empty --out out
	[[ "$output" == *'no meta/snap.yaml'* ]]
	[ ! -e out ]
}

@test "A233 A235 A237 A239 A242 hostile names, commands and environments never become text" {
	refused 'name' 'name2: x' 'apps: {"a b": {command: bin/a}}'
	refused 'apps.a.command' 'apps: {a: {command: "bin/a; rm -rf $(x)"}}'
	refused 'apps.a.command' 'apps: {a: {command: "../../bin/sh"}}'
	refused 'environment' 'apps: {a: {command: bin/a, environment: {"A=B": x}}}'
	refused 'the key "a" is there twice' 'apps: {a: {command: bin/a}, a: {command: bin/b}}'
	refused 'plugs' 'plugs: {"x\ny": {interface: home}}'
	refused 'plugs' 'plugs: {home: {interface: "home,\n  /** rwm,"}}'
	refused 'type' 'type: system'
	refused 'hooks' 'hooks: {"../x": {}}'
	refused 'system-usernames' 'system-usernames: {"root": shared}'
}

@test "A255 A257 A259 A265 hostile layouts never become mounts or rules" {
	local bad
	for bad in / /proc /sys /dev/null /run/x /tmp /home /boot /var/lib/snapd /lost+found /new/top \
		/etc/../proc //etc/x /etc/./x /etc/x/ etc/x '$HOME/x' '$SNAP_DATAevil/x' '$SNAP/../..' \
		'/etc/a*' '/etc/a?' '/etc/[a]' '/etc/{a,b}' '/etc/a^' '/etc/a\"b' '/etc/@{HOME}' \
		'/etc/a\nb' '/etc/a\\b'; do
		refused layout "layout: {\"$bad\": {bind: \$SNAP/x}}"
	done
	for bad in /etc/shadow '$SNAP/../x' '$SNAP_DATA/../../x' '$SNAP/a*' '$SNAP/a{b' '$SNAP/a\"b'; do
		refused layout "layout: {/opt/evil: {symlink: \"$bad\"}}"
		refused layout "layout: {/opt/evil: {bind: \"$bad\"}}"
	done
}

@test "A267 more layouts, or longer paths, than the limits say are refused" {
	local i
	{
		echo 'layout:'
		for i in {1..2000}; do echo "  /opt/x$i: {bind: \$SNAP/x$i}"; done
	} >many
	refused 'more than' "$(cat many)"
	# YAML itself has no key of this length
	refused '' "layout: {\"/opt/$(printf 'a%.0s' {1..4096})\": {bind: \$SNAP/x}}"
	refused layout "layout: {\"/opt/$(printf 'a%.0s' {1..256})\": {bind: \$SNAP/x}}"
	refused layout "layout: {\"/opt$(printf '/a%.0s' {1..200})\": {bind: \$SNAP/x}}"
}

@test "A263 odd but fine paths are written so that they are read back, options cannot be added" {
	yaml odd 'apps: {odd: {command: bin/odd}}' 'layout:' '  "/opt/a b": {bind: "$SNAP/c d"}' \
		'  /opt/x,rw: {bind: "$SNAP/a,suid,dev"}' '  "/opt/#x": {bind: "$SNAP/=y"}'
	pc --meta odd.yaml --out out
	grep -qxF '/snap/odd/x1/c\040d /opt/a\040b none rbind,rw,x-snapd.origin=layout 0 0' out/odd.fstab
	grep -qxF '/snap/odd/x1/a,suid,dev /opt/x,rw none rbind,rw,x-snapd.origin=layout 0 0' out/odd.fstab
	[ "$(cut -d' ' -f4 out/odd.fstab | sort -u)" = rbind,rw,x-snapd.origin=layout ]
	[ "$(wc -l <out/odd.fstab)" -eq 3 ]
	refused 'comma' 'layout: {/opt/x: {symlink: "$SNAP/a,x-snapd.kind=file"}}'
}

@test "A261 A269 A271 hostile attributes never become text" {
	local bad
	# What a path may have stays inside of it.
	yaml odd 'apps: {odd: {command: bin/odd, plugs: [f]}}' \
		'plugs: {f: {interface: personal-files, read: ["$HOME/a,b rwm, # c"]}}'
	pc --connect all --meta odd.yaml --out odd
	grep 'a,b rwm' odd/snap.odd.odd.apparmor >rules
	not grep -vxE ' *owner "@[{]HOME[}]/a,b rwm, # c[^" ]*" rk?,' rules
	for bad in '$HOME/../../etc' / '~root/x' '$HOME/*' '/etc/\n#include <x>' '/etc/\"x' '/etc/@{PROC}' \
		'$SNAP/x'; do
		refused '' 'apps: {a: {command: bin/a, plugs: [f]}}' \
			"plugs: {f: {interface: personal-files, read: [\"$bad\"]}}"
	done
	for bad in /dev/../etc/x /dev/ttyUSB /dev/sda '/dev/ttyS0 rw,\n/** rw,'; do
		refused '' 'apps: {a: {command: bin/a, slots: [f]}}' \
			"slots: {f: {interface: serial-port, path: \"$bad\"}}"
	done
	# A slash in front is below the snap's own directory, as all of them.
	yaml lend 'slots: {f: {interface: content, read: [/etc]}}'
	yaml take 'apps: {take: {command: bin/x, plugs: [f]}}' 'plugs: {f: {interface: content, target: /x}}'
	pc --connect all --meta lend.yaml take.yaml --out lent
	grep -qx '/snap/lend/x1/etc /snap/take/x1/x none bind,ro 0 0' lent/take.fstab
	for bad in '../../etc' '$SNAP/../..' .. '' 'a/../../b' 'a*' 'a\"b'; do
		refused '' 'apps: {a: {command: bin/a, slots: [f]}}' 'plugs: {g: {interface: content, target: x, content: f}}' \
			"slots: {f: {interface: content, read: [\"$bad\"]}}"
	done
	refused '' 'apps: {a: {command: bin/a, slots: [f]}}' \
		'slots: {f: {interface: custom-device, custom-device: w, devices: [/dev/w], udev-tagging: [{kernel: "w\", RUN+=\"/x"}]}}'
	refused '' 'apps: {a: {command: bin/a, plugs: [f]}}' \
		'plugs: {f: {interface: mount-control, mount: [{what: /dev/sd*, where: /media/**, type: [ext4], options: [suid]}]}}'
	refused '' 'apps: {a: {command: bin/a, slots: [f]}}' \
		'slots: {f: {interface: shared-memory, read: [../x]}}'
	refused '' 'apps: {a: {command: bin/a, slots: [f]}}' \
		'slots: {f: {interface: dbus, bus: session, name: "org.x\"/>"}}'
}
