#!/usr/bin/env bats
# Hostile bases: refused, or resolved inside the new root only (A099, A108, A124).

bats_require_minimum_version 1.5.0
load helper
load launch

setup_file() {
	launch_system
	# Others work on this machine's files: these are ours alone.
	inside cp -a /etc /run/own/etc
	inside mount --bind /run/own/etc /etc
	inside mount -t tmpfs -o mode=700 tmpfs /root
	app true # what every first start makes on the host is there
	export HOSTILE=/snap/hostile/x1
}

setup() {
	launch_cd
	inside rm -rf "$HOSTILE"
	base_make "$HOSTILE"
	plan foo base=hostile dir="$HOSTILE"
	cold
	BEFORE=$(canaries)
}

teardown_file() { launch_end; }

# What a base could want to change on the host.
canaries() {
	inside sh -c 'find /etc /home /root /media /mnt -xdev -maxdepth 2 -printf "%p %m %U:%G %y %l\n" 2>/dev/null
		ls -A / /var /run /var/lib/snapbox' | sort
	host_mounts | grep -v /run/snapbox/ns/
}

kind_of() {
	echo "test -d /etc/$1 && echo directory; test -f /etc/$1 && echo file; test -p /etc/$1 && echo FIFO; true"
}

refused() {
	run app 'echo ran'
	[ "$status" -eq 126 ] || return 1
	[[ "$output" != *ran* ]] || return 1
	[ "$(canaries)" = "$BEFORE" ] || return 1
	[ -z "$(inside ls /run/snapbox/ns | grep foo)" ]
}

@test "A099 a needed directory that is a link, a file or a FIFO" {
	local name kind
	for name in dev proc sys run tmp etc var home root snap usr media; do
		for kind in 'ln -s /etc' 'ln -s ../../../../etc' "ln -s $name" 'ln -s usr' 'touch' 'mkfifo'; do
			inside sh -c "rm -rf $HOSTILE/$name; $kind $HOSTILE/$name"
			refused
			[[ "$output" == *"base hostile: base entry $name: "* ]]
		done
		inside sh -c "rm -rf $HOSTILE/$name"
		base_make "$HOSTILE"
	done
}

@test "A099 links on the way to a deeper place lead nowhere" {
	local place
	for place in var/snap var/lib/snapd var/lib; do
		inside sh -c "rm -rf $HOSTILE/$place; ln -s /etc $HOSTILE/$place"
		refused
		inside sh -c "rm -rf $HOSTILE/$place"
		base_make "$HOSTILE"
	done
	# An optional place may not be there; a link to it is not a place.
	for place in usr/src var/log var/tmp usr/lib/snapd usr/lib; do
		inside sh -c "rm -rf $HOSTILE/$place; ln -s /etc $HOSTILE/$place"
		run app 'cat /usr/mark'
		[ "$status" -eq 126 ] || [ "$output" = base ]
		[ "$(canaries)" = "$BEFORE" ]
		cold
		inside sh -c "rm -rf $HOSTILE/$place"
		base_make "$HOSTILE"
	done
}

@test "a base with /lib merged into /usr" {
	inside sh -c "rm -rf $HOSTILE/lib; mkdir -p $HOSTILE/usr/lib/modules $HOSTILE/usr/lib/firmware; ln -s usr/lib $HOSTILE/lib"
	[ "$(app 'cat /usr/mark; readlink /lib')" = "$(printf 'base\nusr/lib')" ]
}

@test "A099 a /lib that leads elsewhere stays inside" {
	local target before
	inside mkdir -p /home/modules /etc/firmware
	before=$(canaries)
	for target in /etc ../../../etc /home /var/snap /proc/1/root; do
		inside sh -c "rm -rf $HOSTILE/lib; ln -s $target $HOSTILE/lib"
		run app 'cat /usr/mark'
		[ "$status" -eq 126 ] || [ "$output" = base ]
		[ "$(canaries)" = "$before" ]
		cold
	done
	inside rmdir /home/modules /etc/firmware
}

@test "A124 what is taken back over /etc is of one kind, or is not" {
	local name kind
	for name in ssl alternatives nsswitch.conf; do
		for kind in 'mkdir' 'touch' 'mkfifo' 'ln -s /etc/shadow' 'ln -s ssl' ':'; do
			inside sh -c "rm -rf $HOSTILE/etc/$name; $kind $HOSTILE/etc/$name"
			[ "$(app 'cat /usr/mark')" = base ]
			[ "$(canaries)" = "$BEFORE" ]
			[ "$(app "$(kind_of $name)")" = "$(inside sh -c "$(kind_of $name)")" ]
			cold
		done
		base_make "$HOSTILE"
	done
}

