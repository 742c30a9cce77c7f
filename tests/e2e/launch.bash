# launch.bash - starts without an installer: a hand-made base, two snaps, their plans
#
#	load helper
#	load launch
#	setup_file() { launch_system; }
#	setup() { launch_cd; }
#	teardown_file() { launch_end; }
#
#	app SCRIPT            as root, the shell of the snap "foo" runs it
#	other SCRIPT          ... of the snap "bar"
#	user UID SCRIPT       as a user, through the privileged copy
#	plan SNAP [WORD=VALUE]...   write a plan with other values than the usual; lists
#	                      (hide, show, allow) have commas between them
#
# The base is busybox and the directories a base must have. Filters let everything
# through: what is refused here, namespaces and rights refuse.

BASE=/snap/tinybase/x1
COPY=/usr/lib/snapbox/snap-confine
START=$(dirname "$SNAPBOX")/tests/lib/start
export BASE COPY START

launch_system() {
	export BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	system_new
	export SYSTEM_PID
	chmod 755 "$BATS_FILE_TMPDIR"
	inside mkdir -p /run/own/up /run/own/work
	inside mount -t overlay -o lowerdir=/usr,upperdir=/run/own/up,workdir=/run/own/work overlay /usr
	inside mkdir -p /snap /var/snap /media /run/netns /var/lib/snapbox/{plans,seccomp} /usr/local/bin
	base_make "$BASE"
	snap_make foo
	snap_make bar
	snapbox --install -s /usr/local/bin
}

launch_cd() {
	cd "$BATS_FILE_TMPDIR" || return
}

launch_end() {
	[ -z "${SYSTEM_PID:-}" ] || snapbox discard-ns foo || true
	system_end
}

base_make() {
	local dir=$1 name
	inside mkdir -p "$dir"/{bin,usr/lib/snapd,usr/src,dev,proc,sys,run,tmp,snap,media,mnt,home,root} \
		"$dir"/{etc/ssl,etc/alternatives,lib/modules,lib/firmware,var/snap,var/lib/snapd,var/tmp,var/log}
	inside cp /bin/busybox "$dir/bin/busybox"
	for name in sh ls cat id mount umount echo stat sleep touch mkdir readlink grep mknod find env rm ln true tr; do
		inside ln -sf busybox "$dir/bin/$name"
	done
	inside sh -c "echo 'hosts: base' >$dir/etc/nsswitch.conf; echo base >$dir/etc/alternatives/mark
		echo base >$dir/etc/ssl/mark; echo base >$dir/usr/mark"
}

snap_make() {
	inside mkdir -p "/snap/$1/x1/bin" "/var/snap/$1"
	inside cp /bin/busybox "/snap/$1/x1/bin/sh"
	plan "$1"
	filter "snap.$1.sh"
}

# A filter that lets everything through, in the compiled form.
filter() {
	python3 -c '
import struct, sys
allow = struct.pack("HBBI", 6, 0, 0, 0x7fff0000)
head = b"SC" + bytes([1, 0]) + bytes(4) + struct.pack("II", 8, 8) + bytes(112)
sys.stdout.buffer.write(head + allow + allow)' |
		inside sh -c "cat >/var/lib/snapbox/seccomp/$1.bin2"
}

# plan_lines KEY VALUES: a line for each; values are apart by commas
plan_lines() {
	local value values
	IFS=, read -ra values <<<"$2"
	for value in "${values[@]}"; do
		printf '%s %s\n' "$1" "$value"
	done
}

plan() {
	local name=$1 word
	local -A v=([kind]=strict [base]=tinybase [dir]="$BASE" [steps]=no
		[caps]="ipc_lock sys_chroot" [command]="/snap/$name/x1/bin/sh" [env]="PATH=/bin"
		[apparmor]=no [hide]="" [show]="" [guard]=none [allow]="" [grade]=partial [filter]=yes)
	shift
	for word; do
		v[${word%%=*}]=${word#*=}
	done
	sed '/^$/d' <<-EOT | inside sh -c "cat >/var/lib/snapbox/plans/snap.$name.sh"
	snapbox-plan 1
	label snap.$name.sh
	revision x1
	kind ${v[kind]}
	base ${v[base]}
	base-dir ${v[dir]}
	dir /snap/$name/x1
	steps ${v[steps]}
	caps ${v[caps]}
	apparmor ${v[apparmor]}
	$(plan_lines hide "${v[hide]}")
	$(plan_lines show "${v[show]}")
	guard ${v[guard]}
	$(plan_lines allow "${v[allow]}")
	grade ${v[grade]}
	filter ${v[filter]}
	command ${v[command]}
	env ${v[env]}
	env SNAP=/snap/$name/x1
	end
	EOT
}

app() {
	inside env -i "$SNAPBOX" confine snap.foo.sh -c "$@"
}

other() {
	inside env -i "$SNAPBOX" confine snap.bar.sh -c "$@"
}

user() {
	local uid=$1
	shift
	as_user "$uid" env -i "$COPY" snap.foo.sh -c "$@"
}

# The namespace of foo as a number, and a fresh start without one.
ns() {
	app 'readlink /proc/self/ns/mnt'
}

cold() {
	snapbox discard-ns foo
}

host_mounts() {
	inside cut -d' ' -f4-7 /proc/self/mountinfo
}

# Nothing that a start makes belongs to anybody but root, or is open to others.
nothing_stray() {
	# shellcheck disable=SC2016
	[ -z "$(inside find /run/snapbox /var/lib/snapbox -xdev \( ! -uid 0 -o ! -gid 0 \) \
		-not -path '/var/lib/snapbox/tmp/*/tmp/*')" ] || return 1
	[ -z "$(inside find /run/snapbox /var/lib/snapbox -xdev -perm /022 \
		-not -path '/var/lib/snapbox/tmp/*/tmp*' -not -type l)" ] || return 1
}
