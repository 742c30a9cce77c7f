# parts.bash - real snaps in a system, and questions about what a process finds
#
#	load helper
#	load parts
#	setup_file() { parts_system bare tb-probe; }
#	setup() { parts_cd; }
#	teardown_file() { parts_end; }
#
#	part NAME                        path of a snap's file, packed when it is not yet
#	app tb-probe.poke read /x        start an app as root
#	alice tb-probe.poke read /x      ... as the ordinary user alice, who has a home
#	bob ...                          ... as another one
#	field uid </json                 a field of what tb-probe prints
#
# One system serves all tests of a file: starts do not disturb each other, and
# what a test installs it removes. Users come with the privileged copy.

TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
START=$(dirname "$SNAPBOX")/tests/lib/start
ALICE=2001 BOB=2002
export TOP START ALICE BOB

# Packed snaps are kept beside the binary for as long as they are newer than what
# they are made of. Other test files may be at it: one at a time.
part() {
	local name=$1 out dir
	dir=$(dirname "$SNAPBOX")/tests/parts
	out=$dir/$name.snap
	mkdir -p "$dir"
	(
		flock 8
		if [ -f "$out" ] && [ -z "$(find "$TOP/tools/mksnap" "$TOP/tests/snaps" "$TOP/tests/vm" -newer "$out")" ]; then
			exit 0
		fi
		part_pack "$name" "$out" >&2
	) 8>"$dir/$name.lock" || return
	printf '%s\n' "$out"
}

part_pack() {
	local mksnap=$TOP/tools/mksnap probe=$TOP/tests/snaps/tb-probe
	case $1 in
	bare|tinybase) "$mksnap" "$1" "$2" ;;
	debian12) "$mksnap" base "$2" ;;
	tb-probe) "$mksnap" c "$probe" "$2" ;;
	tb-other) "$mksnap" c "$probe" --name tb-other "$2" ;;
	tb-tiny) "$mksnap" c "$probe" --name tb-tiny --base tinybase "$2" ;;
	tries) "$TOP/tests/lib/tries" tries "$2" ;;
	redis) "$mksnap" app redis-server redis-tools --name redis "$2" ;;
	*) "$mksnap" app "$1" "$2" ;;
	esac
}

# A system with users, the privileged copy, and these snaps installed.
parts_system() {
	local name
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	system_new
	export SYSTEM_PID
	inside mkdir -p /run/own/up /run/own/work /usr/local/bin
	inside mount -t overlay -o lowerdir=/usr,upperdir=/run/own/up,workdir=/run/own/work overlay /usr
	for name in passwd group; do
		inside cp "/etc/$name" "/run/own/$name"
		inside mount --bind "/run/own/$name" "/etc/$name"
	done
	parts_user alice $ALICE
	parts_user bob $BOB
	snapbox --install -s /usr/local/bin
	for name in "$@"; do
		snapbox install --dangerous "$(part "$name")" || return
	done
}

parts_user() {
	inside sh -c "echo $1:x:$2:$2::/home/$1:/bin/sh >>/run/own/passwd
		echo $1:x:$2: >>/run/own/group
		mkdir -m 755 /home/$1 && chown $2:$2 /home/$1"
}

parts_cd() {
	cd "$BATS_TEST_TMPDIR" || return
	chmod 755 .
}

parts_end() {
	[ -z "${SYSTEM_PID:-}" ] || inside umount -R -l /snap 2>/dev/null || true
	system_end
}

app() {
	inside env -i HOME=/root PATH=/usr/bin:/bin /usr/local/bin/snapbox run "$@"
}

# as_name NAME UID CMD...: with the environment and the groups of a login
as_name() {
	local name=$1 uid=$2
	shift 2
	inside env -i HOME="/home/$name" USER="$name" PATH=/usr/bin:/bin \
		setpriv --reuid "$uid" --regid "$uid" --clear-groups -- "$@"
}

alice() {
	as_name alice "$ALICE" /usr/local/bin/snapbox run "$@"
}

bob() {
	as_name bob "$BOB" /usr/local/bin/snapbox run "$@"
}

# field NAME: of the JSON on standard input; lists and objects one entry a line
field() {
	python3 -c '
import json, sys
v = json.load(sys.stdin)[sys.argv[1]]
for line in v if isinstance(v, list) else [f"{k} {w}" for k, w in v.items()] if isinstance(v, dict) else [v]:
    print(line)' "$1"
}

# Confined as every app must be: what "state" prints, for this user id.
is_confined() {
	[[ $1 =~ ^uid=$2\ caps=([0-9a-f]+)\ seccomp=2\ filters=[1-9] ]] || return 1
	if [ "$2" -ne 0 ]; then
		[ "${BASH_REMATCH[1]}" = 0000000000000000 ]
	fi
}

# For "must fail" in the middle of a test: "!" alone does not fail a test.
none() {
	if "$@"; then
		echo "unexpected: $*"
		return 1
	fi
}
