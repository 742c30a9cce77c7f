#!/usr/bin/env bats
# What comes of all that an app without a plug tries, on the kernel at hand: refused as
# with full AppArmor, but for what "debug confinement" says itself. The table is
# tests/vm/access/outcome.rows; tests/vm/outcome.steps proves its AppArmor column.

# shellcheck disable=SC2016 # awk's own variables

bats_require_minimum_version 1.5.0
load helper
load parts

setup_file() {
	parts_system bare tries
	[ "$(inside "$SNAPBOX" debug confinement | grep -c '^landlock  *present')" = 1 ] || skip "no Landlock here"
	ACCESS=/snap/tries/current/bin/access
	export ACCESS
	inside mkdir -m 755 /home/other
	inside mount -t tmpfs tmpfs /mnt
	inside mount -t tmpfs tmpfs /media
	# an app sees the host's mounts of when its snap was first started
	app tries.do read /etc/passwd
	inside "$ACCESS" outside "$ALICE" /home/alice >"$BATS_FILE_TMPDIR/alice" 3>&- &
	for _ in {1..100}; do
		! grep -q ready "$BATS_FILE_TMPDIR/alice" || break
		sleep 0.05
	done
	OUTSIDE=$(sed -n 's/^ready //p' "$BATS_FILE_TMPDIR/alice")
	[ -n "$OUTSIDE" ] || return
	export OUTSIDE
	snapbox debug confinement --json tries.outcome >"$BATS_FILE_TMPDIR/said" || [ $? -eq 3 ]
	table app WHO=root HOME=/root >"$BATS_FILE_TMPDIR/root"
	table alice WHO=user HOME=/home/alice >"$BATS_FILE_TMPDIR/user"
}
setup() { cd "$BATS_FILE_TMPDIR" || return; }
teardown_file() {
	[ -z "${OUTSIDE:-}" ] || kill "$OUTSIDE" || true
	inside ipcrm -M 4711 2>/dev/null || true
	inside rm -f /dev/shm/outside
	parts_end
}

# table WHO NAME=VALUE...: one line for each thing tried
table() {
	"$1" tries.outcome /snap/tries/current/outcome.rows PID="$OUTSIDE" "${@:2}"
}

# The lines of both users that awk's condition is true for: name who full land got error path
lines() {
	awk "$1" root user
}

@test "there is something to be refused: the same is done without confinement" {
	local open
	# shellcheck disable=SC2016
	inside unshare -m sh -c 'for d in /tmp /etc/cron.d /var/tmp; do mount -t tmpfs tmpfs "$d"; done
		exec "$ACCESS" outcome /snap/tries/current/outcome.rows apart PID="$OUTSIDE" \
			WHO=root HOME=/home/alice' >free
	open=$(awk '$3 == "refused" && $5 == "allowed"' free | wc -l)
	echo "# of $(wc -l <free) things root does $open that a snap may not" >&3
	[ "$open" -ge 60 ]
}

@test "all lines of the table were tried, as root and as a user" {
	[ "$(wc -l <root)" -ge 180 ]
	[ "$(wc -l <user)" -ge 180 ]
}

@test "what full AppArmor refuses is refused, but for what is told to be wider" {
	echo "# $(lines '$5 == "refused"' | wc -l) refused, $(lines '$5 == "allowed"' | wc -l) allowed," \
		"$(lines '$4 ~ /^wider/' | wc -l) told to be wider" >&3
	[ -z "$(lines '$3 == "refused" && $4 !~ /^wider/ && $5 == "allowed"' | tee /dev/stderr)" ]
}

@test "what full AppArmor allows works" {
	[ -z "$(lines '$3 == "allowed" && $4 == "same" && $5 == "refused"' | tee /dev/stderr)" ]
}

@test "what is wider or narrower is in the lists that are printed, and is indeed so" {
	cat root user | python3 -c '
import json, sys
app = json.load(open("said"))["apps"][0]
said = [n["difference"] for n in app["wider"]]
narrower = " ".join(n["difference"] for n in app["narrower"])
places = [d.split(" ", 2)[2] for d in said if d.startswith("all below ")]
bad = 0
for line in sys.stdin:
    name, who, full, land, got, error, path = line.split()
    path = "/dev/shm" + path if name.startswith("posix-shm") else path
    told = any(path == p or path.startswith(p + "/") for p in places)
    if land.startswith("wider:"):
        told = any(land[6:] in d for d in said)
    if land.startswith("wider") and (got != "allowed" or not told):
        print(f"{name} {who}: {got}, and {path} is", "told" if told else "not told")
        bad += 1
    if land.startswith("narrower:") and (got != "refused" or land[9:] not in narrower):
        print(f"{name} {who}: {got}")
        bad += 1
sys.exit(bad > 0)'
}
