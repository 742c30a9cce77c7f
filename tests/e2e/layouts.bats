#!/usr/bin/env bats
# Layouts and shared content, mounted when a snap's namespace is built (behaviour M17,
# M21, M22, M24, M25; attacks A095, A097, A121, A126, A255, A265).

load helper
load parts

setup_file() {
	parts_system bare tinybase
	inside sh -c 'mkdir -p /etc/here && echo host >/etc/here/file'
	mkdir -p "$BATS_FILE_TMPDIR/probe"
	unsquashfs -q -n -d "$BATS_FILE_TMPDIR/probe/root" "$(part tb-probe)" >/dev/null
	unsquashfs -q -n -d "$BATS_FILE_TMPDIR/probe/base" "$(part tinybase)" >/dev/null
}
setup() { parts_cd; }
teardown_file() { parts_end; }

# tree NAME LINE...: a snap with a shell, in a directory to which more can be added
tree() {
	mkdir -p "$1/meta" "$1/bin"
	cp /bin/busybox "$1/bin/sh"
	printf '%s\n' "name: $1" 'version: "1"' 'summary: s' 'description: d' 'base: tinybase' \
		"apps: {sh: {command: bin/sh}}" "${@:2}" >"$1/meta/snap.yaml"
}

# add NAME: pack and install it
add() {
	rm -f "$1.snap"
	mksquashfs "$1" "$1.snap" -noappend -quiet -no-progress -all-root >/dev/null
	snapbox install "$1.snap" --dangerous "${@:2}"
}

gone() {
	local name
	for name; do
		snapbox remove --purge "$name" >&2
	done
}

# What of the host could have been written into: names, in places of root.
host_names() {
	inside find /etc /opt /srv /mnt /usr/share /usr/lib /var/cache /var/lib -xdev -maxdepth 2 \
		-not -path '/var/lib/snapbox*' | sort
}

# seen NAME CMD...: root's eyes in a snap's namespace, with no policy but its mounts
seen() {
	inside nsenter --mount="/run/snapbox/ns/$1.mnt" -- "/bin/$2" "${@:3}"
}

# seen_mounts NAME: of its namespace, in the order of the table
seen_mounts() {
	app "$1.sh" -c 'cut -d" " -f4-6 /proc/self/mountinfo'
}

@test "M24 directories, files, links and tmpfs appear where the snap wants them, as root and as a user" {
	local who before
	before=$(host_names)
	tree lay 'layout:' '  /usr/share/lay: {bind: $SNAP/share}' '  /usr/lib/lay/deep: {bind: $SNAP/share}' \
		'  /etc/lay.conf: {bind-file: $SNAP_DATA/lay.conf}' '  /etc/lay: {bind: $SNAP_COMMON/etc}' \
		'  /opt/lay: {symlink: $SNAP/share}' '  /var/lib/lay: {type: tmpfs, mode: 01777}' \
		'  /var/cache/lay: {bind: $SNAP_DATA/cache}' '  $SNAP/over: {bind: $SNAP_DATA}'
	mkdir lay/share
	echo shared >lay/share/file
	run add lay
	[ "$status" -eq 0 ]
	[[ "$output" != *layout* ]]
	[ -z "$(inside grep -L '^steps yes' /var/lib/snapbox/plans/snap.lay.sh)" ]
	app lay.sh -c 'echo conf >/etc/lay.conf; echo dir >/etc/lay/x; echo c >/var/cache/lay/y'
	[ "$(inside cat /var/snap/lay/x1/lay.conf /var/snap/lay/common/etc/x /var/snap/lay/x1/cache/y)" = $'conf\ndir\nc' ]
	for who in app alice; do
		"$who" lay.sh -c 'cat /usr/share/lay/file /usr/lib/lay/deep/file /opt/lay/file' >out
		[ "$(cat out)" = $'shared\nshared\nshared' ]
		[ "$("$who" lay.sh -c 'cat /etc/lay.conf /etc/lay/x $SNAP/over/lay.conf')" = $'conf\ndir\nconf' ]
		[ "$("$who" lay.sh -c "echo $who >/var/lib/lay/$who; cat /var/lib/lay/$who")" = "$who" ]
		none "$who" lay.sh -c 'echo x >/usr/share/lay/new'
		none "$who" lay.sh -c 'echo x >/usr/share/new'
		none "$who" lay.sh -c 'echo x >/etc/new'
	done
	[ "$(host_names)" = "$before" ]
	gone lay
}

