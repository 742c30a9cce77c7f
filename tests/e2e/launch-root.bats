#!/usr/bin/env bats
# What an app sees of the filesystem, and what it does not.

bats_require_minimum_version 1.5.0
load helper
load launch

setup_file() { launch_system; }
setup() { launch_cd; }
teardown_file() { launch_end; }

@test "the base is the root, and cannot be written" {
	[ "$(app 'cat /usr/mark')" = base ]
	run app 'echo x >/usr/new'
	[ "$status" -ne 0 ]
	[[ "$output" == *"Read-only file system"* ]]
	[ "$(app 'stat -c "%a %U %F" /')" = "755 root directory" ]
}

@test "all commands of a snap share one namespace, and no two snaps do" {
	local first second
	first=$(app 'readlink /proc/self/ns/mnt')
	second=$(app 'readlink /proc/self/ns/mnt')
	[ "$first" = "$second" ]
	[ "$(other 'readlink /proc/self/ns/mnt')" != "$first" ]
	[ "$(inside readlink /proc/self/ns/mnt)" != "$first" ]
}

@test "the host's directories are there" {
	inside sh -c 'echo mark >/var/snap/mark; echo mark >/home/mark; echo mark >/run/mark'
	[ "$(app 'cat /var/snap/mark /home/mark /run/mark' | sort -u)" = mark ]
	[ "$(app 'stat -c %i /proc/1')" = "$(inside stat -c %i /proc/1)" ]
	[ "$(app 'stat -c %i /etc/passwd')" = "$(inside stat -c %i /etc/passwd)" ]
}

@test "what belongs to the base's programs is taken back over the host's /etc" {
	[ "$(app 'cat /etc/nsswitch.conf')" = "hosts: base" ]
	[ "$(app 'cat /etc/ssl/mark')" = base ]
	run app 'echo x >/etc/ssl/mark'
	[[ "$output" == *"Read-only file system"* ]]
}

@test "every mount is nosuid, and nodev but for /dev" {
	local table
	table=$(app 'cat /proc/self/mountinfo')
	[ -z "$(awk '$6 !~ /nosuid/' <<<"$table")" ]
	[ -z "$(awk '$6 !~ /nodev/ && $5 !~ /^\/dev(\/|$)/' <<<"$table")" ]
}

@test "nothing of the host's old root is there" {
	[ -z "$(app 'ls -A /var/lib/snapd/hostfs')" ]
	run app 'ls /var/lib/snapbox'
	[ "$status" -ne 0 ]
	[ -z "$(app 'ls -A /run/snapbox')" ]
	[ -z "$(app 'cut -d" " -f5 /proc/self/mountinfo' | grep -x '/.*old.*')" ]
	[ "$(app 'grep -c " / / " /proc/self/mountinfo')" = 1 ]
}

@test "our own one file is there, cannot be written, and does nothing with privileges" {
	[[ "$(app '/usr/lib/snapd/snapbox version')" == snapbox* ]]
	run app 'echo >>/usr/lib/snapd/snapbox'
	[[ "$output" == *"Read-only"* ]]
	# A293: it is nosuid in there, and what it serves needs more than it has.
	run -127 user 2001 "/usr/lib/snapd/snapbox confine snap.foo.sh -c id"
	[ "$status" -ne 0 ]
	run app '/usr/lib/snapd/snapbox discard-ns bar'
	[ "$status" -ne 0 ] || [ -n "$(inside ls /run/snapbox/ns)" ]
}

@test "mounts of the host arrive, ours do not leave" {
	inside mkdir -p /var/snap/later
	inside mount --make-shared / 2>/dev/null || inside sh -c 'mount --bind / / && mount --make-shared /'
	cold
	app true
	inside mount -t tmpfs tmpfs /var/snap/later
	inside touch /var/snap/later/mark
	run app 'ls /var/snap/later'
	inside umount /var/snap/later
	[ "$output" = mark ]
}

@test "A111 the host's mount table is the same after starts, but for the two mounts we document" {
	local before
	cold
	app true
	before=$(host_mounts | grep -v /run/snapbox/ns/)
	cold
	for _ in {1..10}; do
		app true
	done
	cold
	app true
	[ "$(host_mounts | grep -v /run/snapbox/ns/)" = "$before" ]
	[ "$(host_mounts | grep -c /run/snapbox/ns/foo.mnt)" = 1 ]
}

@test "/media shares its mounts both ways, where the host's is shared" {
	local inner
	inside mount -t tmpfs tmpfs /media
	inside mount --make-shared /media
	cold
	app true
	inside mkdir /media/disk
	inside mount -t tmpfs tmpfs /media/disk
	inside touch /media/disk/mark
	[ "$(app 'ls /media/disk')" = mark ]
	plan foo caps=all
	app 'mkdir /media/out && mount -t tmpfs tmpfs /media/out && touch /media/out/inner'
	inner=$(inside ls /media/out)
	plan foo
	inside umount -R /media
	[ "$inner" = inner ]
	cold
}

