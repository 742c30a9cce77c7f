#!/usr/bin/env bats
# Our compiled filters against those of snapd's own compiler, out of Debian's package.

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	export CACHE=${SNAPBOX_CACHE:-/var/cache/snapbox}/oracle
	export ASAN_OPTIONS=detect_leaks=0
	# snapd of unstable is what the facts were read off; its libraries come with it.
	tools/oracle || skip "Debian's packages cannot be fetched"
	export OURS=${SNAPBOX:-build/snapbox} COMPARE=build-check/tests/oracle/oracle_compare
	export BATS_SRC=$BATS_FILE_TMPDIR
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# same SRC: both compile it, and answer alike
same() {
	"$CACHE/snap-seccomp" compile "$1" "$BATS_TEST_TMPDIR/theirs"
	"$OURS" policy-compile --seccomp "$1" "$BATS_TEST_TMPDIR/ours"
	run "$COMPARE" "$1" "$BATS_TEST_TMPDIR/ours" "$BATS_TEST_TMPDIR/theirs"
	echo "# ${output//$'\n'/$'\n'# }" >&3
	[ "$status" -eq 0 ]
}

# template KIND... : the lines of our templates as a source
template() {
	sed 's/\$(user)/daemon/g' "${@/#/data/templates/seccomp/}" >"$BATS_TEST_TMPDIR/src"
	echo "$BATS_TEST_TMPDIR/src"
}

@test "the filter of a snap without plugs" {
	same "$(template strict.filter ids.filter)"
}

@test "the filter of a snap with a system user" {
	same "$(template strict.filter user.filter user-root.filter)"
}

@test "devmode" {
	src=$(template strict.filter)
	sed -i '1i @complain' "$src"
	same "$src"
}

@test "what interfaces add" {
	src=$(template strict.filter ids.filter)
	cat >>"$src" <<-'EOF'
	bind
	accept4
	socket AF_NETLINK - NETLINK_ROUTE
	socket AF_NETLINK - NETLINK_KOBJECT_UEVENT
	socket AF_NETLINK - NETLINK_GENERIC
	socket AF_CONN
	setns - CLONE_NEWNET
	mount
	umount2
	ptrace PTRACE_ATTACH
	ptrace PTRACE_PEEKUSER
	quotactl Q_GETQUOTA - - -
	mknod - |S_IFCHR -
	mknodat - - |S_IFBLK -
	prctl PR_CAPBSET_DROP
	setpriority
	sched_setaffinity
	fchownat
	keyctl
	bpf
	EOF
	same "$src"
}

@test "every kind of argument" {
	cat >"$BATS_TEST_TMPDIR/src" <<-'EOF'
	read 1
	write !2 <5
	lseek - >9 <=11
	pread64 - >=3
	prctl |5
	prctl - 12|4 -
	fcntl - - - - 0 4294967295
	chown - -1 u:daemon
	setuid u:root
	setgid g:daemon
	copy_file_range - - - - - 0
	socket AF_NETLINK - NETLINK_ROUTE
	socket AF_UNIX SOCK_STREAM
	~kill - !9
	~personality 8
	EOF
	same "$BATS_TEST_TMPDIR/src"
}

@test "unrestricted files are the same bytes" {
	echo @unrestricted >"$BATS_TEST_TMPDIR/src"
	"$CACHE/snap-seccomp" compile "$BATS_TEST_TMPDIR/src" "$BATS_TEST_TMPDIR/theirs"
	"$OURS" policy-compile --seccomp "$BATS_TEST_TMPDIR/src" "$BATS_TEST_TMPDIR/ours"
	cmp "$BATS_TEST_TMPDIR/theirs" "$BATS_TEST_TMPDIR/ours"
}

@test "each reads the other's files" {
	src=$(template strict.filter)
	"$OURS" policy-compile --seccomp "$src" "$BATS_TEST_TMPDIR/ours"
	"$CACHE/snap-seccomp" compile "$src" "$BATS_TEST_TMPDIR/theirs"
	"$CACHE/snap-seccomp" dump "$BATS_TEST_TMPDIR/ours" "$BATS_TEST_TMPDIR/a"
	"$OURS" snap-seccomp dump "$BATS_TEST_TMPDIR/ours" "$BATS_TEST_TMPDIR/b"
	cmp "$BATS_TEST_TMPDIR/a.allow" "$BATS_TEST_TMPDIR/b.allow"
	cmp "$BATS_TEST_TMPDIR/a.deny" "$BATS_TEST_TMPDIR/b.deny"
	"$CACHE/snap-seccomp" dump "$BATS_TEST_TMPDIR/theirs" "$BATS_TEST_TMPDIR/a"
	"$OURS" snap-seccomp dump "$BATS_TEST_TMPDIR/theirs" "$BATS_TEST_TMPDIR/b"
	cmp "$BATS_TEST_TMPDIR/a.allow" "$BATS_TEST_TMPDIR/b.allow"
}

@test "numbers and names of all architectures, as scmp_sys_resolver has them" {
	local arch name n theirs
	for arch in x86 x86_64 x32 arm aarch64 mips mips64 mipsel64n32 ppc ppc64le s390 s390x riscv64 parisc; do
		for name in read openat socket recv shmget set_tls fchmodat clone3 semtimedop nosuch; do
			theirs=$(scmp_sys_resolver -a $arch "$name")
			[ "$("$OURS" scmp_sys_resolver -a $arch "$name")" = "$theirs" ]
			[ "$("$OURS" scmp_sys_resolver -t -a $arch "$name")" = "$(scmp_sys_resolver -t -a $arch "$name")" ]
		done
		for n in 0 1 102 117 983045 4000 1000000; do
			[ "$("$OURS" scmp_sys_resolver -a $arch $n)" = "$(scmp_sys_resolver -a $arch $n)" ]
		done
	done
	[ "$("$OURS" scmp_sys_resolver -a arm 983045)" = set_tls ]
}