@test "M21 M22 A121 missing places are made in a directory that stands for the base's, once for many layouts" {
	local i lines=() before
	before=$(host_names)
	for i in {1..10}; do
		lines+=("  /usr/share/many-$i: {bind: \$SNAP/share}" "  /etc/many-$i: {bind-file: \$SNAP/file}"
			"  /srv/many-$i/a/b: {type: tmpfs}" "  /var/lib/many-$i: {symlink: \$SNAP_COMMON}")
	done
	tree many 'layout:' "${lines[@]}"
	mkdir many/share
	echo shared | tee many/share/file >many/file
	add many
	[ "$(app many.sh -c 'for i in 1 2 3 4 5 6 7 8 9 10; do
		cat /usr/share/many-$i/file /etc/many-$i; test -L /var/lib/many-$i && echo link; done' | sort | uniq -c)" = \
		$'     10 link\n     20 shared' ]
	[ "$(app many.sh -c 'grep -c " /srv/many" /proc/self/mountinfo')" = 10 ]
	for i in usr etc srv var/lib; do
		[ "$(app many.sh -c "grep -c ' /$i .* - tmpfs ' /proc/self/mountinfo")" = 1 ]
	done
	# What was there is there, as it was.
	[ "$(seen many cat /etc/here/file)" = host ]
	tree plain
	add plain
	app plain.sh -c true
	for i in /usr /usr/lib /etc /etc/ssl /var; do
		diff <(seen many ls -A "$i" | grep -v -e many -e '^share$') <(seen plain ls -A "$i")
	done
	none seen many touch /etc/here/file
	none seen many mkdir /usr/share/new
	[ "$(host_names)" = "$before" ]
	gone many plain
}

@test "M24 the mount table of a snap with layouts is what is written down" {
	tree gold 'layout:' '  /usr/share/gold: {bind: $SNAP/share}' '  /etc/ssl/gold.conf: {bind-file: $SNAP_DATA/gold.conf}' \
		'  /opt/gold: {symlink: $SNAP/share}' '  /srv/gold: {type: tmpfs, mode: 0711}'
	mkdir gold/share
	tree plain
	add gold
	add plain
	# Root, place and options of what the snap's own mounts add.
	app gold.sh -c 'cut -d" " -f4-6 /proc/self/mountinfo' | sort >with
	app plain.sh -c 'cut -d" " -f4-6 /proc/self/mountinfo' | sort >without
	comm -23 with without | grep -v '/plain\|snap\.gold' >new
	diff new - <<-'EOT'
	/ /etc/ssl ro,nosuid,nodev,relatime
	/ /opt ro,nosuid,nodev,relatime
	/ /srv ro,nosuid,nodev,relatime
	/ /srv/gold rw,nosuid,nodev,relatime
	/ /usr ro,nosuid,nodev,relatime
	/dev/snapbox/tools /usr/lib/snapd ro,nosuid,nodev,relatime
	/share /usr/share/gold ro,nosuid,nodev,relatime
	/src /usr/src ro,nosuid,nodev,relatime
	/usr/bin /usr/bin ro,nosuid,nodev,relatime
	/usr/lib /usr/lib ro,nosuid,nodev,relatime
	/var/snap/gold/x1/gold.conf /etc/ssl/gold.conf rw,nosuid,nodev,relatime
	EOT
	app gold.sh -c 'test -x /srv/gold'
	gone gold plain
}

@test "A126 the order in which a package names its layouts changes nothing" {
	local a='  /usr/share/perm: {bind: $SNAP/bin}' b='  /usr/perm/x: {bind-file: $SNAP_DATA/x}' \
		c='  /usr/perm/y: {type: tmpfs}' d='  $SNAP/z/z: {bind: $SNAP_DATA/z}'
	tree perm 'layout:' "$a" "$b" "$c" "$d"
	add perm
	seen_mounts perm >one
	gone perm
	tree perm 'layout:' "$d" "$c" "$b" "$a"
	add perm
	seen_mounts perm >two
	gone perm
	grep -q ' /usr/perm/y ' one
	cmp one two
}

@test "M25 content: what another snap lends is in place, read or write, and follows connections and refreshes" {
	tree lend 'slots:' '  books: {interface: content, read: [$SNAP/books]}' \
		'  desk: {interface: content, source: {write: [$SNAP_COMMON/in, $SNAP_COMMON/out], read: [$SNAP/books]}}'
	mkdir lend/books
	echo one >lend/books/title
	tree take 'plugs:' '  books: {interface: content, target: $SNAP/library/books}' \
		'  desk: {interface: content, target: $SNAP_COMMON/desk}'
	mkdir take/library
	add lend
	add take
	none app take.sh -c 'cat $SNAP/library/books/title'
	snapbox connect take:books lend:books
	snapbox connect take:desk lend:desk
	for who in app alice; do
		[ "$("$who" take.sh -c 'cat $SNAP/library/books/title')" = one ]
		none "$who" take.sh -c 'echo x >$SNAP/library/books/title'
		[ "$("$who" take.sh -c 'cat $SNAP_COMMON/desk/books/title')" = one ]
	done
	app take.sh -c 'echo letter >$SNAP_COMMON/desk/out/letter'
	[ "$(inside cat /var/snap/lend/common/out/letter)" = letter ]
	app lend.sh -c 'echo answer >$SNAP_COMMON/in/letter'
	[ "$(app take.sh -c 'cat $SNAP_COMMON/desk/in/letter')" = answer ]
	# A new revision of the lender.
	echo two >lend/books/title
	add lend
	[ "$(app take.sh -c 'cat $SNAP/library/books/title')" = two ]
	snapbox disconnect take:books
	none app take.sh -c 'cat $SNAP/library/books/title'
	snapbox disconnect take:desk
	inside grep -qx 'steps no' /var/lib/snapbox/plans/snap.take.sh
	gone take lend
}

@test "A121 M22 nothing is made in what is lent, though it lies in data of the borrower" {
	local before
	tree lend 'slots:' '  out: {interface: content, write: [$SNAP_COMMON/out]}' \
		'  books: {interface: content, read: [$SNAP/books]}'
	mkdir lend/books
	tree take 'plugs:' '  out: {interface: content, target: $SNAP_DATA/in}' \
		'  books: {interface: content, target: $SNAP_DATA/in/books}'
	add lend
	add take
	app lend.sh -c 'mkdir $SNAP_COMMON/out; echo note >$SNAP_COMMON/out/note'
	before=$(inside find /var/snap/lend | sort)
	snapbox connect take:out lend:out
	snapbox connect take:books lend:books
	app take.sh -c 'test -d $SNAP_DATA/in/books && cat $SNAP_DATA/in/note' | grep -qx note
	[ "$(inside find /var/snap/lend | sort)" = "$before" ]
	gone take lend
}

@test "M13 M25 who runs keeps what it sees, and is said to; the next start alone sees the new mounts" {
	tree lend 'slots: {books: {interface: content, read: [$SNAP/books]}}'
	mkdir -p lend/books take/books
	echo one >lend/books/title
	tree take 'plugs: {books: {interface: content, target: $SNAP/books}}'
	add lend
	add take
	app take.sh -c 'echo $$ >$SNAP_COMMON/pid; exec sleep 30' 3>&- &
	for _ in {1..100}; do
		! inside test -s /var/snap/take/common/pid || break
		sleep 0.05
	done
	run snapbox connect take:books lend:books
	[ "$status" -eq 0 ]
	[[ "$output" == *"take: running apps see the new mounts when they are started again"* ]]
	none app take.sh -c 'cat $SNAP/books/title'
	kill "$(inside cat /var/snap/take/common/pid)"
	wait || true
	[ "$(app take.sh -c 'cat $SNAP/books/title')" = one ]
	run snapbox disconnect take:books
	[[ "$output" != *"running apps"* ]]
	gone take lend
}

@test "A095 A097 what an app planted is not followed, neither as source nor on the way to a target" {
	tree trap 'layout:' '  /opt/trap: {bind: $SNAP_DATA/dir}' '  /etc/trap.conf: {bind-file: $SNAP_COMMON/conf}'
	add trap
	app trap.sh -c 'rm -rf $SNAP_DATA/dir; ln -s /etc $SNAP_DATA/dir'
	snapbox discard-ns trap
	for who in app alice; do
		run "$who" trap.sh -c 'ls /opt/trap'
		[ "$status" -eq 126 ]
		[[ "$output" == *"mount /opt/trap: /var/snap/trap/x1/dir: "* ]]
	done
	inside rm /var/snap/trap/x1/dir
	inside mkfifo /var/snap/trap/x1/dir
	run app trap.sh -c true
	[ "$status" -eq 126 ]
	[[ "$output" == *"is no directory"* ]]
	inside rm /var/snap/trap/x1/dir
	inside ln -sf /etc/shadow /var/snap/trap/common/conf
	run app trap.sh -c 'cat /etc/trap.conf'
	[ "$status" -eq 126 ]
	inside rm /var/snap/trap/common/conf
	app trap.sh -c 'test -d /opt/trap && test -f /etc/trap.conf'
	gone trap
}

@test "A097 a target below data of the snap does not lead out of it" {
	tree lend 'slots: {books: {interface: content, read: [$SNAP/books]}}'
	mkdir -p lend/books
	tree take 'plugs: {books: {interface: content, target: $SNAP_COMMON/a/books}}'
	add lend
	add take
	app take.sh -c 'ln -s /etc $SNAP_COMMON/a'
	snapbox connect take:books lend:books
	snapbox discard-ns take
	app take.sh -c 'true'
	none seen take test -e /etc/books
	not inside test -e /etc/books
	inside rm /var/snap/take/common/a
	snapbox discard-ns take
	app take.sh -c 'test -d $SNAP_COMMON/a/books'
	gone take lend
}

@test "A265 what is there and of another kind is not replaced; merged directories are resolved first" {
	tree kind 'layout: {/etc/here: {bind-file: $SNAP_DATA/f}}'
	add kind
	run app kind.sh -c true
	[ "$status" -eq 126 ]
	[[ "$output" == *"mount /etc/here: /etc/here is there and is no file"* ]]
	tree kind 'layout: {/etc/here/file: {symlink: $SNAP_DATA/f}}'
	add kind
	run app kind.sh -c true
	[ "$status" -eq 126 ]
	[[ "$output" == *"/etc/here/file is there already"* ]]
	tree kind 'layout: {/etc/here/file: {bind: $SNAP_DATA}}'
	add kind
	run app kind.sh -c true
	[ "$status" -eq 126 ]
	[[ "$output" == *"is no directory"* ]]
	[ "$(inside cat /etc/here/file)" = host ]
	gone kind
}

@test "A255 A257 A263 a table of mounts that asks for more is not followed, whoever wrote it" {
	local line
	tree bad 'layout: {/opt/bad: {bind: $SNAP/bin}}'
	add bad
	app bad.sh -c 'test -d /opt/bad'
	while read -r line; do
		inside sh -c 'printf "%s\n" "$1" >/var/lib/snapbox/plans/bad.fstab' - "$line"
		run app bad.sh -c true
		[ "$status" -eq 126 ]
		[[ "$output" == *"bad.fstab, line 1: "* ]]
	done <<-'EOT'
	/etc /opt/bad none rbind,rw,x-snapd.origin=layout 0 0
	/snap/other/x1 /opt/bad none rbind,rw,x-snapd.origin=layout 0 0
	/snap/bad/x1 /proc/sys none rbind,rw,x-snapd.origin=layout 0 0
	/snap/bad/x1 /usr none rbind,rw,x-snapd.origin=layout 0 0
	/snap/bad/x1 /var/snap/bad/x1/x none rbind,rw,x-snapd.origin=layout 0 0
	/snap/bad/x1 /snap/other/x1 none bind 0 0
	/snap/bad/x1 /snap none rbind,x-snapd.origin=overname 0 0
	/snap/bad /snap/other none rbind,x-snapd.origin=overname 0 0
	/snap/bad/x1 /opt/bad none bind,dev 0 0
	none /opt/bad none x-snapd.kind=symlink,x-snapd.symlink=/etc/shadow 0 0
	none /opt/bad none x-snapd.kind=symlink 0 0
	none /opt/bad none x-snapd.kind=ensure-dir 0 0
	tmpfs /opt/bad tmpfs x-snapd.mode=04755 0 0
	tmpfs /run/bad tmpfs rw 0 0
	/snap/bad/x1 /opt/../etc none bind 0 0
	EOT
	gone bad
}

@test "M31 what an interface lends of the host is there, and no more of it" {
	inside sh -c 'mkdir -p /usr/share/fonts && echo glyph >/usr/share/fonts/font'
	tree desk 'plugs: {desktop: , shared-memory: {private: true}}'
	add desk
	[ "$(app desk.sh -c 'cat /usr/share/fonts/font')" = glyph ]
	none app desk.sh -c 'echo x >/usr/share/fonts/font'
	none seen desk test -e /var/lib/snapd/hostfs/usr
	[ "$(alice desk.sh -c 'cat /usr/share/fonts/font')" = glyph ]
	snapbox connect desk:shared-memory
	alice desk.sh -c 'echo shared >/dev/shm/x'
	[ "$(app desk.sh -c 'cat /dev/shm/x')" = shared ]
	gone desk
}

@test "M26 a parallel instance sees its own directories under the store's name" {
	tree twin
	echo first >twin/mark
	add twin
	echo second >twin/mark
	add twin --name twin_k
	[ "$(app twin_k.sh -c 'cat /snap/twin/current/mark; echo k >$SNAP_COMMON/who')" = second ]
	[ "$(app twin.sh -c 'cat /snap/twin/current/mark')" = first ]
	[ "$(inside cat /var/snap/twin_k/common/who)" = k ]
	gone twin_k twin
}

@test "M24 A121 there can be something in each top-level directory, whether the base has it or not" {
	local top lines=() before
	before=$(inside ls -A / /bin /lib /sbin /mnt /opt /root /srv 2>/dev/null)
	for top in bin etc lib meta mnt opt root sbin srv usr var writable; do
		lines+=("  /$top/tops/dir: {bind: \$SNAP/share}" "  /$top/tops.conf: {bind-file: \$SNAP/share/file}")
	done
	tree tops 'layout:' "${lines[@]}"
	mkdir tops/share
	echo shared >tops/share/file
	add tops
	app tops.sh -c true
	for top in bin etc lib meta mnt opt root sbin srv usr var writable; do
		[ "$(seen tops cat "/$top/tops/dir/file" "/$top/tops.conf")" = $'shared\nshared' ]
		case $top in
		bin|etc|lib|opt|usr|var) none seen tops touch "/$top/x" ;; # as before
		esac
	done
	[ "$(inside ls -A / /bin /lib /sbin /mnt /opt /root /srv 2>/dev/null)" = "$before" ]
	gone tops
}