@test "mounts made inside do not show outside" {
	plan foo caps=all
	app 'mount -t tmpfs tmpfs /mnt && touch /mnt/secret'
	plan foo
	[ ! -e /proc/"$SYSTEM_PID"/root/mnt/secret ]
	[ -z "$(host_mounts | grep ' /mnt .*tmpfs' | grep -v sandboxing)" ]
	cold
}

@test "/tmp is the snap's own, for all its commands and users" {
	app 'echo one >/tmp/file; chmod 600 /tmp/file; echo two >/tmp/open'
	[ "$(app 'cat /tmp/file')" = one ]
	[ "$(user 2001 'cat /tmp/open')" = two ]
	run other 'cat /tmp/file'
	[ "$status" -ne 0 ]
	[ ! -e /tmp/open ]
	[ "$(inside stat -c '%a %u' /var/lib/snapbox/tmp /var/lib/snapbox/tmp/snap.foo | tr '\n' ' ')" = "700 0 700 0 " ]
}

@test "A086 /tmp is sticky and root's: one user cannot remove another's file" {
	[ "$(app 'stat -c "%a %u:%g" /tmp')" = "1777 0:0" ]
	user 2001 'echo >/tmp/mine'
	run user 2002 'rm -f /tmp/mine'
	[ "$status" -ne 0 ]
}

@test "terminals are the snap's own" {
	[ "$(app 'ls /dev/pts')" = ptmx ]
	[ "$(app 'stat -c %t:%T /dev/pts/ptmx')" = 5:2 ]
	[ "$(app 'stat -c %a /dev/ptmx')" = 666 ]
	local line
	line=$(app 'grep " /dev/pts " /proc/self/mountinfo | cat' | tail -n 1)
	[[ "$line" == *"gid=5"*"mode=620"*"ptmxmode=666"* ]]
	[ "$(inside stat -c %i:%d /dev/pts)" != "$(app 'stat -c %i:%d /dev/pts')" ]
}

@test "A190 a node made by hand opens nothing" {
	plan foo caps="mknod sys_chroot"
	run app 'mknod /tmp/mem c 1 3 && cat /tmp/mem'
	plan foo
	[ "$status" -ne 0 ]
	[[ "$output" == *"ermission denied"* ]]
}

@test "A084 nothing is made in places where others can write" {
	local before after
	before=$(inside find /tmp /var/tmp /dev/shm -xdev -printf '%p %T@\n' 2>/dev/null | grep -v -e bats -e snapbox-test- -e snapbox-txn- | sort)
	cold
	app true
	after=$(inside find /tmp /var/tmp /dev/shm -xdev -printf '%p %T@\n' 2>/dev/null | grep -v -e bats -e snapbox-test- -e snapbox-txn- | sort)
	[ -z "$(comm -13 <(cut -d' ' -f1 <<<"$before") <(cut -d' ' -f1 <<<"$after") | grep -i snap)" ]
}

@test "steps of the snap's own are mounted, and checked" {
	inside sh -c 'echo "/var/snap/foo /mnt none bind,ro 0 0" >/var/lib/snapbox/plans/foo.fstab; echo hi >/var/snap/foo/note'
	plan foo steps=yes
	cold
	[ "$(app 'cat /mnt/note')" = hi ]
	run app 'echo >/mnt/x'
	[[ "$output" == *"Read-only"* ]]
	inside sh -c 'echo "/etc /mnt none bind,suid 0 0" >/var/lib/snapbox/plans/foo.fstab'
	cold
	run app true
	[ "$status" -eq 126 ]
	[[ "$output" == *"foo.fstab, line 1"*"suid"* ]]
	inside rm /var/lib/snapbox/plans/foo.fstab
	run app true
	[ "$status" -eq 126 ]
	[[ "$output" == *"foo.fstab"* ]]
	plan foo
	app true
}

@test "A095 A093 a step whose source an app turned into a link is refused" {
	inside sh -c 'echo "/var/snap/foo/data /mnt none bind 0 0" >/var/lib/snapbox/plans/foo.fstab
		rm -rf /var/snap/foo/data; ln -s /etc /var/snap/foo/data'
	plan foo steps=yes
	cold
	run app 'ls /mnt'
	plan foo
	inside rm /var/snap/foo/data
	[ "$status" -eq 126 ]
	[[ "$output" == *"mount /mnt: /var/snap/foo/data: "* ]]
	[[ "$output" != *passwd* ]]
}
