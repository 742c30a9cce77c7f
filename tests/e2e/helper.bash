# helper.bash - a system of its own for each test
#
#	load helper
#	setup() { system_new; }
#	teardown() { system_end; }
#
#	snapbox install foo.snap --dangerous     runs the static binary in there
#	inside CMD...                            runs anything in there
#	as_user UID CMD...                       the same as an ordinary user
#
# The system is a mount namespace: everything of the host is there, but /snap,
# /run, /home, /root, /var/snap and /var/lib/snapbox are fresh and empty, and
# nothing mounted in there is seen outside. It lives as long as its holder
# process. Needs root; tests are skipped without.

SNAPBOX=$(realpath -m "${SNAPBOX:-$BATS_TEST_DIRNAME/../../build/snapbox}")
KILLAT=$(dirname "$SNAPBOX")/tests/lib/killat
export SNAPBOX KILLAT

# Runs in the new namespace: a root of empty directories, filled with the host's.
system_build() {
	local top=$1 entry
	mount --make-rprivate /
	mount -t tmpfs -o mode=0755 tmpfs "$top"
	for entry in /* /var/* /var/lib/*; do
		case $entry in
		/var|/var/lib) mkdir -p "$top$entry"; continue ;;
		/snap|/run|/home|/root|/var/snap|/var/lib/snapbox|/lost+found) continue ;;
		esac
		if [ -L "$entry" ]; then
			cp -P "$entry" "$top$entry"
		elif [ -d "$entry" ]; then
			mkdir -p "$top$entry"
			mount --rbind "$entry" "$top$entry"
		fi
	done
	mkdir -p "$top"/{run,home,.old}
	mkdir -m 0700 "$top/root"
	mount -t tmpfs -o mode=0755 tmpfs "$top/run"
	cd "$top" || return
	pivot_root . .old
	umount -l /.old
	rmdir /.old
}

system_new() {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	SYSTEM_TOP=$BATS_TEST_TMPDIR/top
	mkdir -p "$SYSTEM_TOP"
	export -f system_build
	# shellcheck disable=SC2016
	unshare -m bash -c 'system_build "$1" && : >"$2" && exec sleep 3600' - \
		"$SYSTEM_TOP" "$BATS_TEST_TMPDIR/ready" 3>&- &
	SYSTEM_PID=$!
	for _ in {1..500}; do
		[ ! -e "$BATS_TEST_TMPDIR/ready" ] || break
		kill -0 "$SYSTEM_PID" || return 1
		sleep 0.01
	done
	cd "$BATS_TEST_TMPDIR" || return
}

system_end() {
	[ -z "${SYSTEM_PID:-}" ] || kill "$SYSTEM_PID" 2>/dev/null || true
}

inside() {
	nsenter --mount="/proc/$SYSTEM_PID/ns/mnt" --wd="$PWD" -- "$@"
}

as_user() {
	local uid=$1
	shift
	inside setpriv --reuid "$uid" --regid "$uid" --clear-groups -- "$@"
}

snapbox() {
	inside "$SNAPBOX" "$@"
}

# The line fails when the command succeeds: "! cmd" alone would never fail a test.
not() {
	if "$@"; then
		return 1
	fi
}

# All that a command could leave behind: files of ours with mode, owner and
# content (but for the time of installing), links, and mounts. Two of these are compared.
system_state() {
	# shellcheck disable=SC2016
	inside sh -c 'find /snap /var/snap /var/lib/snapbox /home /run/snapbox \
			-path /run/snapbox/lock -prune -o -xdev -type f \
			-printf "%p %y %m %U:%G %s " -exec sh -c "LC_ALL=C sed /^..installed\\ /d \"\$1\" | sha256sum" - {} \; \
			-o -printf "%p %y %m %U:%G %l\n" 2>/dev/null | sort
		grep -E " (/snap|/run/snapbox|/var/snap)" /proc/self/mountinfo | cut -d" " -f4-6'
}
