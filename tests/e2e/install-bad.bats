#!/usr/bin/env bats
# What install refuses: one clear line, and nothing has changed (behaviour P3 to P13,
# attacks INST, A039, A091, A132, A134, A138, A141, A181, A250).

load helper
load parts

setup() {
	system_new
	BARE=$(part bare)
	snapbox install "$BARE" --dangerous
	snapbox boot
	system_state >before
}

teardown() {
	system_end
}

# shellcheck disable=SC2153 # START is parts.bash's
yaml() {
	rm -rf tree
	mkdir -p tree/meta tree/bin
	cp "$START" tree/bin/sh
	printf '%s\n' "$@" >tree/meta/snap.yaml
}

good() {
	yaml 'name: foo' 'version: "1"' 'base: bare' 'apps: {foo: {command: bin/sh}}'
}

pack() {
	mksquashfs tree foo.snap -noappend -quiet -no-progress -all-root >/dev/null
}

# refused PATTERN [WORD]...: installing says no in one line that matches, within two
# seconds or so, and leaves no trace.
refused() {
	local pattern=$1 start=$SECONDS
	shift
	run timeout 20 nsenter --mount="/proc/$SYSTEM_PID/ns/mnt" --wd="$PWD" -- \
		"$SNAPBOX" install "${@:-foo.snap}" --dangerous
	echo "$pattern: $status: $output"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" =~ ^"snapbox: install " ]]
	[[ "$output" == *$pattern* ]]
	[ $((SECONDS - start)) -le 4 ]
	system_state | diff before -
}

@test "A235 P6 names that are none are refused" {
	local n
	for n in a -foo foo- foo--bar 123 Foo foo_bar foo.bar ../foo '"a b"' "$(printf 'a%.0s' {1..41})"; do
		yaml "name: $n" 'version: "1"' 'base: bare'
		pack
		refused name
	done
}

@test "A217 A225 yaml that readers could take in two ways is refused" {
	yaml 'name: foo' 'name: bar' 'version: "1"' 'base: bare'; pack; refused name
	yaml 'name: &x foo' 'version: *x'; pack; refused meta/snap.yaml
	yaml 'name: foo' 'version: "1"' '---' 'name: bar'; pack; refused meta/snap.yaml
	printf 'name: foo\0bar\nversion: 1\n' >tree/meta/snap.yaml; pack; refused meta/snap.yaml
	: >tree/meta/snap.yaml; pack; refused meta/snap.yaml
	rm tree/meta/snap.yaml; pack; refused meta/snap.yaml
}

@test "A199 metadata that is not a regular file is refused at once" {
	local kind
	for kind in p 'c 5 0' 'b 7 0'; do
		good
		rm tree/meta/snap.yaml
		# shellcheck disable=SC2086
		mknod tree/meta/snap.yaml $kind
		pack
		refused meta/snap.yaml
	done
	good; rm tree/meta/snap.yaml; mkdir tree/meta/snap.yaml; pack; refused meta/snap.yaml
	good; mkdir tree/meta/hooks; mkfifo tree/meta/hooks/install; pack; refused meta/hooks/install
	good; mkdir tree/meta/gui; mkfifo tree/meta/gui/icon.png; pack; refused meta/gui/icon.png
	good; mknod tree/bin/null c 1 3; pack; refused bin/null
}

@test "A201 metadata behind links is refused, and no secret is told" {
	echo 'name: secret-word' >canary
	good; ln -sf "$PWD/canary" tree/meta/snap.yaml; pack; refused meta/snap.yaml
	[[ "$output" != *secret* ]]
	good; mv tree/meta tree/real; ln -s real tree/meta; pack; refused meta
	good; mkdir tree/meta/gui; ln -s /etc/shadow tree/meta/gui/icon.png; pack; refused meta/gui
	good; ln -s ../../../etc tree/meta/hooks; pack; refused meta/hooks
}

@test "P13 commands that are not there or not for everybody are refused" {
	good; rm tree/bin/sh; pack; refused bin/sh
	good; chmod 644 tree/bin/sh; pack; refused bin/sh
	good; chmod 700 tree/meta; pack; refused meta
	good; ln -sf nowhere tree/bin/sh; pack; refused bin/sh
	good; chmod 4755 tree/bin/sh; pack
	run snapbox install foo.snap --dangerous
	[ "$status" -eq 0 ]
	inside grep -q ' /snap/foo/x1 ro,nosuid' /proc/self/mountinfo
}

