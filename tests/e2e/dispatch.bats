#!/usr/bin/env bats
# Which command runs, and what happens to words that are none (behaviour E3, class ARG).

setup() {
	SNAPBOX=${SNAPBOX:-$BATS_TEST_DIRNAME/../../build/snapbox}
	cd "$BATS_TEST_TMPDIR"
}

@test "a name in argv[0] picks the command, and so does the first word" {
	ln -s "$SNAPBOX" version
	run ./version
	[ "$status" -eq 0 ]
	[ "$output" = "$("$SNAPBOX" version)" ]
	ln -s "$SNAPBOX" snap
	run ./snap version
	[ "$status" -eq 0 ]
}

@test "every listed name answers to --help with a usage line" {
	for name in $("$SNAPBOX" --list); do
		case $name in --*|-h) continue ;; esac
		run "$SNAPBOX" "$name" --help
		[ "$status" -eq 0 ]
		[[ "${lines[0]}" == "Usage: snapbox "* ]]
	done
}

@test "an unknown command exits 2 with the nearest name" {
	run "$SNAPBOX" versoin
	[ "$status" -eq 2 ]
	[[ "$output" == *'did you mean "version"?'* ]]
	ln -s "$SNAPBOX" debgu
	run ./debgu
	[ "$status" -eq 2 ]
}

@test "A012 wrong options and words are usage errors without effect" {
	while read -r words; do
		# shellcheck disable=SC2086
		run "$SNAPBOX" $words
		[ "$status" -eq 2 ] || { echo "accepted: $words"; false; }
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
		version --nope
		version extra
		debug
		debug confinement more than one
		debug --json --json confinement
		debug --json=yes confinement
		debug nothing
		help --man= debug
	END
}

@test "A012 a word with a newline makes one escaped line" {
	run "$SNAPBOX" $'ver\nsion\e[2J'
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" == *'ver\x0asion\x1b[2J'* ]]
}

@test "every command has a man page that man accepts" {
	for name in $("$SNAPBOX" --list); do
		case $name in --*|-h) continue ;; esac
		"$SNAPBOX" help --man "$name" >page
		grep -q '^\.SH SYNOPSIS' page
		run man --warnings -l page
		[[ "$output" != *warning:* ]]
	done
}

@test "the completion is a shell script that completes commands" {
	"$SNAPBOX" help --completion >completion
	run bash -c 'source ./completion; COMP_WORDS=(snapbox ver) COMP_CWORD=1; _snapbox; echo "${COMPREPLY[@]}"'
	[ "$output" = version ]
}

@test "debug confinement agrees with the kernel, and says so to programs" {
	run "$SNAPBOX" debug confinement
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	[[ "$output" == *"seccomp errno"*present* ]]
	"$SNAPBOX" debug confinement --json >facts.json || [ $? -eq 3 ]
	grep -q '"group":"seccomp","name":"errno","state":"present"' facts.json
	if grep -qw apparmor /sys/kernel/security/lsm 2>/dev/null; then
		[[ "$output" == *"apparmor "*present* ]]
	fi
}

@test "what a verb of debug does not look at is refused" {
	local words
	for words in "host --json" "model --json x" "lint --required=a x" "kernel-config --required=a"; do
		# shellcheck disable=SC2086
		run "$SNAPBOX" debug $words
		[ "$status" -eq 2 ]
		[[ "$output" == *"debug ${words%% *}: has no --"* ]]
	done
	run "$SNAPBOX" debug host
	[ "$status" -eq 0 ]
}

@test "B2 debug sandbox-features prints tags as snapd does, and fails for one that is not there" {
	run "$SNAPBOX" debug sandbox-features
	[ "$status" -eq 0 ]
	grep -qE '^confinement-options:  classic devmode( strict)?$' <<<"$output"
	grep -qE '^seccomp:  .*kernel:errno.* bpf-argument-filtering' <<<"$output" ||
		grep -qE '^seccomp: +kernel:.*bpf-argument-filtering' <<<"$output"
	[ -z "$("$SNAPBOX" debug sandbox-features --required=confinement-options:devmode,seccomp:kernel:errno)" ]
	run "$SNAPBOX" debug sandbox-features --required=seccomp:kernel:errno,seccomp:nonsense
	[ "$status" -eq 1 ]
	[[ "$output" == *'sandbox feature not available: "seccomp:nonsense"'* ]]
	"$SNAPBOX" debug sandbox-features --json | python3 -c 'import json, sys; json.load(sys.stdin)["seccomp"]'
}

@test "debug kernel-config tells what a kernel lacks" {
	printf 'CONFIG_%s=y\n' NAMESPACES SECCOMP SECCOMP_FILTER PROC_FS TMPFS UNIX98_PTYS DEVTMPFS MULTIUSER >some
	run "$SNAPBOX" debug kernel-config some
	[ "$status" -eq 3 ]
	grep -qE '^CONFIG_SECCOMP +yes +needed' <<<"$output"
	grep -qE '^CONFIG_SECURITY_LANDLOCK +no +substitute' <<<"$output"
	gzip -k some
	[ "$("$SNAPBOX" debug kernel-config some.gz)" = "$output" ]
	grep -v SECCOMP_FILTER some >fewer
	run "$SNAPBOX" debug kernel-config fewer
	[ "$status" -eq 1 ]
	head -c 2000 /dev/urandom >noise
	run "$SNAPBOX" debug kernel-config noise
	[ "$status" -eq 1 ]
	[[ "$output" == *"noise: not the configuration of a kernel"* ]]
	run "$SNAPBOX" debug kernel-config /nonexistent
	[ "$status" -eq 1 ]
}
