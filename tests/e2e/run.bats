#!/usr/bin/env bats
# What `run` does before the sandbox: names, words, the user's places and variables.
#
# Plans are made out of a snap.yaml; the base is busybox in a directory, and the
# filter lets everything through. What the sandbox refuses is tested elsewhere.

bats_require_minimum_version 1.5.0
load helper

ALICE=2001 BOB=2002
COPY=/usr/lib/snapbox/snap-confine

setup_file() {
	# shellcheck disable=SC2034 # where system_new puts what it makes
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	system_new
	export SYSTEM_PID
	chmod 755 "$BATS_FILE_TMPDIR"
	# An /etc and a /usr that can be changed.
	local dir
	for dir in usr etc; do
		inside mkdir -p "/run/own/$dir/up" "/run/own/$dir/work"
		inside mount -t overlay \
			-o "lowerdir=/$dir,upperdir=/run/own/$dir/up,workdir=/run/own/$dir/work" \
			overlay "/$dir"
	done
	inside mkdir -p /snap/bin /var/snap /media /run/netns /var/lib/snapbox/{plans,seccomp}
	base_make
	snap_make
	inside sh -c "cat >/etc/passwd" <<-EOT
	root:x:0:0:root:/root:/bin/sh
	alice:x:$ALICE:$ALICE:Alice:/home/alice:/bin/sh
	bob:x:$BOB:$BOB:Bob:/home/bob:/bin/sh
	slash:x:2003:2003::/:/bin/sh
	gone:x:2004:2004::/nonexistent:/bin/sh
	wrong:x:2005:2005::/home/alice:/bin/sh
	EOT
	inside install -d -m 0755 -o $ALICE -g $ALICE /home/alice
	inside install -d -m 0750 -o $BOB -g $BOB /data/bob
	inside ln -s /data/bob /home/bob
	inside install -d -m 0700 -o $ALICE -g $ALICE /run/user/$ALICE
	snapbox --install -s /usr/local/bin
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

teardown_file() {
	snapbox discard-ns foo || true
	inside rm -rf /data || true
	system_end
}

base_make() {
	local dir=/snap/tinybase/current name
	inside mkdir -p $dir/{bin,usr/lib/snapd,usr/src,dev,proc,sys,run,tmp,snap,media,mnt,home,root} \
		$dir/{etc/ssl,etc/alternatives,lib/modules,lib/firmware,var/snap,var/lib/snapd,var/tmp,var/log}
	inside cp /bin/busybox $dir/bin/busybox
	for name in sh env id; do
		inside ln -sf busybox "$dir/bin/$name"
	done
	inside mkdir -p /snap/bare/current
	inside cp -r $dir/. /snap/bare/current/
	inside rm -r /snap/bare/current/bin
	inside mkdir /snap/bare/current/bin
}

# The snap foo, and bar on a base without a shell.
snap_make() {
	local name
	cat >foo.yaml <<-'EOT'
	name: foo
	version: 1.0
	base: tinybase
	environment: {GREETING: hello, TWICE: $GREETING $GREETING}
	apps:
	  foo: {command: bin/words}
	  env: {command: bin/env}
	  words: {command: bin/words fixed  $GREETING $NOTHING $TWICE}
	  chained: {command: bin/words last, command-chain: [bin/chain]}
	  sh: {command: bin/sh}
	  missing: {command: bin/not-there}
	  data: {command: bin/data}
	hooks: {install: }
	EOT
	sed 's/name: foo/name: bar/; s/tinybase/bare/' foo.yaml >bar.yaml
	sed 's/name: foo/name: old/; s/base: tinybase/confinement: classic/' foo.yaml >old.yaml
	for name in foo bar old; do
		local dir=/snap/$name/x1
		inside mkdir -p $dir/bin $dir/meta/hooks /var/snap/$name
		inside cp /bin/busybox $dir/bin/env
		inside cp /bin/busybox $dir/bin/busybox
		[ $name = bar ] || inside cp /bin/busybox $dir/bin/sh
		inside sh -c "cat >$dir/bin/words; chmod 755 $dir/bin/words" <<-'EOT'
		#!/bin/sh
		for word; do echo "<$word>"; done
		EOT
		inside sh -c "cat >$dir/bin/chain; chmod 755 $dir/bin/chain" <<-'EOT'
		#!/bin/sh
		echo chain
		exec "$@" more
		EOT
		inside cp $dir/bin/words $dir/meta/hooks/install
		plans $name
	done
}

# One file a plan out of all of them; a filter beside each.
plans() {
	local text label
	snapbox debug plans "$1.yaml" >plans.txt
	while IFS= read -r line; do
		text+=$line$'\n'
		case $line in
		'label '*) label=${line#label } ;;
		end)
			printf %s "$text" | inside sh -c "cat >/var/lib/snapbox/plans/$label"
			python3 -c '
import struct, sys
allow = struct.pack("HBBI", 6, 0, 0, 0x7fff0000)
head = b"SC" + bytes([1, 0]) + bytes(4) + struct.pack("II", 8, 8) + bytes(112)
sys.stdout.buffer.write(head + allow + allow)' |
				inside sh -c "cat >/var/lib/snapbox/seccomp/$label.bin2"
			text= ;;
		esac
	done <plans.txt
}

