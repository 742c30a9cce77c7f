#!/usr/bin/env bats
# Programs out of Debian packages on a debootstrap base: they work, and what no app
# may do is refused to them. As root, and as an ordinary user through the
# privileged copy.

load helper
load parts

setup_file() {
	parts_system debian12 sqlite3 redis python3
}

setup() {
	parts_cd
}

teardown_file() {
	parts_end
}

# python as WHO: a program on standard input. ctypes gives any system call.
python() {
	"$1" python3 -c "import ctypes, errno, os, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *args):
    r = getattr(libc, name)(*args)
    print(name, 'ok' if r >= 0 else errno.errorcode[ctypes.get_errno()])
def fails(f, *args):
    try:
        f(*args)
        print('ok')
    except OSError as e:
        print(errno.errorcode[e.errno])
$(cat)"
}

@test "sqlite3 keeps a database in its own directory, as root and as a user" {
	for who in app alice; do
		run "$who" sqlite3 :memory: 'select 6 * 7, sqlite_version() > "3"'
		[ "$status" -eq 0 ]
		[ "$output" = "42|1" ]
	done
	alice sqlite3 /home/alice/snap/sqlite3/common/db 'create table t(x); insert into t values(7)'
	run alice sqlite3 /home/alice/snap/sqlite3/common/db 'select x from t'
	[ "$output" = 7 ]
	[ "$(inside stat -c %U /home/alice/snap/sqlite3/common/db)" = alice ]
}

@test "sqlite3 reads a script on its standard input and passes its exit code on" {
	run alice sqlite3 -bail :memory: <<<'select 1; select nonsense;'
	[ "$status" -eq 1 ]
	[[ "$output" == *1* ]]
	[[ "$output" == *"no such column"* ]]
}

@test "redis answers its client over a socket in the snap's own /tmp" {
	alice redis.server --port 0 --unixsocket /tmp/redis.sock --save '' --dir /tmp >server.log 2>&1 3>&- &
	for _ in {1..100}; do
		[ "$(alice redis.cli -s /tmp/redis.sock ping 2>/dev/null)" != PONG ] || break
		sleep 0.1
	done
	run alice redis.cli -s /tmp/redis.sock set colour blue
	[ "$output" = OK ] || { cat server.log; false; }
	run alice redis.cli -s /tmp/redis.sock get colour
	[ "$output" = blue ]
	run app sqlite3 :memory: '.shell ls /tmp/redis.sock'
	[[ "$output" != redis.sock* ]]
	alice redis.cli -s /tmp/redis.sock shutdown nosave || true
	wait
}

@test "python3 computes, imports C modules, and knows where it is" {
	run python alice <<-'EOF'
	import hashlib, json, sqlite3, ssl, zlib
	print(hashlib.sha256(b"").hexdigest()[:8], os.environ["SNAP"], os.environ["HOME"])
	print(sqlite3.connect(":memory:").execute("select 1").fetchone())
	EOF
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "e3b0c442 /snap/python3/x1 /home/alice/snap/python3/x1" ]
	[ "${lines[1]}" = "(1,)" ]
}

@test "a root-only file of the host cannot be read" {
	inside sh -c 'echo secret >/opt/secret; echo secret >/home/secret; chmod 600 /opt/secret /home/secret'
	for who in app alice; do
		run python "$who" <<-'EOF'
		fails(open, "/opt/secret")
		EOF
		[ "$output" = ENOENT ]
	done
	run python alice <<-'EOF'
	fails(open, "/home/secret")
	fails(open, "/etc/shadow")
	EOF
	[ "${lines[0]}" = EACCES ]
	[ "${lines[1]}" = EACCES ]
}

@test "nothing can be written below \$SNAP" {
	for who in app alice; do
		run python "$who" <<-'EOF'
		fails(open, os.environ["SNAP"] + "/new", "w")
		fails(open, os.environ["SNAP"] + "/meta/snap.yaml", "r+")
		fails(os.chmod, os.environ["SNAP"] + "/meta", 0o777)
		EOF
		[ "${lines[0]}" = EROFS ]
		[ "${lines[1]}" = EROFS ]
		[ "${lines[2]}" = EROFS ] || [ "${lines[2]}" = EPERM ]
	done
}

@test "another snap's /tmp, and the host's, are not seen" {
	inside touch /tmp/of-the-host-$$
	app sqlite3 :memory: ".shell touch /tmp/of-sqlite3"
	for who in app alice; do
		run python "$who" <<-'EOF'
		print(sorted(n for n in os.listdir("/tmp") if n.startswith("of-")))
		EOF
		[ "$output" = "[]" ]
	done
	run app sqlite3 :memory: ".shell ls /tmp"
	[[ "$output" == *of-sqlite3* ]]
	inside rm "/tmp/of-the-host-$$"
}

@test "mount, ptrace and calls outside the filter are refused, to root as well" {
	for who in app alice; do
		run python "$who" <<-'EOF'
		call("mount", b"none", b"/mnt", b"tmpfs", 0, None)
		call("umount2", b"/proc", 2)
		call("ptrace", 0, 0, None, None)
		call("syscall", 321, 0, None, 0)   # bpf
		call("syscall", 425, 1, None)      # io_uring_setup
		call("unshare", 0x10000000)        # user namespace
		call("chroot", b"/tmp")
		EOF
		[ "$status" -eq 0 ]
		[ "${#lines[@]}" -eq 7 ]
		for line in "${lines[@]}"; do
			[[ "$line" == chroot* && "$who" == app ]] || [[ "$line" == *EPERM ]] || { echo "$who: $line"; false; }
		done
	done
}
