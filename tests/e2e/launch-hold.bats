#!/usr/bin/env bats
# Preserved namespaces: joined when right, rebuilt when not, whole after a crash.

bats_require_minimum_version 1.5.0
load helper
load launch

setup_file() { launch_system; }
setup() { launch_cd; }
teardown_file() { launch_end; }

NS=/run/snapbox/ns

# Let the app of foo run on behind; its process id in AT_WORK.
work() {
	app 'echo $$; exec sleep 60' >"$BATS_TEST_TMPDIR/working" 3>&- &
	until [ -s "$BATS_TEST_TMPDIR/working" ]; do
		sleep 0.01
	done
	AT_WORK=$(<"$BATS_TEST_TMPDIR/working")
}

work_ends() {
	kill "$AT_WORK"
	wait 2>/dev/null || true
	rm "$BATS_TEST_TMPDIR/working"
}

@test "a namespace outlives its maker, and discarding is no failure twice" {
	local first
	first=$(ns)
	[ "$(ns)" = "$first" ]
	[ "$(inside stat -f -c %t $NS/foo.mnt)" = 6e736673 ]
	snapbox discard-ns foo
	[ ! -e "/proc/$SYSTEM_PID/root$NS/foo.mnt" ]
	[ ! -e "/proc/$SYSTEM_PID/root$NS/foo.info" ]
	snapbox discard-ns foo
	inside /usr/local/bin/snap-discard-ns foo
	[ "$(app 'echo again')" = again ]
}

@test "A119 the directory is root's alone, and so is all in it" {
	app true
	[ "$(inside stat -c '%a %u:%g' $NS)" = "700 0:0" ]
	[ "$(inside stat -c '%a %u:%g' $NS/foo.info)" = "600 0:0" ]
	run ! as_user 2001 ls $NS
	run ! as_user 2001 "$SNAPBOX" discard-ns foo
	run ! as_user 2001 "$COPY" discard-ns foo
}

@test "M13 another base revision: a new namespace, but not under a running app" {
	local first dir=/snap/tinybase/x2
	base_make $dir
	inside sh -c "echo two >$dir/usr/mark"
	first=$(ns)
	work
	plan foo dir=$dir
	[ "$(ns)" = "$first" ]
	[ "$(app 'cat /usr/mark')" = base ]
	work_ends
	[ "$(app 'cat /usr/mark')" = two ]
	plan foo
	[ "$(app 'cat /usr/mark')" = base ]
}

@test "M13 another base: a new namespace even under a running app" {
	local dir=/snap/otherbase/x1
	base_make $dir
	inside sh -c "echo other >$dir/usr/mark"
	app true
	work
	plan foo base=otherbase dir=$dir
	[ "$(app 'cat /usr/mark')" = other ]
	kill -0 "$AT_WORK"
	work_ends
	plan foo
	[ "$(app 'cat /usr/mark')" = base ]
}

@test "A117 without its pin or its info a namespace is built anew" {
	local first
	first=$(ns)
	inside rm $NS/foo.info
	[ "$(app 'cat /usr/mark')" = base ]
	[ -e "/proc/$SYSTEM_PID/root$NS/foo.info" ]
	inside umount $NS/foo.mnt
	[ "$(app 'cat /usr/mark')" = base ]
	inside sh -c "umount $NS/foo.mnt; rm $NS/foo.mnt"
	[ "$(app 'cat /usr/mark')" = base ]
	[ "$(inside grep -c "$NS/foo.mnt" /proc/self/mountinfo)" = 1 ]
}

@test "A119 another namespace in its place is not joined" {
	local foreign
	app true
	other true
	# another snap's
	inside sh -c "umount $NS/foo.mnt; mount --bind $NS/bar.mnt $NS/foo.mnt"
	[ "$(ns)" != "$(other 'readlink /proc/self/ns/mnt')" ]
	# a regular file, a directory, a link, a FIFO
	for foreign in 'echo x >' 'mkdir' 'ln -s /proc/self/ns/mnt' 'mkfifo'; do
		inside sh -c "umount $NS/foo.mnt; rm -f $NS/foo.mnt; $foreign $NS/foo.mnt"
		run app 'cat /usr/mark'
		[ "$output" = base ] || [ "$status" -eq 126 ]
		inside sh -c "umount $NS/foo.mnt; rm -rf $NS/foo.mnt" || true
	done
	# a namespace of another kind
	app true
	inside sh -c "umount $NS/foo.mnt; mount --bind /proc/self/ns/net $NS/foo.mnt"
	[ "$(app 'cat /usr/mark')" = base ]
	# one that a user made; on Linux 6.18 not every one can be put there (behaviour.md M15)
	local cpu put=
	for cpu in $(seq 0 $(($(nproc) - 1))) $(seq 0 $(($(nproc) - 1))); do
		inside setpriv --reuid 2079 --regid 2079 --clear-groups \
			taskset -c "$cpu" unshare -Um sleep 30 3>&- &
		sleep 0.3
		foreign=$(pgrep -u 2079 -x sleep)
		inside umount $NS/foo.mnt 2>/dev/null || true
		inside sh -c "touch $NS/foo.mnt; mount --bind /proc/$foreign/ns/mnt $NS/foo.mnt" 2>/dev/null && put=1
		[ "$(app 'cat /usr/mark')" = base ]
		kill "$foreign"
		wait || true
		[ -z "$put" ] || break
	done
	[ -n "$put" ]
}

