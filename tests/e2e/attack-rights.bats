#!/usr/bin/env bats
# Who the app is and what it may do (attack classes CRED, DUMP, SEC), asked from
# inside, as root and as an ordinary user.

load helper
load parts

FILTER=/var/lib/snapbox/seccomp/snap.tb-probe.state.bin2

setup_file() {
	parts_system bare tb-probe
}

setup() {
	parts_cd
}

teardown() {
	[ ! -e good ] || inside sh -c "rm -rf $FILTER; cp -a $PWD/good $FILTER"
}

teardown_file() {
	parts_end
}

# each ACTION, to root and to alice, ends with one of these errors
denied() {
	local errors=$1 who
	shift
	for who in app alice; do
		run "$who" tb-probe.poke "$@"
		[ "$status" -eq 1 ] || { echo "$who $*: $output"; return 1; }
		[[ " $errors " == *" ${output##* } "* ]] || { echo "$who $*: $output"; return 1; }
	done
}

@test "A060 inheritable and ambient capabilities end before the app" {
	run as_name alice "$ALICE" "$START" /usr/local/bin/snapbox run tb-probe
	for set in inh prm eff bnd amb; do
		[ "$(field cap_$set <<<"$output")" = 0000000000000000 ] || [ $set = bnd ]
	done
	run inside env -i HOME=/root "$START" --caps --uid "$ALICE" /usr/local/bin/snapbox run tb-probe
	[ "$status" -eq 0 ] || { echo "$output"; false; }
	for set in inh prm eff amb; do
		[ "$(field cap_$set <<<"$output")" = 0000000000000000 ] || { echo "$set"; false; }
	done
	run inside env -i HOME=/root "$START" --caps /usr/local/bin/snapbox run tb-probe
	[ "$status" -eq 0 ] || { echo "$output"; false; }
	for set in inh amb; do
		[ "$(field cap_$set <<<"$output")" = 0000000000000000 ] || { echo "root $set"; false; }
	done
}

@test "A061 A063 ids and groups are the caller's, and nothing made for them is theirs" {
	snapbox discard-ns tb-probe || true
	run inside env -i HOME=/home/alice setpriv --reuid "$ALICE" --regid 4711 --groups 4711,4712,27 \
		/usr/local/bin/snapbox run tb-probe
	[ "$status" -eq 0 ]
	[ "$(field uid <<<"$output" | tr '\n' ' ')" = "$ALICE $ALICE $ALICE $ALICE " ]
	[ "$(field gid <<<"$output" | tr '\n' ' ')" = "4711 4711 4711 4711 " ]
	[ "$(field groups <<<"$output" | sort -n | tr '\n' ' ')" = "27 4711 4712 " ]
	run inside find /run/snapbox /var/lib/snapbox /var/snap -xdev \( -user alice -o -gid 4711 \)
	[ -z "$output" ]
}

@test "A065 an app cannot change who it is" {
	denied "EPERM EACCES" setuid 1234
	denied "EPERM EACCES" setgid 1234
	denied "EPERM EACCES" setuid 2002
}

@test "A067 real root inside reaches nothing of the host's kernel" {
	for path in /proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sys/kernel/hotplug \
		/proc/sysrq-trigger /proc/irq/default_smp_affinity /sys/kernel/uevent_helper \
		/sys/power/state /sys/fs/cgroup/release_agent /etc/passwd /etc/crontab /etc/ld.so.preload; do
		denied "EACCES EPERM EROFS ENOENT" openw $path
	done
	denied "EACCES EPERM ENOENT" list /proc/1/root
	denied "EPERM EACCES" mount none /mnt tmpfs
	denied "EPERM EACCES" mknod /tmp/disk 8 0
	denied "EPERM EACCES ENOENT ENXIO" read /dev/mem
	for nr in 175 313 246 321 304 310 311; do # modules, kexec, bpf, handles, other processes' memory
		for who in app alice; do
			run "$who" tb-probe.syscheck $nr 0 0 0 0 0
			[[ "$output" == EPERM || "$output" == EACCES || "$output" == ENOSYS ]] ||
				{ echo "$who $nr: $output"; false; }
		done
	done
}

