#!/usr/bin/env bats
# What snaps and gadgets say in attributes becomes policy of the right snap, or nothing at
# all (behaviour I1, A269, A271).

setup() {
	SNAPBOX=$(realpath "${SNAPBOX:-$BATS_TEST_DIRNAME/../../build/snapbox}")
	cd "$BATS_TEST_TMPDIR"
}

# snap NAME WHAT: NAME.yaml, with an app; WHAT is "plugs: ..." or "slots: ..."
snap() {
	printf '%s\n' "name: $1" "version: '1'" "base: core22" "apps: {app: {command: x}}" "$2" >"$1.yaml"
}

compile() {
	"$SNAPBOX" policy-compile --connect all --system core --out out --meta "$@"
}

# lacks WHAT FILE
lacks() {
	if grep -q "$@"; then
		return 1
	fi
}

# refused SNAP WHAT WHY: one line that has WHY, and what was made before stays
refused() {
	mkdir -p out
	find out -type f | sort | xargs -r sha256sum >before
	snap "$1" "$2"
	run compile "$1.yaml"
	echo "$output"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"$3"* ]]
	find out -type f | sort | xargs -r sha256sum | diff before -
}

@test "mounts that a snap describes become rules of it alone" {
	snap foo 'plugs: {m: {interface: mount-control, mount: [{what: "/dev/sd*", where: "$SNAP_COMMON/**", type: [ext4], options: [ro]}]}}'
	snap bar 'plugs: {home: null}'
	compile foo.yaml bar.yaml
	grep -F 'mount fstype=(ext4) options=(ro) "/dev/sd*" -> "/var/snap/foo/common/**{,/}",' out/snap.foo.app.apparmor
	lacks 'mount fstype=(ext4)' out/snap.bar.app.apparmor
	grep -qx 'umount2' out/snap.foo.app.seccomp.src
}

@test "a gadget's device is in the list and the rules of whoever plugs it" {
	snap gadget 'slots: {widget: {interface: custom-device, devices: [/dev/widget0], udev-tagging: [{kernel: widget0, attributes: {serial: "7"}}]}}'
	snap foo 'plugs: {w: {interface: custom-device, custom-device: widget}}'
	compile gadget.yaml foo.yaml
	grep -Fx '"/dev/widget0" rwk,' <(sed 's/^[ \t]*//' out/snap.foo.app.apparmor)
	grep -Fx 'match KERNEL=="widget0", ATTR{serial}=="7"' out/snap.foo.app.device
	lacks widget0 out/snap.gadget.app.device
}

@test "modules are loaded, kept out, and given options" {
	snap foo 'plugs: {k: {interface: kernel-module-load, modules: [{name: a, load: on-boot, options: "p=$SNAP_COMMON/f"}, {name: b, load: denied}]}}'
	compile foo.yaml
	[ "$(cat out/foo.kmod)" = a ]
	diff out/foo.modprobe - <<<$'blacklist b\noptions a p=/var/snap/foo/common/f'
	snap foo 'plugs: {home: null}'
	compile foo.yaml
	[ ! -e out/foo.modprobe ]
}

@test "directories on the way to a user's file are made, the file is allowed" {
	snap foo 'plugs: {p: {interface: personal-files, write: ["$HOME/.a/two words/c"]}}'
	compile foo.yaml
	grep -F 'owner "@{HOME}/.a/two words/c{,/,/**}" rwkl,' out/snap.foo.app.apparmor
	grep -F 'owner "@{HOME}/.a/two words/" rw,' out/foo.update-ns.apparmor
	grep -F 'none $HOME/.a/two\040words none x-snapd.kind=ensure-dir,x-snapd.must-exist-dir=$HOME 0 0' out/foo.user-fstab
}

@test "A269 attributes that would be more than themselves make no policy at all" {
	snap ok 'plugs: {home: null}'
	compile ok.yaml
	refused foo 'plugs: {p: {interface: personal-files, read: ["$HOME/../../etc"]}}' 'attribute read[1] is not a clean path'
	refused foo 'plugs: {p: {interface: system-files, read: ["/etc/x\", /** rw, \""]}}' 'attribute read[1] has a quote'
	refused foo 'plugs: {p: {interface: system-files, write: ["/etc/@{HOME}"]}}' 'signs of patterns'
	refused foo 'plugs: {p: {interface: mount-control, mount: [{what: /a, where: /b, options: [suid]}]}}' 'option "suid" is unknown or not allowed'
	refused foo 'plugs: {p: {interface: kernel-module-load, modules: [{name: "a\ninstall b /bin/sh", load: denied}]}}' 'control characters'
	refused foo 'slots: {s: {interface: shared-memory, read: ["../x"]}}' 'read[1] is not a clean path'
	refused foo 'slots: {s: {interface: custom-device, devices: [/dev/a], udev-tagging: [{kernel: "a\", RUN+=\"x"}]}}' 'udev-tagging[1].kernel does not have the form'
	refused foo 'slots: {s: {interface: posix-mq, path: "/a\", /** rw, #"}}' 'attribute path does not have the form'
}
