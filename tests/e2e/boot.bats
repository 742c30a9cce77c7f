#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031
# boot and remove go on whatever apps left in the directories that they may write.

load helper
load parts

setup() {
	system_new
	snapbox install "$(part bare)" --dangerous
	part tb-probe >/dev/null
	snapbox install "$(part tb-probe)" --dangerous
}

teardown() {
	system_end
}

# nest DIR DEPTH
nest() {
	inside python3 - "$1" "$2" <<-'EOF'
	import os, sys
	os.makedirs(sys.argv[1])
	os.chdir(sys.argv[1])
	for i in range(int(sys.argv[2])):
	    os.mkdir("d")
	    os.symlink("/etc", "link")
	    os.chdir("d")
	EOF
}

# As after a reboot: what is below /run and the mounts are gone.
reboot() {
	inside sh -c 'umount -l /snap/bare/x1 /snap/tb-probe/x1; rm -r /run/snapbox/booted' || true
}

@test "directories nested without end in a snap's /tmp hold up no boot, and no remove" {
	nest /var/lib/snapbox/tmp/snap.tb-probe/tmp/deep 1200
	inside touch /etc/passwd
	reboot
	snapbox boot
	inside test ! -e /var/lib/snapbox/tmp/snap.tb-probe
	inside test -e /snap/tb-probe/x1/meta/snap.yaml
	nest /var/lib/snapbox/tmp/snap.tb-probe/tmp/deep 700
	snapbox remove tb-probe
	inside test ! -e /var/lib/snapbox/tmp/snap.tb-probe
	inside test -s /etc/passwd
}

@test "what cannot be cleared is told once a boot" {
	inside mkdir -p /var/lib/snapbox/tmp/snap.tb-probe/tmp/busy
	inside mount -t tmpfs tmpfs /var/lib/snapbox/tmp/snap.tb-probe/tmp/busy
	reboot
	run snapbox boot
	[ "$status" -eq 3 ]
	[[ "$output" == *"warning: /var/lib/snapbox/tmp/snap.tb-probe: "* ]]
	run snapbox boot
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# planted COMMAND: what an app of root did to its data; boot tells, and the rest is well
planted() {
	inside sh -c "$1"
	inside find /etc -maxdepth 1 -printf '%p %m %U %T@\n' | sort >etc.before
	reboot
	run snapbox boot
	[ "$status" -eq 3 ] || { echo "$1: $status $output"; return 1; }
	[[ "$output" == *"warning: settle bare: /var/snap/bare$2: "* ]] ||
		{ echo "$1: $output"; return 1; }
	inside find /etc -maxdepth 1 -printf '%p %m %U %T@\n' | sort | diff etc.before -
	inside test -e /snap/tb-probe/x1/meta/snap.yaml
	inside test -e /snap/bare/x1/meta/snap.yaml
	snapbox run tb-probe.true
	inside rm -rf /var/snap/bare
	snapbox boot
	inside test -d /var/snap/bare/common
}

@test "links and files in place of a snap's data stop no other snap" {
	planted 'rmdir /var/snap/bare/x1; ln -s /etc /var/snap/bare/x1' /x1
	planted 'rmdir /var/snap/bare/common; ln -s /etc /var/snap/bare/common' /common
	planted 'rmdir /var/snap/bare/common; touch /var/snap/bare/common' /common
	planted 'rm /var/snap/bare/current; mkdir -p /var/snap/bare/current/x' /current
	planted 'rm -r /var/snap/bare; ln -s /etc /var/snap/bare' ''
}

@test "a namespace that cannot be given up does not keep a snap from going" {
	snapbox run tb-probe.true
	snapbox discard-ns tb-probe
	inside mkdir -p /run/snapbox/ns/tb-probe.mnt/x
	run snapbox remove --purge tb-probe
	[ "$status" -eq 3 ]
	[[ "$output" == *"warning: remove tb-probe: settle tb-probe: its namespace is left"* ]] || { echo "$output"; return 1; }
	snapbox list | not grep tb-probe
	inside test ! -e /snap/tb-probe
}