alice() {
	as_user $ALICE "$SNAPBOX" run "$@"
}

@test "root: words of the plan and of the caller arrive as they are" {
	run snapbox run foo.words 'a b' '' '$GREETING' '*'
	[ "$status" -eq 0 ]
	[ "$output" = "<fixed>
<hello>
<hello hello>
<a b>
<>
<\$GREETING>
<*>" ]
}

@test "a user, through the privileged copy: the same" {
	run alice foo.words 'a b' '' '$GREETING' '*'
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "<hello>" ]
	[ "${lines[6]}" = "<*>" ]
}

@test "A006 A008: what follows the name is the app's, options too" {
	for who in snapbox\ run alice; do
		run $who foo -- --shell --help --hook=install -h --debug-log=/etc/canary
		[ "$status" -eq 0 ]
		[ "$output" = "<-->
<--shell>
<--help>
<--hook=install>
<-h>
<--debug-log=/etc/canary>" ]
		run $who -- foo --shell
		[ "$output" = "<--shell>" ]
	done
}

@test "A005: odd and many words arrive byte for byte, or the kernel's limit is named" {
	local who big
	printf -v big '%100000s' ''
	for who in snapbox\ run alice; do
		# shellcheck disable=SC1003 # a backslash
		run $who foo 'x\' '\' $'\001\377' $'a\nb' '-' "$big"
		[ "$status" -eq 0 ]
		# shellcheck disable=SC1003
		[ "$output" = "$(printf '<%s>\n' 'x\' '\' $'\001\377' $'a\nb' '-' "$big")" ]
		run $who foo.sh -c 'echo $#' sh $(seq 20000)
		[ "$output" = 20000 ]
	done
	# As much as one exec takes, and the next, with more in its environment, does not.
	run as_user $ALICE /usr/bin/python3 -c '
import os, sys
words = ["x" * 100000] * 20
for n in range(20, 0, -1):
    try:
        os.execve(sys.argv[1], [sys.argv[1], "run", "foo.sh", "-c", ":", *words[:n], "y" * 90000], {})
    except OSError:
        pass' "$SNAPBOX"
	[[ $status -eq 0 || ($status -eq 126 && $output = *"Argument list too long"*) ]] ||
		{ echo "$status ${output:0:1000}"; false; }
}

@test "A012: one grammar for options, one kind of refusal" {
	local row
	while IFS= read -r row; do
		eval "set -- $row"
		run snapbox run "$@"
		[ "$status" -eq 2 ] || { echo "$row: $status $output"; false; }
		[ "${#lines[@]}" -eq 1 ] || { echo "$row: $output"; false; }
	done <<-'EOT'
	--hook
	--hook= foo
	--hook=a --hook=b foo
	--shell=yes foo
	--shell --shell foo
	--shel foo
	--shell
	--hooks=a foo
	-s foo
	-x
	--root=/ foo
	--
	$'--hook\n=x' foo
	EOT
}

@test "the command-chain comes first" {
	run alice foo.chained x
	[ "$output" = "chain
<last>
<x>
<more>" ]
}

@test "the exit status is the app's; 127 when there is none, 126 when it cannot start" {
	run alice foo.sh -c 'exit 42'
	[ "$status" -eq 42 ]
	run -127 alice foo.nothing
	[[ $output = *"foo.nothing: no such app"* ]]
	run -127 alice foo.missing
	run -127 alice ../../etc/passwd
	run -127 alice foo.foo
	run alice
	[ "$status" -eq 2 ]
	run alice --no-such-option foo
	[ "$status" -eq 2 ]
}

@test "E7 E14 A027: who the user is says the user database, whatever the caller says" {
	run as_user $ALICE env -i HOME=/root XDG_RUNTIME_DIR=/etc SNAP_USER_DATA=/etc SNAP=/etc \
		PATH=.:/tmp/evil: SNAP_UID=0 USER=root TMPDIR=/etc LD_PRELOAD=/evil.so \
		SNAP_COOKIE=secret KEPT=yes "$SNAPBOX" run foo.env
	[ "$status" -eq 0 ]
	for want in HOME=/home/alice/snap/foo/x1 XDG_RUNTIME_DIR=/run/user/$ALICE/snap.foo \
		SNAP_USER_DATA=/home/alice/snap/foo/x1 SNAP_USER_COMMON=/home/alice/snap/foo/common \
		SNAP=/snap/foo/x1 SNAP_DATA=/var/snap/foo/x1 SNAP_COMMON=/var/snap/foo/common \
		SNAP_UID=$ALICE SNAP_REAL_HOME=/home/alice TMPDIR=/tmp KEPT=yes "TWICE=hello hello" \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games; do
		[ "$(printf '%s\n' "${lines[@]}" | grep -c "^${want%%=*}=")" -eq 1 ] || { echo "$want"; false; }
		printf '%s\n' "${lines[@]}" | grep -qxF "$want" || { echo "$want, but $output"; false; }
	done
	[[ $output != *LD_PRELOAD* && $output != *SNAP_COOKIE* ]]
}

@test "E26: the user's directories, their modes, and nobody else's" {
	inside rm -rf /home/alice/snap /run/user/$ALICE/snap.foo
	run as_user $ALICE sh -c "umask 0; exec '$SNAPBOX' run foo.sh -c umask"
	[ "${lines[-1]}" = "0000" ]
	run inside stat -c '%n %a %u:%g' /home/alice/snap /home/alice/snap/foo \
		/home/alice/snap/foo/x1 /home/alice/snap/foo/common /run/user/$ALICE/snap.foo
	[ "$output" = "/home/alice/snap 700 $ALICE:$ALICE
/home/alice/snap/foo 755 $ALICE:$ALICE
/home/alice/snap/foo/x1 755 $ALICE:$ALICE
/home/alice/snap/foo/common 755 $ALICE:$ALICE
/run/user/$ALICE/snap.foo 700 $ALICE:$ALICE" ]
	[ "$(inside readlink /home/alice/snap/foo/current)" = x1 ]
}

@test "A102: a home behind a link works; one that is nobody's, gone or somebody else's is refused" {
	run as_user $BOB "$SNAPBOX" run foo.sh -c 'echo $HOME'
	[ "$output" = /home/bob/snap/foo/x1 ]
	inside test -d /data/bob/snap/foo/x1
	run as_user 2003 "$SNAPBOX" run foo
	[ "$status" -eq 126 ]
	[[ $output = *"home directory of uid 2003 is /:"* ]]
	run as_user 2004 "$SNAPBOX" run foo
	[[ $status -eq 126 && $output = *"/nonexistent: No such file"* ]]
	run as_user 2005 "$SNAPBOX" run foo
	[[ $status -eq 126 && $output = *"/home/alice belongs to uid $ALICE"* ]]
}

@test "A287: a uid that the user database does not have is refused, and said so" {
	run as_user 3999 "$SNAPBOX" run foo
	[ "$status" -eq 126 ]
	[ "$output" = "snapbox: run foo: uid 3999 is not in /etc/passwd, or has no home directory there" ]
}

@test "A093: a link that an app left in its user's place is not followed" {
	alice foo
	inside mv /home/alice/snap/foo/common /home/alice/snap/foo/away
	inside ln -s /etc /home/alice/snap/foo/common
	run alice foo
	[ "$status" -eq 126 ]
	[[ $output = *"common below /home/alice/snap is not a directory: remove it"* ]]
	inside rm /home/alice/snap/foo/common
	inside mv /home/alice/snap/foo/away /home/alice/snap/foo/common
}

@test "many first starts at once make each directory once" {
	inside rm -rf /home/alice/snap
	run inside setpriv --reuid $ALICE --regid $ALICE --clear-groups sh -c \
		'i=0; while [ $i -lt 40 ]; do "$0" run foo.words go & i=$((i + 1)); done; wait' "$SNAPBOX"
	[ "$(printf '%s\n' "${lines[@]}" | grep -c '^<go>$')" -eq 40 ]
	[ "$(inside ls -A /home/alice/snap/foo | tr '\n' ' ')" = "common current x1 " ]
}

@test "X5: --shell gives a shell with the app's words left out; none when there is none" {
	for who in snapbox\ run alice; do
		run $who --shell foo.words -c 'echo $0 $SNAP_APP_NAME'
		[ "$status" -eq 0 ]
		[ "$output" = "/bin/sh words" ]
		run $who --shell bar.words
		[ "$status" -eq 126 ]
		[[ $output = *"neither its base nor the snap itself has a shell"* ]]
	done
}

@test "E7 M27: a classic app sees the host, and what its caller has stays" {
	local who
	for who in inside "as_user $ALICE"; do
		run $who env -i HOME=/tmp XDG_RUNTIME_DIR=/my/run PATH=/usr/bin:/bin LD_BIND_NOW=1 \
			"$SNAPBOX" run old.env
		[ "$status" -eq 0 ]
		for want in HOME=/tmp XDG_RUNTIME_DIR=/my/run PATH=/usr/bin:/bin LD_BIND_NOW=1 \
			SNAP=/snap/old/x1 "TWICE=hello hello"; do
			printf '%s\n' "${lines[@]}" | grep -qxF "$want" || { echo "$want, but $output"; false; }
		done
		run $who "$SNAPBOX" run old.sh -c 'test -e /etc/debian_version && echo host'
		[ "$output" = host ]
		run $who "$SNAPBOX" run --shell old.sh -c 'echo $BASH_VERSION'
		[[ $status -eq 0 && ${lines[-1]} = [4-9]* ]]
	done
	inside test -d /home/alice/snap/old/x1
}

@test "--hook runs a hook and takes no words" {
	run snapbox run --hook=install foo
	[ "$status" -eq 0 ]
	run snapbox run --hook=install foo x
	[ "$status" -eq 2 ]
	run -127 snapbox run --hook=configure foo
	run -127 snapbox run --hook=../x foo
}

@test "E3 A252: a link in /snap/bin runs its app, and only an exact name is one" {
	inside ln -sf "$SNAPBOX" /snap/bin/foo.words
	inside ln -sf "$SNAPBOX" /snap/bin/foo.foo
	inside ln -sf "$SNAPBOX" /snap/bin/foo.
	inside ln -sf "$SNAPBOX" /snap/bin/help
	run as_user $ALICE /snap/bin/foo.words --help
	[ "$status" -eq 0 ]
	[ "${lines[3]}" = "<--help>" ]
	for name in foo.foo foo. help; do
		run -127 as_user $ALICE /snap/bin/$name
	done
}

@test "a plan that is not only root's is not believed" {
	inside chmod g+w /var/lib/snapbox/plans/snap.foo.words
	run alice foo.words
	[ "$status" -eq 126 ]
	inside chmod g-w /var/lib/snapbox/plans/snap.foo.words
}

@test "without the privileged copy a user is told what to do" {
	inside mv $COPY $COPY.away
	run alice foo
	[ "$status" -eq 126 ]
	[[ $output = *"as root: snapbox --install"* ]]
	inside mv $COPY.away $COPY
}
