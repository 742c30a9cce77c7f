#!/usr/bin/env bats
# Filters of system calls by hand: policy-compile, snap-seccomp, scmp_sys_resolver.

setup() {
	SNAPBOX=$(realpath "${SNAPBOX:-$BATS_TEST_DIRNAME/../../build/snapbox}")
	cd "$BATS_TEST_TMPDIR"
	ln -s "$SNAPBOX" snap-seccomp
	ln -s "$SNAPBOX" scmp_sys_resolver
}

compile() {
	"$SNAPBOX" policy-compile --seccomp "$@"
}

# refused TEXT WHY: one line that has WHY, and the file that was there is as it was
refused() {
	printf '%b' "$1" >src
	echo before >out
	run compile src out
	echo "$output"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"src: $2"* ]]
	[ "$(cat out)" = before ]
}

@test "a filter is compiled, told about, and replaced at once" {
	printf 'read\nnosuchcall\n~openat2\n' >src
	run compile -v --arch amd64 src out
	[ "$status" -eq 0 ]
	[[ $output == *"amd64 i386"* ]]
	[[ $output == *"skipped  nosuchcall"* ]]
	[ "$(head -c 2 out)" = SC ]
	[ "$(stat -c %a out)" = 644 ]
	[ "$(find . -type f | wc -l)" -eq 2 ]
}

@test "what is wrong is one line that names it" {
	refused 'read\n~nosuch\n' 'line 2: nosuch: no such system call to deny'
	refused 'read 1 2 3 4 5 6 7' 'line 1: read with more than 6 arguments'
	refused 'read -1' 'line 1: -1: read takes no negative numbers'
	refused 'read \033[31m' 'line 1: byte 0x1b is not text'
	refused '\n\n @unrestricted' 'line 3: "@unrestricted" is no marker'
	refused 'chown - u:nosuchuser -1' 'line 1: no user "nosuchuser"'
}

@test "files that cannot be read or written are named" {
	echo read >src
	run compile nosuch out
	[ "$status" -eq 1 ]
	[[ $output == *nosuch* ]]
	run compile src nosuch/out
	[ "$status" -eq 1 ]
	[[ $output == *nosuch/out* ]]
	run compile "$BATS_TEST_TMPDIR" out
	[ "$status" -eq 1 ]
	mkfifo fifo
	run timeout 5 "$SNAPBOX" policy-compile --seccomp fifo out
	[ "$status" -eq 1 ]
	# what is no file is not replaced by one
	for out in fifo link "$PWD"; do
		[ "$out" != link ] || ln -s src link
		run compile src "$out"
		[ "$status" -eq 1 ]
	done
	[ -p fifo ]
	[ -L link ]
}

@test "wrong use is exit 2" {
	run "$SNAPBOX" policy-compile src out
	[ "$status" -eq 2 ]
	run compile src
	[ "$status" -eq 2 ]
	run compile --arch vax src out
	[ "$status" -eq 2 ]
	[[ $output == *vax* ]]
	run ./snap-seccomp
	[ "$status" -eq 2 ]
	run ./snap-seccomp compile x
	[ "$status" -eq 2 ]
	run ./snap-seccomp frob
	[ "$status" -eq 2 ]
	run ./scmp_sys_resolver -a vax read
	[ "$status" -eq 2 ]
}

@test "users are the target's, not the builder's" {
	mkdir -p image/etc
	echo 'webserver:x:4711:1::/:' >image/etc/passwd
	echo 'webserver:x:4712:' >image/etc/group
	echo 'chown - u:webserver g:webserver' >src
	run compile src out
	[ "$status" -eq 1 ]
	compile --root "$PWD/image" --arch amd64 src named
	echo 'chown - 4711 4712' >src
	compile --arch amd64 src numbers
	cmp named numbers
	echo 'chown - u:root g:root' >src
	rm -r image/etc
	compile --root "$PWD/image" --arch amd64 src out
}

@test "a link in the image does not lead to the builder's users" {
	mkdir -p image/etc
	ln -s /etc/passwd image/etc/passwd
	echo 'chown - u:daemon -1' >src
	run compile --root "$PWD/image" src out
	[ "$status" -eq 1 ]
}

@test "every architecture can be compiled for, with the same bytes each time" {
	local arch
	printf 'read\nsocket AF_INET\n~open - |O_CREAT |S_ISUID\n' >src
	for arch in amd64 arm64 armhf hppa hppa64 i386 loong64 m68k mips mips64 mips64el mipsel mipsn32 \
		mipsn32el powerpc ppc64 ppc64el riscv64 s390 s390x sh4 sh4eb x32; do
		compile --arch $arch src "$arch"
		(cd / && "$SNAPBOX" policy-compile --seccomp --arch $arch "$OLDPWD/src" "$OLDPWD/again")
		cmp "$arch" again
	done
	[ "$(od -An -tx1 -j 128 -N 2 s390x)" = " 00 20" ]
	[ "$(od -An -tx1 -j 128 -N 2 amd64)" = " 20 00" ]
}

@test "snap-seccomp: compile, dump, versions" {
	printf 'read\n~write\n' >src
	./snap-seccomp compile src out
	./snap-seccomp dump out p
	[ $((128 + $(stat -c %s p.allow) + $(stat -c %s p.deny))) -eq "$(stat -c %s out)" ]
	run ./snap-seccomp version-info
	[[ $output =~ ^[0-9a-f]{40}\ [0-9.]+\ [0-9a-f]{64}\ bpf-actlog$ ]]
	run ./snap-seccomp library-version
	[[ $output =~ ^2\.[0-9]+\.[0-9]+$ ]]
	head -c 200 out >short
	run ./snap-seccomp dump short q
	[ "$status" -eq 1 ]
	[ ! -e q.allow ]
}

@test "SNAP_SECCOMP_DEBUG shows the programs" {
	echo 'read 1' >src
	run env SNAP_SECCOMP_DEBUG=1 ./snap-seccomp compile src out
	[ "$status" -eq 0 ]
	[[ $output == *"look at architecture"*"argument 1, lower half"*ALLOW* ]]
	run env SNAP_SECCOMP_DEBUG=0 ./snap-seccomp compile src out
	[ -z "$output" ]
	# the environment is nothing to the others
	run env SNAP_SECCOMP_DEBUG=1 "$SNAPBOX" policy-compile --seccomp src out
	[ -z "$output" ]
}

@test "scmp_sys_resolver: names and numbers of any architecture" {
	[ "$(./scmp_sys_resolver -a arm 983045)" = set_tls ]
	[ "$(./scmp_sys_resolver -a x86 ipc)" = 117 ]
	[ "$(./scmp_sys_resolver -a x86 socket)" = -101 ]
	[ "$(./scmp_sys_resolver -t -a x86 socket)" = 102 ]
	[ "$(./scmp_sys_resolver -a s390x nosuch)" = -1 ]
	[ "$(./scmp_sys_resolver -a s390x 99999)" = UNKNOWN ]
	[ "$("$SNAPBOX" scmp_sys_resolver -a x86 -- -101)" = socket ]
}