@test "a base missing places: made at the top, refused below" {
	inside rm -rf "$HOSTILE"/snap "$HOSTILE"/media "$HOSTILE"/home
	[ "$(app 'cat /usr/mark; ls -d /snap/foo /home')" = "$(printf 'base\n/home\n/snap/foo')" ]
	cold
	inside rm -rf "$HOSTILE"/var/lib/snapd
	refused
	[[ "$output" == *"mount /var/lib/snapd: there is no such place inside"* ]]
}

@test "odd entries at the top: plain files and links are there, others are refused" {
	inside sh -c "echo hi >$HOSTILE/plain; ln -s plain $HOSTILE/link; ln -s /etc/shadow $HOSTILE/shadow; ln -s loop $HOSTILE/loop"
	[ "$(app 'cat /plain /link')" = "$(printf 'hi\nhi')" ]
	run app 'echo x >/plain'
	[[ "$output" == *"Read-only"* ]]
	cold
	inside mkfifo "$HOSTILE"/pipe
	refused
	inside rm "$HOSTILE"/pipe
	inside mknod "$HOSTILE"/node c 1 3
	refused
	inside rm "$HOSTILE"/node
	inside python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('$HOSTILE/sock')"
	refused
}

@test "names at the top: odd bytes are fine, too many are refused" {
	inside sh -c "mkdir '$HOSTILE/a b' '$HOSTILE/tab	' $HOSTILE/back\\\\slash $HOSTILE/dev.d; mkdir \"$HOSTILE/\$(printf 'new\nline')\""
	[ "$(app 'cat /usr/mark')" = base ]
	cold
	inside sh -c "cd $HOSTILE; for i in \$(seq 200); do mkdir d\$i; done"
	refused
	[[ "$output" == *"more than 128 entries"* ]]
}

@test "A108 a base with a loose mode inside works and is not changed; a loose top is refused" {
	inside chmod 1777 "$HOSTILE"/var/lib
	[ "$(app 'cat /usr/mark; stat -c %a /var/lib')" = "$(printf 'base\n1777')" ]
	run user 2001 'touch /var/lib/x'
	[ "$status" -ne 0 ]
	cold
	inside chmod 777 "$HOSTILE"
	refused
	inside chmod 755 "$HOSTILE"
	inside chown 2001 "$HOSTILE"
	refused
	inside chown 0 "$HOSTILE"
}

@test "a base that is gone, a file, or a link" {
	inside rm -rf "$HOSTILE"
	run app 'echo ran'
	[ "$status" -eq 126 ]
	[[ "$output" == *"base hostile: $HOSTILE: No such file"* ]]
	inside touch "$HOSTILE"
	refused
	inside rm "$HOSTILE"
}

@test "setuid and capability files of a base give nothing" {
	# busybox gives such rights up by itself: here is a program that does not.
	inside cp "$START" "$HOSTILE/bin/suid"
	inside chmod 4755 "$HOSTILE/bin/suid"
	inside sh -c "echo >$HOSTILE/usr/secret; chmod 600 $HOSTILE/usr/secret"
	inside mkdir "$HOSTILE/bin/caps"
	inside cp /bin/busybox "$HOSTILE/bin/caps/busybox"
	inside python3 -c "import os, struct
os.setxattr('$HOSTILE/bin/caps/busybox', 'security.capability', struct.pack('<5I', 0x02000001, 1 << 21, 0, 0, 0))"
	as_user 2001 "$HOSTILE/bin/suid" --open 5 "$HOSTILE/usr/secret" /bin/true
	run ! user 2001 '/bin/suid --open 5 /usr/secret /bin/true'
	user 2001 '/bin/suid --open 5 /usr/mark /bin/true'
	[ "$(as_user 2001 "$HOSTILE/bin/caps/busybox" grep CapEff /proc/self/status | tr -s '\t' ' ')" = "CapEff: 0000000000200000" ]
	[ "$(user 2001 '/bin/caps/busybox grep CapEff /proc/self/status' | tr -s '\t' ' ')" = "CapEff: 0000000000000000" ]
}
