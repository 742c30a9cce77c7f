#!/usr/bin/env bats
# What a caller brings along: arguments, environment, descriptors, limits, signals
# (attack classes ARG, ENV, INH). Each through the privileged copy, where it counts.

load helper
load parts

COPY=/usr/lib/snapbox/snap-confine
RUN=/usr/local/bin/snapbox

setup_file() {
	parts_system bare tb-probe
}

setup() {
	parts_cd
}

teardown_file() {
	parts_end
}

# start OPTION... : snapbox run tb-probe.state as alice, begun by tests/lib/start
begun() {
	as_name alice "$ALICE" "$START" "$@"
}

@test "A001 no arguments at all is refused at once" {
	for program in "$RUN" "$COPY" /usr/local/bin/snap /snap/bin/tb-probe.state; do
		run begun --argc0 --env run --env PATH=/tmp/evil "$program"
		[ "$status" -ne 0 ]
		[ "$status" -lt 125 ]
		run begun --argv0 '' "$program"
		[ "$status" -ne 0 ]
		[ "$status" -lt 125 ]
	done
}

@test "A003 the privileged copy serves confine only, by whatever name it is called" {
	for name in snapbox snap install remove list boot version debug discard-ns snap-discard-ns \
		snap-exec snap-seccomp run help tb-probe.state; do
		run begun --argv0 "$name" "$COPY" install x.snap
		[ "$status" -ne 0 ] || { echo "$name: $output"; false; }
		[[ "$output" == *"not from the privileged copy"* || "$output" == *"unknown command"* ]] ||
			{ echo "$name: $output"; false; }
		ln -sf $COPY "$name"
		run begun "./$name"
		[ "$status" -ne 0 ] || { echo "$name: $output"; false; }
	done
}