@test "A141 a damaged info file is no reason to join" {
	local kind
	for kind in ': >' 'printf "\0\0" >' 'echo end >' 'yes | head -c 100000 >' 'echo end >>' \
		'sed -i s/^number.*/number\ 1/' 'sed -i s/^owner.*/owner\ 1/' 'truncate -s 20'; do
		app true
		inside sh -c "$kind $NS/foo.info"
		[ "$(app 'cat /usr/mark')" = base ]
		[ "$(inside tail -n 1 $NS/foo.info)" = end ]
	done
}

@test "A138 64 first starts at once build one namespace" {
	local i pids
	for _ in 1 2 3; do
		cold
		pids=()
		rm -f "$BATS_TEST_TMPDIR"/par.*
		for i in {1..64}; do
			if ((i % 2)); then
				app 'readlink /proc/self/ns/mnt' >"$BATS_TEST_TMPDIR/par.$i" 3>&- &
			else
				user $((2000 + i)) 'readlink /proc/self/ns/mnt' >"$BATS_TEST_TMPDIR/par.$i" 3>&- &
			fi
			pids+=($!)
		done
		for i in "${pids[@]}"; do
			wait "$i"
		done
		[ "$(cat "$BATS_TEST_TMPDIR"/par.* | wc -l)" = 64 ]
		[ "$(cat "$BATS_TEST_TMPDIR"/par.* | sort -u | wc -l)" = 1 ]
		[ "$(inside grep -c "$NS/foo.mnt" /proc/self/mountinfo)" = 1 ]
	done
}

@test "A088 64 first starts at once on a system that has nothing yet" {
	local i pids=()
	cold
	snapbox discard-ns bar
	inside sh -c "umount $NS; rm -rf /run/snapbox /var/lib/snapbox/tmp"
	for i in {1..64}; do
		user $((2000 + i)) 'echo fine' >"$BATS_TEST_TMPDIR/par.$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	[ "$(cat "$BATS_TEST_TMPDIR"/par.* | sort | uniq -c | tr -s ' ')" = " 64 fine" ]
	nothing_stray
}

@test "A136 killed before any of its changes, a start leaves what the next one needs" {
	local n status
	for ((n = 1; ; n++)); do
		cold
		status=0
		inside "$KILLAT" $n "$SNAPBOX" confine snap.foo.sh -c 'true' 2>/dev/null || status=$?
		[ "$(app 'cat /usr/mark')" = base ]
		[ "$(inside grep -c "$NS/foo.mnt" /proc/self/mountinfo)" = 1 ]
		[ "$status" -eq 137 ] || break
	done
	[ "$status" -eq 0 ]
	[ "$n" -gt 50 ]
	nothing_stray
}

@test "A136 the same on a system that has nothing yet" {
	local n status
	for ((n = 1; n < 60; n += 2)); do
		cold
		inside sh -c "umount $NS; rm -rf /run/snapbox /var/lib/snapbox/tmp" 2>/dev/null
		status=0
		inside "$KILLAT" $n "$SNAPBOX" confine snap.foo.sh -c 'true' 2>/dev/null || status=$?
		[ "$(app 'cat /usr/mark')" = base ]
	done
	nothing_stray
}

@test "A134 a lock that stays held is an error that names it" {
	[ -n "${SNAPBOX_SLOW_TESTS:-}" ] || skip "takes 30 s: set SNAPBOX_SLOW_TESTS"
	app true
	inside flock /run/snapbox/lock/snap.foo.lock sleep 40 3>&- &
	sleep 0.2
	run app true
	kill %%
	[ "$status" -eq 126 ]
	[[ "$output" == *snap.foo* ]]
}

@test "A132 the locks are root's, in a directory of root's" {
	app true
	[ "$(inside stat -c '%a %u:%g' /run/snapbox/lock /run/snapbox/lock/snap.foo.lock | tr '\n' ' ')" = "700 0:0 600 0:0 " ]
	run ! as_user 2001 flock -n /run/snapbox/lock/snap.foo.lock true
}

@test "A079 a private /tmp that somebody else could have made is refused" {
	local kind
	for kind in 'chown 2001' 'chmod 755' 'chmod 711'; do
		cold
		inside sh -c "$kind /var/lib/snapbox/tmp/snap.foo"
		run app true
		inside sh -c 'chown 0:0 /var/lib/snapbox/tmp/snap.foo; chmod 700 /var/lib/snapbox/tmp/snap.foo'
		[ "$status" -eq 126 ]
		[[ "$output" == *"private /tmp"* ]]
	done
	cold
	inside sh -c 'rm -rf /var/lib/snapbox/tmp/snap.foo; ln -s /etc /var/lib/snapbox/tmp/snap.foo'
	run app true
	inside rm /var/lib/snapbox/tmp/snap.foo
	[ "$status" -eq 126 ]
	cold
	inside chmod 777 /var/lib/snapbox/tmp
	run app true
	inside chmod 700 /var/lib/snapbox/tmp
	[ "$status" -eq 126 ]
	app true
}

@test "A129 a pid 1 of the caller's own leads nowhere" {
	cold
	run inside setpriv --reuid 2001 --regid 2001 --clear-groups \
		unshare -Urpmf --mount-proc "$COPY" snap.foo.sh -c 'echo ran'
	[ "$status" -ne 0 ]
	[[ "$output" != *ran* ]]
	[ "$(inside unshare -pf --mount-proc "$SNAPBOX" confine snap.foo.sh -c 'cat /usr/mark')" = base ]
}

@test "a start from another mount namespace ends in the same one" {
	# shellcheck disable=SC2016
	inside unshare -pf --mount-proc sh -c '
		start() { "$@" "$SNAPBOX" confine snap.foo.sh -c "readlink /proc/self/ns/mnt"; }
		first=$(start env) && second=$(start unshare -m) && third=$(start env) &&
		[ -n "$first" ] && [ "$first" = "$second" ] && [ "$first" = "$third" ]'
}