@test "A072 a traced start is refused, never unconfined" {
	run as_name alice "$ALICE" "$START" --traced /usr/local/bin/snapbox run tb-probe.state
	[ "$status" -eq 126 ]
	[[ "$output" != *uid=* ]]
	run as_name alice "$ALICE" strace -f -o log /usr/local/bin/snapbox run tb-probe.state
	[ "$status" -ne 0 ]
	[[ "$output" != *uid=* ]]
}

@test "A070 A077 a start cannot be attached to before the app runs" {
	# a watcher of the same user tries for the whole time of many starts
	inside sh -c 'cat >/home/alice/watch.py' <<-'EOF'
	import ctypes, os, sys, time
	libc = ctypes.CDLL(None)
	end, got, tries = time.time() + 6, 0, 0
	while time.time() < end:
	    for p in os.listdir("/proc"):
	        if not p.isdigit():
	            continue
	        try:
	            if os.path.basename(os.readlink(f"/proc/{p}/exe")) != "snap-confine":
	                continue
	        except OSError:
	            # not ours to look at: then it must not be ours to trace
	            try:
	                if b"confine" not in open(f"/proc/{p}/cmdline", "rb").read():
	                    continue
	            except OSError:
	                continue
	        tries += 1
	        if libc.ptrace(0x4206, int(p), None, None) == 0:
	            name = open(f"/proc/{p}/cmdline").read()
	            if "confine" in name:
	                got += 1
	        for f in ("mem", "environ", "maps"):
	            try:
	                os.close(os.open(f"/proc/{p}/{f}", os.O_RDONLY))
	                if "confine" in open(f"/proc/{p}/cmdline").read():
	                    got += 1
	            except OSError:
	                pass
	print(tries, got)
	EOF
	as_name alice "$ALICE" python3 /home/alice/watch.py >watched 3>&- &
	watcher=$!
	for _ in {1..150}; do
		kill -0 $watcher 2>/dev/null || break
		alice tb-probe.true || true
	done
	wait $watcher
	read -r tries got <watched
	echo "$tries tries, $got successes"
	[ "$got" -eq 0 ]
}

@test "A073 no core of the launcher, and none with privileges" {
	run as_name alice "$ALICE" "$START" --limit core unlimited /usr/local/bin/snapbox run tb-probe.poke signal 11
	[ "$status" -eq 139 ]
	[ -z "$(find . -name 'core*')" ]
}

@test "A075 the program on the host cannot be opened for writing from inside" {
	before=$(inside sha256sum /usr/local/bin/snapbox /usr/lib/snapbox/snap-confine)
	for path in /proc/self/exe /usr/lib/snapd/snap-confine /usr/lib/snapd/snap-exec /usr/lib/snapd/snapbox \
		/usr/local/bin/snapbox /snap/bin/tb-probe.state; do
		for who in app alice; do
			run "$who" tb-probe.poke write $path x
			[ "$status" -eq 1 ] || { echo "$who $path"; false; }
		done
	done
	[ "$(inside sha256sum /usr/local/bin/snapbox /usr/lib/snapbox/snap-confine)" = "$before" ]
}

@test "A156 A158 nothing is typed into the caller's terminal" {
	for who in app alice; do
		run script -qec "$(declare -f app alice as_name inside); SYSTEM_PID=$SYSTEM_PID ALICE=$ALICE; $who tb-probe.tiocsti" /dev/null
		grep -v TIOCSETD <<<"$output" >tried # the line discipline may be the one it has
		none grep ok tried
		[ "$(grep -c 'TIOCSTI EACCES' tried)" -eq 4 ]
	done
}

@test "A160 calls of other architectures do not pass" {
	for who in app alice; do
		run "$who" tb-probe.syscheck -x 39
		[[ "$output" == "killed SIGSYS" || "$output" == ENOSYS ]] || { echo "$output"; false; }
		# i386: mount 21, ptrace 26, init_module 128, unshare 310
		for nr in 21 26 128 310; do
			run "$who" tb-probe.syscheck -i $nr 0 0 0 0 0
			[[ "$output" == EPERM || "$output" == EACCES || "$output" == killed* ]] ||
				{ echo "$who $nr: $output"; false; }
		done
	done
}

