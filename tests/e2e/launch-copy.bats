#!/usr/bin/env bats
# The privileged copy: how it is installed, what it serves, whom it serves.

bats_require_minimum_version 1.5.0
load helper
load launch

setup_file() { launch_system; }
setup() { launch_cd; }
teardown_file() { launch_end; }

@test "it is an inode of its own, root's, not readable, with capabilities and no setuid" {
	[ "$(inside stat -c '%a %u:%g %h' "$COPY")" = "711 0:0 1" ]
	[ "$(inside stat -c %i "$COPY")" != "$(inside stat -c %i /usr/local/bin/snapbox)" ]
	[[ "$(inside getfattr -n security.capability -e hex "$COPY" 2>/dev/null || echo none)" != none ]] ||
		[ "$(inside python3 -c "import os; print(len(os.getxattr('$COPY', 'security.capability')))")" = 20 ]
	run ! as_user 2001 cat "$COPY"
}

@test "links: what is not ours is left alone, ours are replaced, no command of the system is hidden" {
	inside mkdir -p /opt/links.d || skip "no place"
	inside sh -c 'mount -t tmpfs tmpfs /opt/links.d; echo mine >/opt/links.d/snap-confine'
	run -3 snapbox --install -s /opt/links.d
	[[ "$output" == *"snap-confine: something else is there"* ]]
	[ "$(inside cat /opt/links.d/snap-confine)" = mine ]
	[ "$(inside readlink /opt/links.d/snap)" = snapbox ]
	[ -z "$(inside ls /opt/links.d | grep -xE 'install|list|run|help|version|info')" ]
	inside rm /opt/links.d/snap-confine
	snapbox --install -s /opt/links.d
	[ "$(inside readlink /opt/links.d/snap-confine)" = snapbox ]
	snapbox --install /opt/links.d
	[ "$(inside stat -c %h /opt/links.d/snapbox)" -gt 2 ]
	[ "$(inside stat -c %a /opt/links.d/snapbox)" = 755 ]
	[ -z "$(inside ls -A /opt/links.d | grep '^\.')" ]
	inside umount /opt/links.d
}

@test "it installs nothing for who is not root" {
	run -1 as_user 2001 "$SNAPBOX" --install -s /home
	run -2 snapbox --install relative
}

@test "A003 by no name does it serve anything but confine" {
	local name
	inside mkdir -p -m 1777 /home/links
	for name in snapbox snap snap-discard-ns snap-update-ns snap-exec snap-seccomp run install; do
		as_user 2001 ln -sf "$COPY" /home/links/$name
		run as_user 2001 /home/links/$name version
		[ "$status" -ne 0 ]
		run as_user 2001 /home/links/$name discard-ns foo
		[ "$status" -ne 0 ]
		run as_user 2001 /home/links/$name foo
		[ "$status" -ne 0 ]
		run as_user 2001 sh -c "exec -a $name $COPY version" 
		[ "$status" -ne 0 ]
	done
	app true
	run as_user 2001 /home/links/snap-discard-ns foo
	[[ "$output" == *"not from the privileged copy"* ]]
	[ -e "/proc/$SYSTEM_PID/root/run/snapbox/ns/foo.info" ]
}

@test "the plain program has no privileges to give" {
	run as_user 2001 "$SNAPBOX" confine snap.foo.sh -c 'echo ran'
	[ "$status" -eq 126 ]
	[[ "$output" == *"no privileges"* ]]
}

@test "A291 a hard link or a copy elsewhere gives nothing more" {
	inside mkdir -p -m 1777 /home/links
	as_user 2001 sh -c "cp '$SNAPBOX' /home/links/copied; exec /home/links/copied confine snap.foo.sh -c 'echo ran'" &&
		return 1
	inside ln "$COPY" /usr/lib/snapbox/linked
	[ "$(as_user 2001 /usr/lib/snapbox/linked confine snap.foo.sh -c 'id -u' || echo refused)" != 0 ]
	inside rm /usr/lib/snapbox/linked
}

@test "E22 A069 with a group only its members may start apps" {
	inside sh -c 'getent group 777 >/dev/null || true'
	snapbox --install -s --group=777 /usr/local/bin
	[ "$(inside stat -c '%a %u:%g' "$COPY")" = "710 0:777" ]
	run ! user 2001 'echo ran'
	[ "$(inside setpriv --reuid 2001 --regid 2001 --groups 777 -- env -i "$COPY" snap.foo.sh -c 'id -u')" = 2001 ]
	run ! snapbox --install --group=no-such-group /usr/local/bin
	snapbox --install -s /usr/local/bin
	[ "$(user 2001 'id -u')" = 2001 ]
}

@test "R14 a copy that others could have written serves nobody" {
	inside chmod 777 "$COPY"
	run user 2001 'echo ran'
	[ "$status" -eq 126 ]
	[[ "$output" == *"install it again"* ]]
	snapbox --install -s /usr/local/bin
	[ "$(user 2001 'id -u')" = 2001 ]
}

@test "the setuid form: the caller's identity from the first moment, the same end" {
	local all word
	inside sh -c "cp '$SNAPBOX' /usr/lib/snapbox/new; chmod 4711 /usr/lib/snapbox/new; mv /usr/lib/snapbox/new $COPY"
	cold
	inside rm -rf /var/lib/snapbox/tmp
	all=$(user 2001 'cat /proc/self/status')
	for word in CapInh CapPrm CapEff CapBnd CapAmb; do
		[[ "$all" == *"$word:"*0000000000000000* ]]
	done
	[[ "$(tr -s '\t' ' ' <<<"$all")" == *"Uid: 2001 2001 2001 2001"* ]]
	[[ "$(tr -s '\t' ' ' <<<"$all")" == *"Gid: 2001 2001 2001 2001"* ]]
	nothing_stray
	run as_user 2001 "$START" --nnp "$COPY" snap.foo.sh -c 'echo ran'
	[ "$status" -eq 126 ]
	run as_user 2001 "$START" --traced "$COPY" snap.foo.sh -c 'echo ran'
	[[ "$output" != *ran* ]]
	snapbox --install -s /usr/local/bin
}