@test "A005 arguments reach the app byte for byte" {
	# shellcheck disable=SC1003 # these are backslashes
	words=('' '\' 'a\' '--' '--help' '-h' $'a\nb' $'\x01\xff' '$HOME' '"' "it's" ' ')
	alice tb-probe.args "${words[@]}" >out
	python3 - out "${words[@]}" <<-'EOF'
	import json, os, sys
	got = [a.encode("latin-1") for a in json.load(open(sys.argv[1]))["args"]]
	assert got == [os.fsencode(a) for a in sys.argv[2:]], got
	EOF
	# as much as the kernel takes at all, and one long word
	python3 -c 'print("\n".join(str(i) for i in range(60000)))' >many
	# shellcheck disable=SC2046
	alice tb-probe.args $(cat many) | python3 -c '
import json, sys
assert json.load(sys.stdin)["args"] == [str(i) for i in range(60000)]'
	run alice tb-probe.args "$(head -c 131000 /dev/zero | tr '\0' x)"
	[ "$status" -eq 0 ]
}

@test "A006 no flag after a command opens it to those who may not use it" {
	for words in "install ./x.snap --help" "remove tb-probe -- --help" "remove tb-probe -h" \
		"boot x --help" "discard-ns tb-probe --help"; do
		# shellcheck disable=SC2086
		run as_name alice "$ALICE" "$RUN" $words
		[ "$status" -ne 0 ] || { echo "$words"; false; }
	done
	run alice tb-probe.args --help
	[ "$status" -eq 0 ]
	[[ "$output" == *'"--help"'* ]]
}

@test "A008 what follows the app's name is the app's" {
	run alice tb-probe.args -- --debug-log=/etc/canary --shell
	[[ "$output" == *'"--","--debug-log=/etc/canary","--shell"'* ]]
	run as_name alice "$ALICE" "$RUN" run -- tb-probe.args --shell
	[[ "$output" == *'["--shell"]'* ]]
	[ ! -e /etc/canary ]
}

@test "A012 labels that are none are refused by the privileged stage" {
	for label in '' snap snap. snap.x snap..x snap.tb-probe. 'snap.tb-probe.state ' \
		../snap.tb-probe.state snap.tb-probe.state/../snap.tb-probe.state /etc/passwd \
		snap.tb-probe.STATE snap.tb_probe_x.state snap.tb-probe.hook.x $'snap.tb-probe.state\n' \
		"snap.$(head -c 5000 /dev/zero | tr '\0' a).x"; do
		if begun "$COPY" "$label" >out 2>&1; then
			echo "accepted: $label"
			false
		fi
		[ "$(wc -l <out)" -eq 1 ]
	done
}

@test "A018 A029 A031 the caller's variables steer neither the launcher nor its files" {
	canary=$BATS_TEST_TMPDIR/canary
	echo x >"$canary"
	for name in LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH GLIBC_TUNABLES GCONV_PATH NLSPATH LOCPATH \
		MUSL_LOCPATH TZ HOSTALIASES RESOLV_HOST_CONF MALLOC_TRACE TMPDIR SNAPD_DEBUG \
		SNAP_REEXEC SNAP_CONFINE_MAX_PROFILE_WAIT; do
		# traced as root: as a user the kernel takes the privileges away
		inside env -i PATH=/usr/bin:/bin "$name=$canary" strace -f -qq -e trace=open,openat,openat2,stat,access \
			-o log "$RUN" run tb-probe.true
		none grep -F "$canary" log || { echo "$name"; false; }
	done
	alice tb-probe >json
	field env <json >variables
	grep -qx TMPDIR=/tmp variables
	run begun --env TMPDIR=/etc --env TMP=/etc --env TEMPDIR=/etc "$RUN" run tb-probe
	[[ "$output" != *'TMPDIR=/etc'* ]]
}

@test "A020 A022 no program is looked up along the caller's PATH" {
	mkdir evil
	for name in apparmor_parser mount modprobe losetup udevadm systemctl sh env snap-exec snap-confine \
		snap-update-ns snapbox probe; do
		printf '#!/bin/sh\ntouch %s/ran-%s\n' "$PWD" $name >evil/$name
	done
	chmod 755 evil/*
	chmod 777 .
	run begun --env "PATH=$PWD/evil:." --env BASH_ENV="$PWD/evil/sh" --env IFS=x "$RUN" run tb-probe.state
	[ "$status" -eq 0 ]
	snapbox discard-ns tb-probe
	inside env "PATH=$PWD/evil" "$RUN" run tb-probe.state
	run ls
	[[ "$output" != *ran-* ]]
	run begun --env "PATH=$PWD/evil:." "$RUN" run tb-probe
	[[ "$output" == *'"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games"'* ]]
}

@test "A026 A027 home and runtime directory come from the user database and the uid" {
	mkdir -p victim
	chmod 777 victim
	for value in /etc /root relative '' /proc/self/cwd /run/user/0 ../../etc "$PWD/victim" $'/run/user/1\n'; do
		run begun --env "HOME=$value" --env "XDG_RUNTIME_DIR=$value" "$RUN" run tb-probe
		[ "$status" -eq 0 ] || { echo "$value: $output"; continue; }
		field env <<<"$output" >variables
		grep -qx HOME=/home/alice/snap/tb-probe/x1 variables || { echo "$value"; cat variables; false; }
		grep -qx "XDG_RUNTIME_DIR=/run/user/$ALICE/snap.tb-probe" variables
	done
	[ -z "$(ls victim)" ]
	run begun --env A=b "$RUN" run tb-probe.state
	is_confined "$output" "$ALICE"
}

@test "A032 no inherited descriptors reach the app" {
	run begun --open 3 /etc/passwd --open 7 / --open 99 /tmp --open 1000 /proc "$RUN" run tb-probe
	[ "$status" -eq 0 ]
	[ "$(field fds <<<"$output" | cut -d' ' -f1 | tr '\n' ' ')" = "0 1 2 " ]
	run inside "$START" --open 3 / --open 500 /etc "$RUN" run tb-probe
	[ "$(field fds <<<"$output" | cut -d' ' -f1 | tr '\n' ' ')" = "0 1 2 " ]
	for n in 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		(cd "/proc/self/fd/" && begun --open $n / "$RUN" run tb-probe) >json 2>err || continue
		cwd=$(field cwd <json)
		[[ "$cwd" == /* && "$cwd" != *unreachable* ]]
	done
}

@test "A034 missing standard descriptors are never files of the launcher" {
	before=$(system_state)
	for closed in "0" "1" "2" "0 1" "0 2" "1 2" "0 1 2"; do
		options=()
		for fd in $closed; do options+=(--close "$fd"); done
		begun "${options[@]}" "$RUN" run no-such.app || true
		begun "${options[@]}" "$COPY" nonsense || true
		begun "${options[@]}" "$RUN" run tb-probe.state || true
		inside "$START" "${options[@]}" "$RUN" install nowhere.snap || true
	done
	[ "$(system_state)" = "$before" ]
}

@test "A037 with few descriptors an app is fully confined or not started" {
	for n in 0 1 2 3 4 5 6 7 8 9 10 12 14 16 20 24 32 48 64; do
		run begun --limit nofile $n "$RUN" run tb-probe.state
		if [ "$status" -eq 0 ]; then
			is_confined "$output" "$ALICE" || { echo "$n: $output"; false; }
		fi
		snapbox discard-ns tb-probe || true
		run inside "$START" --limit nofile $n "$RUN" run tb-probe.state
		if [ "$status" -eq 0 ]; then
			is_confined "$output" 0 || { echo "root $n: $output"; false; }
		fi
	done
}

@test "A039 a limit on file sizes truncates no state" {
	before=$(system_state)
	for size in 0 1 512; do
		run inside "$START" --limit fsize $size "$RUN" install --dangerous "$(part bare)"
		run inside "$START" --limit fsize $size --ignore 25 "$RUN" install --dangerous "$(part tinybase)"
		run snapbox list
		[ "$status" -eq 0 ]
		[[ "$output" == *tb-probe* ]]
		snapbox remove --purge tinybase 2>/dev/null || true
	done
	run alice tb-probe.state
	is_confined "$output" "$ALICE"
	[ -n "$before" ]
}

@test "A041 A042 ignored and blocked signals hide no failure, and the app gets the defaults" {
	run begun --ignore 17 --ignore 13 --ignore 1 --block "$RUN" run tb-probe
	[ "$status" -eq 0 ]
	mask=$(inside "$START" --block /snap/tb-probe/x1/bin/probe | field sig_blocked)
	[ "$(field sig_blocked <<<"$output")" = "$mask" ]
	# An app is not left with what the caller ignores, but for a hangup, as under nohup.
	[ "$(field sig_ignored <<<"$output")" = 0000000000000001 ]
	run inside "$START" --ignore 17 --block "$RUN" install --dangerous no-such-file
	[ "$status" -eq 1 ]
	run inside "$START" --ignore 17 "$RUN" install --dangerous "$TOP/README.md"
	[ "$status" -eq 1 ]
}

@test "A045 any umask gives the documented modes, and the app gets the caller's" {
	for mask in 0000 0027 0777; do
		snapbox remove --purge tb-other 2>/dev/null || true
		inside "$START" --umask $mask "$RUN" install --dangerous "$(part tb-other)"
		run begun --umask $mask "$RUN" run tb-other.tb-probe
		[ "$status" -eq 0 ]
		[ "$(field umask <<<"$output")" = $mask ]
		inside find /var/lib/snapbox /run/snapbox -xdev ! -type l \( -perm /022 -o ! -user root \) \
			! -path '*/tmp/snap.*/tmp*' >loose
		[ ! -s loose ] || { cat loose; false; }
		inside find /var/lib/snapbox /run/snapbox /var/snap -xdev -printf '%m %U %p\n' |
			grep -v '/ns/' | sort >modes
		[ ! -f first ] || diff first modes
		mv modes first
	done
	snapbox remove --purge tb-other
}

@test "A047 the working directory is kept with the caller's rights only" {
	run inside env -i "$START" --uid "$ALICE" "$RUN" run tb-probe
	inside mkdir -m 700 /home/closed
	run inside sh -c "cd /home/closed && exec setpriv --reuid $ALICE --regid $ALICE --clear-groups $RUN run tb-probe"
	[ "$status" -eq 0 ]
	[ "$(field cwd <<<"$output")" = /var/lib/snapd/void ]
	run begun --gone "$RUN" run tb-probe
	[ "$status" -eq 0 ]
	[ "$(field cwd <<<"$output")" = /var/lib/snapd/void ]
	run inside sh -c "cd /home/alice && exec setpriv --reuid $ALICE --regid $ALICE --clear-groups $RUN run tb-probe"
	[ "$(field cwd <<<"$output")" = /home/alice ]
}

@test "A050 the caller's personality does not survive" {
	for flags in 0100000 0040000 0200000 00400000 3; do
		run begun --persona $flags "$RUN" run tb-probe
		[ "$status" -eq 0 ] || { echo "$flags: $output"; false; }
		[ "$(field personality <<<"$output")" -eq 0 ] || { echo "$flags"; false; }
	done
}

@test "A051 no_new_privs is a reason to refuse" {
	run begun --nnp "$RUN" run tb-probe.state
	[ "$status" -eq 126 ]
	[[ "$output" != uid=* ]]
	run inside "$START" --nnp "$RUN" run tb-probe.state
	[ "$status" -eq 126 ]
	[[ "$output" == *no_new_privs* ]]
}

@test "A053 stacks of any size do no harm" {
	for size in 131072 1048576 unlimited; do
		run begun --limit stack $size "$RUN" run tb-probe.state
		[ "$status" -ne 139 ]
		[ "$status" -ne 0 ] || is_confined "$output" "$ALICE"
	done
	none grep -rnE '\balloca\b' "$TOP/src"
}
