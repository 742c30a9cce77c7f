#!/usr/bin/env bats
# Where a start puts things and what it follows (attack classes TMP, PATH, MNT, LOCK).

load helper
load parts

setup_file() {
	parts_system bare tinybase tb-probe tb-other tb-tiny
}

setup() {
	parts_cd
	snapbox discard-ns tb-probe || true
}

teardown_file() {
	parts_end
}

mounts() {
	inside sed 's/^[0-9]* [0-9]* //' /proc/self/mountinfo | sort
}

@test "A079 A084 A090 nothing in a world-writable directory is used or made" {
	inside rm -rf /tmp/snap-private-tmp /tmp/snap.rootfs_x /tmp/.snap
	for name in /tmp/snap.tb-probe /tmp/snap-private-tmp /tmp/snap.rootfs_x /tmp/.snap \
		/dev/shm/snap.tb-probe /var/tmp/snap.tb-probe; do
		inside ln -sfn /etc "$name"
	done
	inside strace -f -qq -e trace=%file -o log /usr/local/bin/snapbox run tb-probe.state >state
	is_confined "$(cat state)" 0
	# no path of ours lies below a world-writable place; "/tmp" itself is a mount target
	grep -E '"/(tmp|var/tmp|dev/shm)/' log >found || true
	grep -vE 'ENOENT|execve' found >bad || true
	[ ! -s bad ] || { cat bad; false; }
	run app tb-probe.poke list /tmp
	[[ "$output" != *snap.rootfs* ]]
	inside rm -f /tmp/snap.tb-probe /tmp/snap-private-tmp /tmp/snap.rootfs_x /tmp/.snap \
		/dev/shm/snap.tb-probe /var/tmp/snap.tb-probe
}

@test "A086 /tmp inside is sticky, root's, and a user's files are safe from others" {
	run alice tb-probe.poke stat /tmp
	[ "$output" = "stat 41777:0:0 ok" ]
	alice tb-probe.poke write /tmp/mine x
	run bob tb-probe.poke unlink /tmp/mine
	[[ "$output" == *EPERM || "$output" == *EACCES ]]
	run bob tb-probe.poke rename /tmp/mine /tmp/yours
	[ "$status" -eq 1 ]
	run alice tb-probe.poke unlink /tmp/mine
	[ "$status" -eq 0 ]
}

@test "A088 many first starts at once by different users all succeed" {
	for round in 1 2 3 4 5; do
		snapbox discard-ns tb-probe || true
		inside rm -rf /var/lib/snapbox/tmp/snap.tb-probe
		pids=()
		for i in {1..24}; do
			case $((i % 3)) in 0) who=app ;; 1) who=alice ;; *) who=bob ;; esac
			"$who" tb-probe.poke stat /tmp >"out.$i" 2>&1 3>&- &
			pids+=($!)
		done
		for pid in "${pids[@]}"; do
			wait "$pid" || { echo "round $round"; cat out.*; false; }
		done
		[ "$(sort -u out.*)" = "stat 41777:0:0 ok" ]
		rm out.*
	done
}

@test "A093 A095 links in place of a user's data directories are not followed" {
	alice tb-probe.true
	inside mkdir -p /home/alice/.ssh
	for place in /home/alice/snap/tb-probe/x1 /home/alice/snap/tb-probe/common /home/alice/snap/tb-probe \
		/home/alice/snap; do
		for to in /etc /root /home/alice/.ssh / nowhere; do
			inside rm -rf "$place.kept"
			[ -z "$(inside sh -c "[ -e $place ] && echo yes")" ] || inside mv "$place" "$place.kept"
			inside ln -s "$to" "$place"
			before=$(inside ls -A /etc /root /home/alice/.ssh /)
			run alice tb-probe.state
			after=$(inside ls -A /etc /root /home/alice/.ssh /)
			[ "$after" = "$before" ] || { echo "$place -> $to: $output"; diff <(echo "$before") <(echo "$after"); false; }
			inside rm -f "$place"
			[ -z "$(inside sh -c "[ -e $place.kept ] && echo yes")" ] || inside mv "$place.kept" "$place"
		done
	done
	inside chown -R alice:alice /home/alice
	run alice tb-probe.state
	is_confined "$output" "$ALICE"
}

