#!/usr/bin/env bats
# What a started app inherits of its caller, and what it does not.

bats_require_minimum_version 1.5.0
load helper
load launch

setup_file() { launch_system; }
setup() { launch_cd; }
teardown_file() { launch_end; }

# Through start, as root: options of start, "--", the script.
started() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	inside "$START" "${options[@]}" "$SNAPBOX" confine snap.foo.sh -c "$2"
}

# The same as a user, through the privileged copy.
started_user() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	as_user 2001 "$START" "${options[@]}" "$COPY" snap.foo.sh -c "$2"
}

status_of() {
	grep -E "^$1:" | tr -s '\t ' ' ' | cut -d' ' -f2-
}

@test "A060 a user's app has no capability of any kind" {
	local all word
	all=$(user 2001 'cat /proc/self/status')
	for word in CapInh CapPrm CapEff CapBnd CapAmb; do
		[ "$(status_of $word <<<"$all")" = 0000000000000000 ]
	done
	[ "$(status_of Uid <<<"$all")" = "2001 2001 2001 2001" ]
	[ "$(status_of Gid <<<"$all")" = "2001 2001 2001 2001" ]
}

@test "A060 inheritable and ambient capabilities of the caller end at the start" {
	local all word
	all=$(started --caps -- 'cat /proc/self/status')
	for word in CapInh CapAmb; do
		[ "$(status_of $word <<<"$all")" = 0000000000000000 ]
	done
	all=$(inside "$START" --caps --uid 2001 "$COPY" snap.foo.sh -c 'cat /proc/self/status')
	for word in CapInh CapPrm CapEff CapBnd CapAmb; do
		[ "$(status_of $word <<<"$all")" = 0000000000000000 ]
	done
}

@test "root's app keeps what its plan says, and can get no more" {
	local all
	all=$(app 'cat /proc/self/status')
	[ "$(status_of CapEff <<<"$all")" = 0000000000044000 ]
	[ "$(status_of CapBnd <<<"$all")" = 0000000000044000 ]
	plan foo caps=none
	[ "$(app 'cat /proc/self/status' | status_of CapPrm)" = 0000000000000000 ]
	plan foo caps=all
	[ "$(app 'cat /proc/self/status' | status_of CapBnd)" = "$(inside cat /proc/self/status | status_of CapBnd)" ]
	plan foo
}

@test "A067 root inside cannot mount, make nodes, or reach other root processes" {
	run app 'mount -t tmpfs tmpfs /mnt'
	[ "$status" -ne 0 ]
	run app 'umount /tmp'
	[ "$status" -ne 0 ]
	run app 'mknod /tmp/node b 8 0'
	[ "$status" -ne 0 ]
	run app 'ls /proc/1/root/'
	[ "$status" -ne 0 ]
	run app 'echo x >/proc/1/mem'
	[ "$status" -ne 0 ]
}

@test "no_new_privs is not set, the two filters are there" {
	local all
	all=$(app 'cat /proc/self/status')
	[ "$(status_of NoNewPrivs <<<"$all")" = 0 ]
	[ "$(status_of Seccomp <<<"$all")" = 2 ]
	[ "$(status_of Seccomp_filters <<<"$all")" = 2 ]
	[ "$(user 2001 'cat /proc/self/status' | status_of Seccomp_filters)" = 2 ]
}

@test "A061 the groups are the caller's" {
	[ "$(inside setpriv --reuid 2001 --regid 2001 --groups 2001,777 -- \
		env -i "$COPY" snap.foo.sh -c 'cat /proc/self/status' | status_of Groups)" = "777 2001 " ]
}

@test "A051 a caller with no_new_privs is refused" {
	run started --nnp -- id
	[ "$status" -eq 126 ]
	[[ "$output" == *no_new_privs* ]]
	run started_user --nnp -- id
	[ "$status" -eq 126 ]
	[[ "$output" == *no_new_privs* ]]
}

@test "A072 a traced start of a user is refused, and nothing runs" {
	run started_user --traced -- 'echo ran'
	[ "$status" -ne 0 ]
	[[ "$output" != *ran* ]]
	[[ "$output" == *"no privileges"* ]]
}

@test "A034 missing standard descriptors cause no stray bytes" {
	local mask options n before after
	app true
	before=$(inside sh -c 'cat /var/lib/snapbox/plans/* /run/snapbox/ns/*.info /run/snapbox/lock/*' | sha256sum)
	for mask in 1 2 3 4 5 6 7; do
		options=()
		for n in 0 1 2; do
			(((mask >> n) & 1)) && options+=(--close "$n")
		done
		run started "${options[@]}" -- 'echo out; echo err >&2'
		[ "$status" -eq 0 ]
		run -127 inside "$START" "${options[@]}" "$SNAPBOX" confine snap.foo.nope
		run started_user "${options[@]}" -- 'echo out; echo err >&2'
		[ "$status" -eq 0 ]
	done 2>/dev/null
	after=$(inside sh -c 'cat /var/lib/snapbox/plans/* /run/snapbox/ns/*.info /run/snapbox/lock/*' | sha256sum)
	[ "$before" = "$after" ]
}