@test "R05 the setuid form tells nothing of root's directories, whatever its name and options" {
	local there missing
	inside cp "$COPY" /usr/lib/snapbox/install
	inside chmod 4711 /usr/lib/snapbox/install
	inside mkdir -p -m 700 /run/secret/there
	inside chmod 700 /run/secret
	run -1 as_user 2001 /usr/lib/snapbox/install --root /run/secret/there x
	there=$output
	run -1 as_user 2001 /usr/lib/snapbox/install --root /run/secret/gone x
	missing=$output
	inside rm /usr/lib/snapbox/install
	[ "$there" = "$missing" ]
	[[ "$there" == *"not from the privileged copy"* ]]
}

@test "A051 on a nosuid mount it says why it cannot" {
	inside mkdir -p /home/nosuid
	inside mount -t tmpfs -o nosuid tmpfs /home/nosuid
	inside cp -a "$COPY" /home/nosuid/snap-confine
	run as_user 2001 /home/nosuid/snap-confine snap.foo.sh -c 'echo ran'
	inside umount /home/nosuid
	[ "$status" -eq 126 ]
	[[ "$output" == *nosuid* ]]
}

# The start that is under way in this system.
starting() {
	local p
	for p in $(pgrep -x snap-confine); do
		if [ "$(readlink "/proc/$p/ns/mnt")" = "$(readlink "/proc/$SYSTEM_PID/ns/mnt")" ]; then
			echo "$p"
			return
		fi
	done
}

@test "A070 A077 R22 nobody can look into a start, or stop it with a lock, until the app runs" {
	# The lock holds it up half-way, where it has its privileges.
	local pid
	app true
	inside flock /run/snapbox/lock/snap.foo.lock sleep 3 3>&- &
	sleep 0.3
	user 2078 'echo ran' >"$BATS_TEST_TMPDIR/out" 3>&- &
	sleep 0.5
	pid=$(starting)
	[ -n "$pid" ]
	as_2078() {
		setpriv --reuid 2078 --regid 2078 --clear-groups -- "$@"
	}
	run ! as_2078 cat "/proc/$pid/mem"
	run ! as_2078 ls "/proc/$pid/fd/"
	run ! as_2078 readlink "/proc/$pid/root"
	run ! as_2078 strace -o /dev/null -p "$pid"
	run ! as_2078 sh -c "kill -STOP $pid"
	run ! as_2078 sh -c "kill -KILL $pid"
	# What a terminal sends is put off until there is no lock any more.
	kill -TSTP "$pid"
	[ "$(awk '$1 == "State:" { print $2 }' "/proc/$pid/status")" != T ]
	while [ "$(awk '$1 == "State:" { print $2 }' "/proc/$pid/status")" != T ]; do
		sleep 0.1
	done
	inside flock -n /run/snapbox/lock/snap.foo.lock true
	kill -CONT "$pid"
	wait
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = ran ]
}

@test "R22 a user cannot stop his start while it is at a lock, nor let a lock wait" {
	app true
	inside flock /run/snapbox/lock/snap.foo.lock sleep 2 3>&- &
	sleep 0.5
	# shellcheck disable=SC2016
	run as_user 2001 sh -c '"$1" snap.foo.sh -c "echo ran" & sleep 0.5
		kill -STOP $! && echo stopped; kill -CONT $!; wait $!' - "$COPY"
	[[ "$output" != *stopped* ]]
	[[ "$output" == *ran* ]]
	wait
}

@test "R03 R22 a message that nobody reads holds no lock" {
	cold
	plan foo dir=/snap/none/x1
	as_user 2001 timeout -s KILL 3 "$START" --full 2 "$COPY" snap.foo.sh -c true 3>&- &
	inside timeout -s KILL 3 "$START" --full 2 "$SNAPBOX" confine snap.foo.sh -c true 3>&- &
	sleep 0.5
	inside flock -n /run/snapbox/lock/snap.foo.lock true
	plan foo
	[ "$(app 'echo free')" = free ]
	wait || true
}

@test "A042 signals during starts leave nothing half made" {
	local i status hit=0 signals=(KILL TERM INT HUP USR1)
	for i in {1..100}; do
		((i % 4)) || cold
		status=0
		as_user 2077 timeout -s "${signals[i % 5]}" "0.00$((i % 7))$((i % 10))" \
			"$COPY" snap.foo.sh -c true 2>/dev/null || status=$?
		[ "$status" -eq 0 ] || hit=$((hit + 1))
	done
	[ "$hit" -gt 3 ]
	[ "$(app 'cat /usr/mark')" = base ]
	# Dead ones whose parent was killed wait for pid 1: they are no processes any more.
	[ -z "$(ps -u 2077 -o stat= | tr -d 'Z\n')" ]
	nothing_stray
}

@test "a start that fails says 126, as shells do, whoever starts it" {
	snapbox discard-ns foo
	inside chmod 777 /var/lib/snapbox/tmp
	run app 'echo ran'
	[ "$status" -eq 126 ] || echo "$output" >failed
	run user 2001 'echo ran'
	inside chmod 700 /var/lib/snapbox/tmp
	[ "$status" -eq 126 ]
	[ ! -e failed ]
	run -127 as_user 2001 "$COPY" snap.foo.nosuch
	run -2 as_user 2001 "$COPY" --nosuch
}
