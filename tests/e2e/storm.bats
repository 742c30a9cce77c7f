#!/usr/bin/env bats
# Very many starts, and sudden ends: everything works, nothing is left behind.

load helper
load parts

bats_require_minimum_version 1.5.0

setup_file() {
	parts_system bare tb-probe
}

setup() {
	parts_cd
}

teardown_file() {
	parts_end
}

loops() {
	inside losetup -n -O BACK-FILE | grep -c "$1" || true
}

@test "A138 1,000 starts in parallel by three users, all confined" {
	# bounded: 16 at a time; cold at first, and made cold again in between
	one() {
		case $(($1 % 3)) in
		0) app tb-probe.state ;;
		1) alice tb-probe.state ;;
		*) bob tb-probe.state ;;
		esac
		[ $(($1 % 250)) -ne 0 ] || snapbox discard-ns tb-probe
	}
	export -f one app alice bob as_name inside snapbox
	seq 1000 | xargs -P 16 -I N bash -c 'one N' >out 2>err 3>&-
	[ "$(grep -c '^uid=' out)" -eq 1000 ] || { sort err | uniq -c | sort -rn | head; false; }
	[ ! -s err ] || { head err; false; }
	sort -u out >kinds
	[ "$(wc -l <kinds)" -eq 3 ] || { cat kinds; false; }
	while read -r line; do
		id=${line#uid=}
		is_confined "$line" "${id%% *}"
	done <kinds
}

@test "A111 A136 SIGKILL at any change of a first start: the next one works" {
	for ((n = 1; ; n++)); do
		snapbox discard-ns tb-probe || true
		status=0
		inside "$KILLAT" $n /usr/local/bin/snapbox run tb-probe.state >out 2>&1 || status=$?
		[ $status -eq 137 ] || break
		run app tb-probe.state
		is_confined "$output" 0 || { echo "killed at $n: $output"; false; }
		run alice tb-probe.state
		is_confined "$output" "$ALICE" || { echo "killed at $n: $output"; false; }
	done
	echo "$n changes"
	[ $n -gt 5 ]
	[ $status -eq 0 ]
	snapbox discard-ns tb-probe
	run inside sh -c 'grep -c "/run/snapbox/ns/" /proc/self/mountinfo'
	[ "$output" -le 1 ]
}

@test "SIGKILL at random moments of starts and installs leaves a working system" {
	snapbox install --dangerous "$(part tinybase)" 2>/dev/null || true
	file=$(part tb-tiny)
	for i in {1..60}; do
		case $((i % 3)) in
		0) set -- install --dangerous "$file" ;;
		1) set -- remove --purge tb-tiny ;;
		2) set -- run tb-probe.state ;;
		esac
		inside timeout -s KILL "0.0$((RANDOM % 6))$((RANDOM % 10))" /usr/local/bin/snapbox "$@" >/dev/null 2>&1 || true
	done
	snapbox boot
	snapbox list >listed
	grep -q '^tb-probe ' listed
	run app tb-probe.state
	is_confined "$output" 0
	# whole, or gone; and as many loop devices as images
	if grep -q '^tb-tiny ' listed; then
		run app tb-tiny.state
		is_confined "$output" 0
		snapbox remove --purge tb-tiny
	fi
	run inside sh -c 'grep tb-tiny /proc/self/mountinfo; find /snap /var/snap /var/lib/snapbox -name "*tb-tiny*"'
	[ -z "$output" ] || { echo "$output"; false; }
	run inside find /var/lib/snapbox/staging -mindepth 1
	[ -z "$output" ]
}

@test "a signal ends the app, and its code tells which" {
	for signal in 1 2 15; do
		run alice tb-probe.poke signal $signal
		[ "$status" -eq $((128 + signal)) ]
	done
	run alice tb-probe.poke exit 42
	[ "$status" -eq 42 ]
	run -127 alice tb-probe.nope
	alice tb-probe.poke sleep 30 >said 3>&- &
	starter=$!
	pid=
	for _ in {1..150}; do
		read -r _ _ pid <said || true # the line is not ended yet
		[ -z "$pid" ] || break
		sleep 0.1
	done
	# no helper is left between the caller and the app
	[ "$(inside ps -o comm= -p "$(inside ps -o ppid= -p "$pid")")" = bash ] # nsenter, env and setpriv became it
	kill -TERM "$pid"
	status=0
	wait $starter || status=$?
	[ "$status" -eq 143 ]
}