@test "A032 the app has three descriptors, whatever the caller had open" {
	[ "$(started --open 7 /etc/passwd --open 500 / -- 'ls /proc/self/fd' | tr '\n' ' ')" = "0 1 2 3 " ]
	[ "$(started_user --open 9 /etc/passwd -- 'ls /proc/self/fd' | tr '\n' ' ')" = "0 1 2 3 " ]
}

@test "A032 a working directory by an inherited descriptor does not come inside" {
	cd /proc/self
	run inside sh -c "exec 5</var/lib/snapbox; cd /proc/self/fd/5; exec '$SNAPBOX' confine snap.foo.sh -c 'pwd; ls'"
	[ "$status" -ne 0 ] || [[ "$output" != *plans* ]]
}

@test "A045 the app gets the caller's umask, our files have their own modes" {
	local mode
	for mode in 0000 0027 0777; do
		cold
		inside rm -rf /var/lib/snapbox/tmp
		[ "$(started --umask $mode -- umask)" = "$mode" ]
		nothing_stray
		[ "$(inside stat -c %a /var/lib/snapbox/tmp /var/lib/snapbox/tmp/snap.foo \
			/var/lib/snapbox/tmp/snap.foo/tmp /run/snapbox/ns/foo.info | tr '\n' ' ')" = "700 700 1777 600 " ]
	done
}

@test "A063 nothing made by a user's first start is the user's" {
	cold
	inside rm -rf /var/lib/snapbox/tmp /run/snapbox/lock
	user 2001 true
	nothing_stray
}

@test "a start under nohup stays under nohup" {
	local all
	all=$(started --ignore 1 -- 'cat /proc/self/status')
	[ "$((0x$(status_of SigIgn <<<"$all") & 1))" = 1 ]
}

@test "A041 signals start with their defaults, the mask is the caller's" {
	local all
	all=$(started --ignore CHLD --ignore PIPE --ignore 40 -- 'cat /proc/self/status')
	# busybox's own shell ignores QUIT for what it starts.
	[ "$((0x$(status_of SigIgn <<<"$all") & ~4))" = 0 ]
	all=$(started --block -- 'cat /proc/self/status')
	[ "$(status_of SigBlk <<<"$all")" != 0000000000000000 ]
}

@test "A050 the personality is cleared" {
	[ "$(started --persona 0x0040000 -- 'cat /proc/self/personality')" = 00000000 ]
}

@test "A037 few descriptors: confined fully or not at all" {
	local n
	for n in {3..24}; do
		[ $((n % 5)) -ne 0 ] || cold
		run started --limit nofile "$n" -- 'echo ran; grep ^Seccomp_filters /proc/self/status'
		[[ "$output" != *ran* ]] || [[ "$output" == *"Seccomp_filters:"*2* ]]
		run started_user --limit nofile "$n" -- 'echo ran; grep -E "^(Seccomp_filters|CapEff)" /proc/self/status'
		[[ "$output" != *ran* ]] || [[ "$output" == *"0000000000000000"*"Seccomp_filters:"*2* ]]
	done
	app true
}

@test "the caller's limits are the app's" {
	[ "$(inside sh -c "ulimit -Sn 99; exec '$SNAPBOX' confine snap.foo.sh -c 'ulimit -n'")" = 99 ]
	cold
	[ "$(inside sh -c "ulimit -Sn 99; exec '$SNAPBOX' confine snap.foo.sh -c 'ulimit -n'")" = 99 ]
}

@test "A039 a file size limit of zero leaves nothing half made" {
	cold
	run started --limit fsize 0 -- true
	app true
	[ "$(app 'echo fine')" = fine ]
}

@test "the working directory is kept where the caller may go, else it is the void" {
	inside mkdir -p /home/open /home/closed
	inside chmod 700 /home/closed
	cd /
	[ "$(inside sh -c "cd /home/open; exec '$SNAPBOX' confine snap.foo.sh -c pwd")" = /home/open ]
	[ "$(as_user 2001 sh -c "cd /home/open; exec $COPY snap.foo.sh -c pwd")" = /home/open ]
	# A047: by descriptor in a directory of another user's
	[ "$(inside sh -c "cd /home/closed; exec setpriv --reuid 2001 --regid 2001 --clear-groups $COPY snap.foo.sh -c pwd")" = /var/lib/snapd/void ]
	[ "$(inside sh -c "cd /opt; exec '$SNAPBOX' confine snap.foo.sh -c pwd")" = /var/lib/snapd/void ]
	inside mkdir -p /home/gone
	[ "$(inside sh -c "cd /home/gone; rmdir /home/gone; exec '$SNAPBOX' confine snap.foo.sh -c pwd")" = /var/lib/snapd/void ]
	run app 'cd /var/lib/snapd/void; echo >x'
	[ "$status" -ne 0 ]
}