@test "P7 P8 A239 commands, promises and machines that cannot be are refused" {
	local c
	for c in 'sh -c "x"' "'\$(id)'" '`id`' ../../bin/sh; do
		yaml 'name: foo' 'version: "1"' 'base: bare' "apps: {foo: {command: '${c//\'/}'}}"
		pack
		refused command
	done
	good; echo 'assumes: [snapd999.1]' >>tree/meta/snap.yaml; pack; refused assumes
	good; echo 'architectures: [s390x]' >>tree/meta/snap.yaml; pack; refused s390x
	good; echo 'type: kernel' >>tree/meta/snap.yaml; sed -i /base/d tree/meta/snap.yaml; pack; refused kernel
}

@test "A213 a base is found by its exact name, and must be one" {
	local b
	good
	for b in nosuch bar barex core; do
		sed -i "s/^base:.*/base: $b/" tree/meta/snap.yaml
		pack
		refused "base $b is not installed"
	done
	good; pack
	snapbox install foo.snap --dangerous
	system_state >before
	yaml 'name: other' 'version: "1"' 'base: foo' 'apps: {other: {command: bin/sh}}'
	pack
	refused "is a snap of type app"
	yaml 'name: foo' 'version: "1"' 'type: base'
	pack
	refused "of type"
}

@test "A207 truncated and corrupted images are refused before the kernel sees them" {
	local n size
	good; pack
	size=$(stat -c %s foo.snap)
	cp foo.snap whole
	for n in 0 1 95 96 200 $((size / 2)) $((size - 4096)); do
		head -c "$n" whole >foo.snap
		refused foo.snap
	done
	for n in 0 4 12 20 28 40 48 56 64 72 80; do
		cp whole foo.snap
		printf '\377\377\377\177' | dd of=foo.snap bs=1 seek="$n" conv=notrunc status=none
		run snapbox install foo.snap --dangerous
		echo "byte $n: $status $output"
		if [ "$status" -eq 0 ]; then # a table that this image has no use for
			snapbox remove foo
		else
			[ "$status" -eq 1 ]
			system_state | diff before -
		fi
	done
	cp whole foo.snap # the bytes of a file, which no table tells about
	printf '\377\377\377\377' | dd of=foo.snap bs=1 seek=300 conv=notrunc status=none
	refused "not valid gzip"
	echo hello >foo.snap
	refused foo.snap
}

@test "A091 A211 what is not a regular file is no source, and is not opened" {
	good; pack
	mkfifo fifo
	ln -s foo.snap link
	mkdir dir
	refused fifo fifo
	refused link link
	refused dir dir
	refused null /dev/null
	refused "no such file" nosuch
	refused nosuch.snap nosuch.snap
}

@test "the same snap twice, or one bad file among good ones: nothing is installed" {
	good; pack
	cp foo.snap again.snap
	refused "given twice" foo.snap again.snap
	echo bad >bad.snap
	refused bad.snap foo.snap bad.snap
}

@test "A250 files in the directory of commands that are not ours are left alone" {
	good; pack
	inside sh -c 'echo precious >/snap/bin/foo'
	system_state >before
	refused "in the way" 
	inside rm /snap/bin/foo
	inside ln -s /bin/ls /snap/bin/foo
	system_state >before
	refused "in the way"
	inside rm /snap/bin/foo
	snapbox install foo.snap --dangerous
	inside sh -c 'rm /snap/bin/foo; echo precious >/snap/bin/foo; echo x >/snap/bin/foo.bar'
	snapbox remove foo
	[ "$(inside cat /snap/bin/foo)" = precious ]
	inside test -f /snap/bin/foo.bar
}