@test "A102 odd homes work with the caller's rights, or end in a clear line" {
	odd() { # NAME UID HOME
		inside sh -c "echo $1:x:$2:$2::$3:/bin/sh >>/run/own/passwd"
	}
	inside sh -c 'mkdir -p /home/real /home/closed /home/others; ln -sfn /home/real /home/link
		chown 2011:2011 /home/real; chown 2012:2012 /home/closed; chmod 0 /home/closed; chown alice /home/others'
	odd linked 2011 /home/link
	odd closed 2012 /home/closed
	odd missing 2013 /home/missing
	odd slash 2014 /
	odd others 2015 /home/others
	odd relative 2016 home/x
	for uid in 2011 2012 2013 2014 2015 2016 2999; do
		run inside env -i PATH=/bin setpriv --reuid $uid --regid $uid --clear-groups /usr/local/bin/snapbox run tb-probe.state
		if [ "$status" -eq 0 ]; then
			is_confined "$output" $uid || { echo "$uid: $output"; false; }
		else
			[ "${#lines[@]}" -eq 1 ] || { echo "$uid: $output"; false; }
		fi
		# whatever was made is the user's own
		run inside find /home /snap -xdev -maxdepth 2 -newer /run/own/passwd -user root -path '*/snap'
		[ -z "$output" ]
	done
	run inside setpriv --reuid 2011 --regid 2011 --clear-groups /usr/local/bin/snapbox run tb-probe.state
	is_confined "$output" 2011
	[ -z "$(inside ls -d /home/missing 2>/dev/null)" ]
}

@test "A104 remove --purge follows no links out of a snap's data" {
	snapbox install --dangerous "$(part tb-other)" || true
	inside sh -c 'mkdir -p /opt/canary.d; echo x >/opt/canary.d/file
		rm -rf /var/snap/tb-other/x1 /var/snap/tb-other/common
		ln -s /opt/canary.d /var/snap/tb-other/x1; ln -s /opt/canary.d /var/snap/tb-other/common'
	run snapbox remove --purge tb-other
	[ "$(inside cat /opt/canary.d/file)" = x ]
	inside sh -c 'rm -rf /var/snap/tb-other /opt/canary.d'
	snapbox install --dangerous "$(part tb-other)"
	run app tb-other.state
	is_confined "$output" 0
}

@test "A106 a user learns nothing of what is below /root" {
	inside sh -c 'mkdir -p /root/d && touch /root/f'
	for path in /root/f /root/d /root/none /root/f/x; do
		run as_name alice "$ALICE" /usr/local/bin/snapbox install --dangerous "$path"
		echo "$status ${output//$path/PATH}"
	done >answers
	[ "$(sort -u answers | wc -l)" -eq 1 ] || { cat answers; false; }
	inside rm -r /root/d /root/f
}

@test "A111 starts leave the host's mounts as they were" {
	for propagation in private shared slave; do
		snapbox discard-ns tb-probe || true
		inside umount -l /run/snapbox/ns
		inside mount --make-r$propagation /
		app tb-probe.true
		app tb-probe.true
		snapbox discard-ns tb-probe
		before=$(mounts)
		for _ in {1..20}; do
			app tb-probe.true
			alice tb-probe.true
			snapbox discard-ns tb-probe
		done
		[ "$(mounts)" = "$before" ] || { diff <(echo "$before") <(mounts); false; }
	done
	inside umount -l /run/snapbox/ns
	inside mount --make-rprivate /
}

@test "A113 images are mounted nodev and nothing in them gives rights" {
	run inside sh -c 'grep " /snap/" /proc/self/mountinfo'
	while read -r line; do
		[[ "$line" == *nodev* && "$line" == *" ro,"* || "$line" == *nodev* && "$line" == *",ro "* || "$line" == *"ro,"*nodev* ]] || { echo "$line"; false; }
	done <<<"$output"
	# inside, everything but devices is nosuid
	alice tb-probe | field mountinfo >table
	none grep -v nosuid table
}

@test "A115 mounts cannot be changed from inside" {
	for who in app alice; do
		for path in / /tmp /snap/tb-probe/x1 /proc /etc; do
			run "$who" tb-probe.poke remount $path
			[[ "$output" == *EPERM || "$output" == *EACCES ]]
			run "$who" tb-probe.poke umount $path
			[[ "$output" == *EPERM || "$output" == *EACCES ]]
		done
		for nr in 428 429 430 432 442 467; do
			run "$who" tb-probe.syscheck $nr 0 0 0 0 0
			[[ "$output" == EPERM || "$output" == ENOSYS || "$output" == EACCES ]]
		done
	done
}

@test "A117 a preserved namespace with parts missing is made again, whole" {
	app tb-probe.poke write /tmp/there x
	for part in $(inside ls /run/snapbox/ns | grep tb-probe); do
		inside sh -c "umount -l /run/snapbox/ns/$part 2>/dev/null; rm -f /run/snapbox/ns/$part"
		run app tb-probe.state
		is_confined "$output" 0 || { echo "$part: $output"; false; }
		run alice tb-probe.state
		is_confined "$output" "$ALICE"
	done
	run app tb-probe.poke read /tmp/there
	[ "$output" = "read x ok" ]
}

