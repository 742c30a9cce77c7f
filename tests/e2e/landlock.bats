#!/usr/bin/env bats
# What Landlock keeps an app from when its plan says so, and what it lets it do.

bats_require_minimum_version 1.5.0
load helper
load launch

BASICS="rlx /bin,rlx /usr,rlx /snap/foo,rl /proc,rwd /dev/null"

setup_file() {
	launch_system
	inside sh -c 'mkdir -p /home/al/snap/foo /home/al/pub /home/al/.ssh /home/al/.hid && touch /home/al/.ssh/key &&
		echo plain >/home/al/pub/file && chown -R 2001 /home/al'
	[ "$(inside "$SNAPBOX" debug confinement | grep -c '^landlock  *present')" = 1 ] || skip "no Landlock here"
}
setup() { launch_cd; plan foo; }
teardown_file() { launch_end; }

guarded() {
	plan foo guard="${2:-files}" allow="$BASICS,$1" env="SNAP_REAL_HOME=/home/al"
}

refused() {
	run user 2001 "$1"
	[ "$status" -ne 0 ] || { echo "worked: $1"; false; }
	[[ "$output" == *"${2:-Permission denied}"* ]] || { echo "$output"; false; }
}

@test "what is below an allowed directory is allowed, and nothing beside it" {
	guarded "rlw /tmp"
	user 2001 'echo x >/tmp/a && mkdir /tmp/d && mv /tmp/a /tmp/d/b && cat /tmp/d/b && rm -r /tmp/d'
	refused 'cat /etc/passwd'
	refused 'ls /home'
	refused 'echo x >/var/tmp/x'
}

@test "rights are apart: reading is not writing, listing not reading, running neither" {
	guarded "r /etc/passwd,l /etc/ssl,rw /tmp"
	user 2001 'cat /etc/passwd' >&2
	user 2001 'ls /etc/ssl'
	refused 'cat /etc/ssl/mark'
	refused 'ls /etc'
	inside cp /bin/busybox /var/lib/snapbox/tmp/snap.foo/tmp/busybox
	refused '/tmp/busybox true'
	user 2001 'cat /tmp/busybox >/dev/null'
}

@test "the home and the uid are the caller's, whoever that is" {
	guarded "rlw %h/snap/foo,rl %h/pub"
	user 2001 'echo x >/home/al/snap/foo/x && cat /home/al/pub/file'
	refused 'echo x >/home/al/pub/y'
	refused 'cat /home/al/.ssh/key'
}

@test "a pattern is looked up at the start, and hidden names stay out" {
	guarded "rlw %h/[!.]**"
	user 2001 'cat /home/al/pub/file && echo x >/home/al/snap/z && rm /home/al/snap/z'
	refused 'cat /home/al/.ssh/key'
	refused 'ls /home/al/.hid'
}

@test "a pattern of files does not open directories" {
	inside sh -c 'mkdir -p /home/al/deep && echo x >/home/al/deep/x && echo y >/home/al/deed'
	guarded "r %h/dee*"
	user 2001 'cat /home/al/deed'
	refused 'cat /home/al/deep/x'
}

@test "a link that an app plants is not followed" {
	inside ln -sfn /home/al/.ssh /home/al/snap/foo/trap
	guarded "rl %h/snap/foo/trap,l %h/snap/foo"
	refused 'cat /home/al/snap/foo/trap/key'
	refused 'cat /home/al/.ssh/key'
}

@test "what is not there is not granted, and does not stop the start" {
	guarded "rlw /tmp/later,rl /no/such/place"
	[ "$(user 2001 'echo works')" = works ]
	refused 'mkdir /tmp/later'
}

@test "processes outside are out of reach" {
	guarded "rl /etc" "files signals"
	inside setpriv --reuid 2001 --clear-groups sleep 30 &
	local pid
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		pid=$(inside sh -c 'grep -l "^sleep" /proc/[0-9]*/comm 2>/dev/null | tail -n 1 | cut -d/ -f3')
		[ -z "$pid" ] || break
		sleep 0.2
	done
	refused "kill $pid" "not permitted"
	refused "cat /proc/$pid/environ"
	user 2001 'sleep 20 & kill $!'
	inside kill "$pid"
}

@test "without a guard nothing is kept away" {
	plan foo env="SNAP_REAL_HOME=/home/al"
	user 2001 'cat /home/al/.ssh/key && cat /etc/passwd' >/dev/null
}

@test "root is held as well" {
	guarded "rlw /tmp"
	run app 'cat /etc/passwd'
	[ "$status" -ne 0 ]
	app 'echo x >/tmp/r && rm /tmp/r'
}

@test "the host's /run is hidden but for what is shown, and the caller has a part of it" {
	cold || true
	inside sh -c 'mkdir -p /run/shown/in /run/secret && echo s >/run/secret/s && echo t >/run/shown/in/t'
	plan foo hide=/dev/shm,/run show=/run/shown
	[ "$(user 2001 'cat /run/shown/in/t; ls /run' | sort | tr '\n' ' ')" = "lock shown snap.foo t user " ]
	user 2001 'touch /run/user/2001/snap.foo/mine /run/lock/l /dev/shm/x && ls /run/secret' && false
	[ "$(inside sh -c 'ls /run/lock/l /dev/shm/x /run/user/2001/snap.foo/mine 2>/dev/null | wc -l')" = 0 ]
	[ "$(user 2001 'stat -c "%a %u:%g" /run/user/2001 /run/user/2001/snap.foo' | sort -u)" = "700 2001:2001" ]
	[ "$(app 'stat -c "%a %u:%g" /run/user/0 /run/user/0/snap.foo' | sort -u)" = "700 0:0" ]
	plan foo
	cold
	user 2001 'cat /run/secret/s'
}

@test "no user of a snap takes the place in /run that is another's" {
	cold || true
	plan foo hide=/run
	user 2001 'mkdir /run/user/2002 || ln -s /tmp /run/user/2002 || mv /run/user/2001 /run/user/2002' && false
	user 2002 'touch /run/user/2002/snap.foo/mine'
	user 2001 'rm -rf /run/user/2002 || mv /run/user/2002 /run/user/2003' && false
	user 2002 'rm /run/user/2002/snap.foo/mine'
}

@test "plans that hide or allow what cannot be are refused" {
	local bad
	for bad in hide=/etc show=/run/x guard=everything allow="r /x" "hide=/run,/home"; do
		plan foo "$bad"
		run app 'echo started'
		[ "$status" -ne 0 ]
		[[ "$output" != *started* ]]
	done
	plan foo guard=files allow="r ../x"
	run app 'echo started'
	[ "$status" -ne 0 ]
}