@test "A181 texts of a snap cannot steer the terminal" {
	yaml 'name: foo' 'version: "1"' 'base: bare' 'summary: "a\e[31mb\u202Ec"' \
		'description: "x\e]0;t\a\nname: fake"' 'apps: {foo: {command: bin/sh}}'
	pack
	snapbox install foo.snap --dangerous || true
	run snapbox info foo.snap
	[[ "$output" != *$'\e'* ]]
	[[ "$output" != *$'\u202e'* ]]
	[ "$(grep -c '^name:' <<<"$output")" -eq 1 ]
	run snapbox info ./foo.snap --json
	[[ "$output" != *$'\e'* ]]
	printf 'x' >$'bad\e[31m.snap'
	run snapbox install $'bad\e[31m.snap' --dangerous
	[[ "$output" != *$'\e'* ]]
}

@test "A039 limits on file size do not cut what is installed" {
	good; pack
	local limit
	for limit in 0 1; do
		run inside sh -c "ulimit -f $limit; exec \"\$0\" install foo.snap --dangerous" "$SNAPBOX"
		echo "$status $output"
		[ "$status" -ne 0 ]
		snapbox boot
		system_state | diff before -
	done
}

@test "A136 a full disk leaves the old system" {
	good
	head -c 300000 /dev/urandom >tree/bin/big
	pack
	local kib
	inside mkdir /run/small
	for kib in 64 128 256 300 340 380; do
		inside mount -t tmpfs -o "mode=0755,size=${kib}k" tmpfs /var/lib/snapbox
		run snapbox install "$BARE" foo.snap --dangerous
		if [ "$status" -ne 0 ]; then
			echo "$kib: $output"
			[[ "$output" =~ "No space left"|"no room" ]]
			[ -z "$(inside find /var/lib/snapbox -type f)" ]
		else
			snapbox remove foo bare
		fi
		not inside grep -q ' /snap/foo' /proc/self/mountinfo
		inside umount -l /var/lib/snapbox
		snapbox boot
		system_state | diff before -
	done
}

@test "A132 A134 locks are root's own, waited for within a limit" {
	[ "$(inside stat -c '%a %U' /run/snapbox/lock)" = "700 root" ]
	[ "$(inside stat -c '%a %U' /run/snapbox/lock/state.lock)" = "600 root" ]
	run as_user 1234 flock /run/snapbox/lock/state.lock true
	[ "$status" -ne 0 ]
	inside flock /run/snapbox/lock/state.lock sleep 3 3>&- &
	sleep 0.3
	good; pack
	run snapbox install foo.snap --dangerous
	[ "$status" -eq 0 ]
}

@test "A138 parallel commands wait for each other and all end well" {
	local i pids=()
	for i in 1 2 3 4; do
		good
		sed -i "s/foo/foo$i/" tree/meta/snap.yaml
		sed -i "s/{foo/{foo$i/" tree/meta/snap.yaml
		pack
		mv foo.snap "foo$i.snap"
	done
	for i in 1 2 3 4; do
		(
			exec 3>&-
			for _ in 1 2 3; do
				snapbox install "foo$i.snap" --dangerous && snapbox list >/dev/null &&
					snapbox remove "foo$i" --purge || exit 1
			done
		) >"out$i" 2>&1 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	cat out*
	system_state | diff before -
}

@test "A141 a damaged state file is named, and changes nothing else" {
	good; pack
	snapbox install foo.snap --dangerous
	inside sed -i 's/^trust/trusted/; s/  trust dangerous//' /var/lib/snapbox/installed/foo
	run snapbox list
	[ "$status" -eq 1 ]
	[[ "$output" == *"/var/lib/snapbox/installed/foo: line"* ]]
	[[ "$output" == *"bare "* ]]
	run snapbox install foo.snap --dangerous
	[ "$status" -eq 1 ]
	run snapbox remove foo
	[ "$status" -eq 1 ]
	run snapbox boot
	[ "$status" -eq 3 ]
	inside grep -q ' /snap/foo/x1 ' /proc/self/mountinfo
}

@test "A106 R05 an ordinary user is told nothing about files he may not see" {
	inside sh -c 'mkdir -p /home/secret && chmod 700 /home/secret && echo x >/home/secret/there'
	chmod 755 . .. ../.. 2>/dev/null || true
	run as_user 1234 "$SNAPBOX" info /home/secret/there
	local first=${output//there/X} code=$status
	run as_user 1234 "$SNAPBOX" info /home/secret/gone
	[ "${output//gone/X}" = "$first" ]
	[ "$status" -eq "$code" ]
}