@test "A265 where a base has merged its directories, what counts is where a path leads" {
	local base=$BATS_FILE_TMPDIR/probe/merged
	cp -a "$BATS_FILE_TMPDIR/probe/base" "$base"
	sed -i 's/^name: .*/name: merged/' "$base/meta/snap.yaml"
	mkdir -p "$base/usr/lib/snapd" "$base/lib"
	rm -rf "${base:?}/usr/bin" && mv "$base/bin" "$base/usr/bin" && ln -s usr/bin "$base/bin"
	cp -a "$base/lib/." "$base/usr/lib/" && rm -rf "${base:?}/lib" && ln -s usr/lib "$base/lib"
	mksquashfs "$base" merged.snap -noappend -quiet -no-progress -all-root >/dev/null
	snapbox install --dangerous merged.snap
	tree on 'layout: {/bin/on: {bind: $SNAP/share}, /lib/on.conf: {symlink: $SNAP/share/file}}'
	sed -i 's/^base: .*/base: merged/' on/meta/snap.yaml
	mkdir on/share
	echo shared >on/share/file
	add on
	[ "$(app on.sh -c 'cat /usr/bin/on/file /bin/on/file /usr/lib/on.conf')" = $'shared\nshared\nshared' ]
	tree on 'layout: {/lib/snapd: {bind: $SNAP/share}}'
	sed -i 's/^base: .*/base: merged/' on/meta/snap.yaml
	add on
	run app on.sh -c true
	[ "$status" -eq 126 ]
	[[ "$output" == *"mount /lib/snapd: it is /usr/lib/snapd, which must stay as it is"* ]]
	gone on merged
}