@test "A119 what lies in the place of a namespace is not joined" {
	app tb-other.true
	app tb-probe.true
	run inside stat -c '%a %U' /run/snapbox/ns
	[ "$output" = "700 root" ]
	pin=/run/snapbox/ns/tb-probe.mnt
	[ -n "$(inside ls $pin)" ]
	for swap in "mount --bind /run/snapbox/ns/tb-other.mnt $pin" \
		"mount --bind /proc/self/ns/pid $pin" "mount --bind /etc/passwd $pin" ":" ; do
		app tb-probe.true
		inside sh -c "umount -l $pin; [ '$swap' != : ] || rm -f $pin; touch $pin; $swap"
		run app tb-probe.poke list /snap/tb-probe/x1/meta
		# either refused, or rebuilt; never another's
		if [ "$status" -eq 0 ]; then
			run app tb-probe
			field mountinfo <<<"$output" | grep -q 'snap.tb-probe/tmp /tmp'
		fi
		inside sh -c "umount -l $pin; rm -f /run/snapbox/ns/tb-probe.*" || true
	done
	run alice tb-probe.state
	is_confined "$output" "$ALICE"
	# the pid of a user's own namespace is no help
	run as_name alice "$ALICE" unshare -Urm /usr/local/bin/snapbox run tb-probe.state
	[ "$status" -ne 0 ]
	[[ "$output" != *uid=* ]]
}

@test "A127 A129 only real root, outside user namespaces, lets go of a namespace" {
	app tb-probe.true
	run as_name alice "$ALICE" /usr/local/bin/snapbox discard-ns tb-probe
	[ "$status" -eq 1 ]
	run as_name alice "$ALICE" unshare -Ur /usr/local/bin/snapbox discard-ns tb-probe
	[ "$status" -ne 0 ]
	run as_name alice "$ALICE" unshare -Urpf --mount-proc /usr/local/bin/snapbox run tb-probe.state
	[ "$status" -ne 0 ]
	[[ "$output" != *uid=* ]]
	[ -n "$(inside ls /run/snapbox/ns/tb-probe.mnt)" ]
}

@test "the host's root is nowhere in the sandbox" {
	inside sh -c 'echo secret >/opt/of-the-host'
	for who in app alice; do
		"$who" tb-probe | field mountinfo >table
		# no filesystem of a disk from its own root on, but where the host has one too
		awk '$4 == "/" && / - (ext4|overlay|btrfs|xfs|vfat) / && $5 !~ "^/(home|root|etc|mnt|media|var|run|snap|dev)"' table >roots
		[ ! -s roots ] || { cat roots; false; }
		run "$who" tb-probe.poke read /opt/of-the-host
		[ "$status" -eq 1 ]
		run "$who" tb-probe.poke list /var/lib/snapd/hostfs
		[[ "$output" == "list ok" || "$output" == *ENOENT || "$output" == *EACCES ]]
	done
	inside rm /opt/of-the-host
}

@test "M28 M29 /tmp and terminals belong to the snap: shared by its commands, nobody else's" {
	alice tb-probe.poke write /tmp/shared yes
	run bob tb-probe.poke read /tmp/shared
	[ "$output" = "read yes ok" ]
	run bob tb-other.poke read /tmp/shared
	[[ "$output" == *ENOENT ]]
	run alice tb-probe.poke openpty
	[ "$status" -eq 0 ]
	run alice tb-probe.poke list /dev/pts
	[ "$output" = "list ptmx ok" ]
}

@test "A132 A134 locks are root's alone, and waiting for one ends" {
	run inside stat -c '%a %U' /run/snapbox/lock
	[ "$output" = "700 root" ]
	run inside find /run/snapbox/lock -type f ! -perm 600
	[ -z "$output" ]
	run as_name alice "$ALICE" flock -n /run/snapbox/lock/snap.tb-probe true
	[ "$status" -ne 0 ]
	inside ln -sfn /etc/passwd /run/snapbox/lock/snap.tb-tiny
	run app tb-tiny.state
	[ "$(inside stat -c %U /etc/passwd)" = root ]
	inside rm -f /run/snapbox/lock/snap.tb-tiny
	run app tb-tiny.state
	is_confined "$output" 0
}

@test "a base of busybox gives a shell that is confined" {
	run app tb-tiny.poke exec /bin/true ''
	[ "$output" = "exec ok" ]
	run alice tb-tiny.poke exec /usr/bin/python3 -V
	[[ "$output" == *ENOENT ]]
}