@test "A162 A164 every number that must be denied is, and unknown ones are" {
	must="101 155 161 165 166 167 168 175 176 179 246 248 249 250 272 298 304 308 310 311 313 321 323 \
		425 426 427 428 429 430 431 432 433 438 442 443 457 458 459 460 461"
	for who in app alice; do
		"$who" tb-probe.syscheck all 0 700 >calls
		for nr in $must; do
			grep -qE "^$nr (EPERM|EACCES|ENOSYS)$" calls || [ "$nr" = 161 ] || { grep "^$nr " calls; false; }
		done
		for nr in 480 500 600 700; do
			grep -qE "^$nr (EPERM|ENOSYS)$" calls
		done
	done
	# unshare of user and mount namespaces. clone and clone3 may make them, as with
	# snapd: threads need those calls, and what could be done inside is denied.
	for words in "272 0x10000000" "272 0x00020000"; do
		# shellcheck disable=SC2086
		run alice tb-probe.syscheck $words
		[[ "$output" == EPERM || "$output" == ENOSYS || "$output" == EINVAL || "$output" == EACCES ]] ||
			{ echo "$words: $output"; false; }
	done
}

@test "A166 ptrace is denied, of children as well" {
	denied "EPERM EACCES" ptrace 0
	denied "EPERM EACCES ESRCH" ptrace 1
}

@test "A174 no setuid or setgid files by any call" {
	for who in app alice; do
		for words in "90 0x1000 04755" "91 0 02755" "268 -100 0 04755" "452 -100 0 02755 0" \
			"85 0 04755" "2 0 0x40 04755" "257 -100 0 0x40 04755" "257 -100 0 0x410000 04755" \
			"133 0 0104755" "259 -100 0 0102755" "437 -100 0 0 0" \
			"90 0 0xffffffff00000800" "91 0 0x100000400"; do
			# shellcheck disable=SC2086
			run "$who" tb-probe.syscheck $words
			[[ "$output" == EACCES || "$output" == EPERM || "$output" == ENOSYS ]] ||
				{ echo "$who $words: $output"; false; }
		done
		"$who" tb-probe.poke write /tmp/plain x
		run "$who" tb-probe.poke chmod /tmp/plain 1644
		[ "$status" -eq 0 ]
		run "$who" tb-probe.poke unlink /tmp/plain
	done
}

@test "A176 watch queues are not had through pipe2" {
	for flags in 0x80 0x80080 0x4080 0x100000080; do
		run alice tb-probe.syscheck 293 0 $flags
		[[ "$output" == EPERM || "$output" == EACCES ]] || { echo "$flags: $output"; false; }
	done
	run alice tb-probe.syscheck 293 0 0x80000
	[ "$output" = EFAULT ]
}

@test "A168 a filter file that is not exactly right is not loaded" {
	inside cp -a $FILTER good
	for damage in ": >F" "head -c 127 good >F" "head -c 200 good >F" "echo >>F" \
		"printf XX | dd of=F conv=notrunc status=none" "printf '\2' | dd of=F bs=1 seek=2 conv=notrunc status=none" \
		"printf '\2' | dd of=F bs=1 seek=3 conv=notrunc status=none" \
		"printf '\1' | dd of=F bs=1 seek=3 conv=notrunc status=none" \
		"printf '\7\0\0\0' | dd of=F bs=1 seek=8 conv=notrunc status=none" \
		"printf '\0\0\0\0' | dd of=F bs=1 seek=8 conv=notrunc status=none" \
		"printf '\377\377\377\377' | dd of=F bs=1 seek=12 conv=notrunc status=none" \
		"chown alice F" "chmod g+w F" "chmod o+w F" "rm F; ln -s $PWD/good F" "rm F; mkfifo F" "rm F; mkdir F" "rm F"; do
		inside sh -c "rm -rf $FILTER; cp -a good $FILTER; ${damage//F/$FILTER}"
		for who in app alice; do
			run "$who" tb-probe.state
			[ "$status" -eq 126 ] || { echo "$who $damage: $status $output"; false; }
			[[ "$output" != uid=* ]]
		done
	done
	inside sh -c "rm -rf $FILTER; cp -a good $FILTER"
	run alice tb-probe.state
	is_confined "$output" "$ALICE"
}

@test "a state of full confinement, for root and for users" {
	run app tb-probe.state
	is_confined "$output" 0
	run alice tb-probe.state
	is_confined "$output" "$ALICE"
	run alice tb-probe
	[ "$(field no_new_privs <<<"$output")" = 0 ]
	[ "$(field securebits <<<"$output")" = 0 ]
	[ "$(field timers <<<"$output")" = False ]
}