@test "the environment is the plan's and the caller's, without what steers loaders" {
	local all
	all=$(inside env -i LANG=C LD_PRELOAD=/x.so PATH=/evil TMPDIR=/evil \
		"$SNAPBOX" confine snap.foo.sh -c env)
	[[ "$all" == *LANG=C* ]]
	[[ "$all" != *LD_PRELOAD* && "$all" != *evil* ]]
	[[ "$all" == *PATH=/bin* && "$all" == *SNAP=/snap/foo/x1* ]]
	all=$(inside "$START" --env LANG=1 --env LANG=2 --env nonsense "$SNAPBOX" confine snap.foo.sh -c env)
	[[ "$all" == *LANG=1* && "$all" != *LANG=2* && "$all" != *nonsense* ]]
}

@test "A001 no argument vector, an empty name: refused without a word read" {
	run inside "$START" --argc0 "$SNAPBOX"
	[ "$status" -ne 0 ]
	run as_user 2001 "$START" --argc0 "$COPY"
	[ "$status" -ne 0 ]
	run as_user 2001 "$START" --argv0 "" "$COPY" snap.foo.sh
	[ "$status" -ne 0 ]
}

@test "A005 words reach the app byte for byte" {
	local big
	big=$(printf 'x%.0s' {1..100000})
	[ "$(app 'printf "%s|" "$@"' sh "a\\" '' '--help' '--' "$(printf 'a\nb\tc')" | sha256sum)" = \
		"$(printf '%s|' "a\\" '' '--help' '--' "$(printf 'a\nb\tc')" | sha256sum)" ]
	[ "$(app 'echo ${#1}' sh "$big")" = 100000 ]
}

@test "E29 the exit status is the app's; 126 and 127 are as in shells" {
	run -7 app 'exit 7'
	run -127 inside "$SNAPBOX" confine snap.foo.nope
	plan foo command=/snap/foo/x1/bin/missing
	run -127 app true
	inside sh -c 'echo >/snap/foo/x1/bin/plain'
	plan foo command=/snap/foo/x1/bin/plain
	run -126 app true
	plan foo
}

@test "A168 a filter that is not whole, or not root's, ends the start" {
	local f=/var/lib/snapbox/seccomp/snap.foo.sh.bin2 kind
	for kind in 'head -c 140 keep' 'head -c 0 keep' 'cat keep keep' 'tr S X <keep'; do
		inside sh -c "cd ${f%/*}; cp $f keep; $kind >new; cat new >$f"
		run app true
		inside sh -c "cd ${f%/*}; cat keep >$f; rm -f keep new"
		[ "$status" -eq 126 ]
	done
	for kind in 'chmod 666' 'chown 2001'; do
		inside sh -c "$kind $f"
		run app true
		inside sh -c "chmod 644 $f; chown 0:0 $f"
		[ "$status" -eq 126 ]
	done
	inside mv $f $f.gone
	run app true
	inside mv $f.gone $f
	[ "$status" -eq 126 ]
	app true
}

@test "a plan that others could have written is refused" {
	local f=/var/lib/snapbox/plans/snap.foo.sh kind
	for kind in 'chmod 664' 'chmod 646' 'chown 2001' 'chgrp 2001'; do
		inside sh -c "$kind $f"
		run app 'echo ran'
		inside sh -c "chmod 644 $f; chown 0:0 $f"
		[ "$status" -eq 126 ]
		[[ "$output" == *"not only root"* ]]
	done
	inside sh -c "mv $f $f.real; ln -s $f.real $f"
	run app 'echo ran'
	inside mv $f.real $f
	[ "$status" -eq 126 ]
	inside sh -c "cp $f ${f%foo.sh}foo.other"
	run inside "$SNAPBOX" confine snap.foo.other
	inside rm ${f%foo.sh}foo.other
	[ "$status" -eq 126 ]
	[[ "$output" == *"another label"* ]]
}

@test "labels that are none are refused" {
	local l
	for l in '' . .. snap snap.foo snap.foo. 'snap.foo.sh ' ../plans/snap.foo.sh snap.foo.sh/x \
		"$(printf 'snap.foo.sh\nx')" snap.FOO.sh --help=x; do
		run ! inside "$SNAPBOX" confine -- "$l"
		[ "${#lines[@]}" -le 1 ]
	done
}

@test "a classic app has no namespace of its own" {
	inside sh -c "sed -e '/^base/d' -e s/strict/classic/ -e 's/^caps.*/caps all/' \
		/var/lib/snapbox/plans/snap.foo.sh >/var/lib/snapbox/plans/new &&
		mv /var/lib/snapbox/plans/new /var/lib/snapbox/plans/snap.foo.sh"
	inside mkdir -p /home/classic
	[ "$(app 'readlink /proc/self/ns/mnt')" = "$(inside readlink /proc/self/ns/mnt)" ]
	[ "$(inside sh -c "cd /home/classic; exec '$SNAPBOX' confine snap.foo.sh -c pwd")" = /home/classic ]
	[ "$(user 2001 'readlink /proc/self/ns/mnt')" = "$(inside readlink /proc/self/ns/mnt)" ]
	plan foo
}
