#!/usr/bin/env bats
# Hostile packages and odd ways to name our own program (attack classes INST, YAML,
# CMD, BIN). Each is refused with one line, at once, and changes nothing.

load helper
load parts
bats_require_minimum_version 1.5.0

RUN=/usr/local/bin/snapbox

setup_file() {
	parts_system bare tb-probe
}

setup() {
	parts_cd
	rm -rf tree
	mkdir -p tree/meta tree/bin
	cp "$(dirname "$SNAPBOX")/tests/lib/start" tree/bin/x
	chmod 755 tree tree/meta tree/bin tree/bin/x
	yaml ''
}

teardown() {
	snapbox remove --purge evil >/dev/null 2>&1 || true
}

teardown_file() {
	parts_end
}

# yaml LINES: a good snap.yaml with these added
yaml() {
	printf 'name: evil\nversion: "1"\nsummary: s\ndescription: d\nbase: bare\nconfinement: strict\n%b\n' "$1" \
		>tree/meta/snap.yaml
}

# app_yaml LINES: an app with these keys
app_yaml() {
	yaml "apps:\n  x:\n    command: bin/x\n$1"
}

pack() {
	rm -f evil.snap
	mksquashfs tree evil.snap -noappend -quiet -no-progress -all-root "$@" >/dev/null 2>pack.log || { cat pack.log; return 1; }
}

# refused WHAT [FILE]: one line, exit 1, in two seconds, the system as it was
refused() {
	local before after file=${2:-$PWD/evil.snap}
	before=$(system_state)
	run inside timeout -s KILL 10 "$RUN" install --dangerous "$file"
	after=$(system_state)
	if [ "$status" -ne 1 ] || [ "${#lines[@]}" -ne 1 ] || [ "$before" != "$after" ]; then
		echo "$1: status $status: $output"
		diff <(echo "$before") <(echo "$after")
		snapbox remove --purge evil 2>/dev/null
		return 1
	fi
}

packed_and_refused() {
	pack && refused "$1"
}

@test "the snap that these are made from is accepted" {
	app_yaml ''
	pack
	snapbox install --dangerous "$PWD/evil.snap"
	run inside "$RUN" run evil.x /snap/evil/x1/bin/x --nonsense
	[ "$status" -eq 125 ]
	snapbox remove --purge evil
}

@test "A199 anything but a file as snap.yaml, and special files where a file is needed, are refused" {
	for make in "mkfifo" "mknod_block" "mkdir" "mksocket"; do
		for place in meta/snap.yaml meta/hooks/configure bin/x meta/gui/x.desktop; do
			rm -rf tree/meta tree/bin
			mkdir -p tree/meta/hooks tree/meta/gui tree/bin
			[ $place = bin/x ] || cp "$START" tree/bin/x
			app_yaml ''
			rm -rf "tree/$place"
			case $make in
			mkfifo) mkfifo "tree/$place" ;;
			mknod_block) mknod "tree/$place" b 8 0 ;;
			mksocket) python3 -c 'import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "tree/$place" ;;
			mkdir) [ $place = meta/snap.yaml ] || continue; mkdir "tree/$place" ;;
			esac
			packed_and_refused "$make at $place"
		done
	done
}

@test "A201 links out of the package are not followed" {
	inside sh -c 'echo "name: stolen" >/opt/canary; chmod 600 /opt/canary'
	for pair in "meta/snap.yaml /opt/canary" "meta/snap.yaml ../../../opt/canary" "meta/hooks/install /bin/sh"; do
		rm -rf tree/meta tree/bin
		mkdir -p tree/meta/hooks tree/bin
		cp "$(dirname "$SNAPBOX")/tests/lib/start" tree/bin/x
		app_yaml ''
		ln -sfn "${pair#* }" "tree/${pair% *}"
		packed_and_refused "$pair"
		[[ "$output" != *stolen* ]]
	done
	rm -rf tree/meta
	ln -s ../../../etc tree/meta
	packed_and_refused "meta is a link"
}

@test "A203 names that lead elsewhere are refused before anything is mounted" {
	app_yaml ''
	echo x >tree/qq
	echo x >tree/qqq
	pack -noI -noId -no-fragments
	cp evil.snap good.snap
	for pair in "qq:.." "qq:./" "qq:a/" "qqq:../" "qqq:/ab" "qqq:a/b" 'qq:\0a' 'qqq:qq\0'; do
		python3 - "$pair" <<-'EOF'
		import sys
		a, b = sys.argv[1].split(":")
		data = open("good.snap", "rb").read()
		b = b.encode().replace(b"\\0", b"\0")
		at = data.rfind(b"qq" if a == "qq" else b"qqq", 0, len(data))
		if a == "qq":
		    at = data.find(b"qq")
		    while data[at:at + 3] == b"qqq":
		        at = data.find(b"qq", at + 3)
		assert at > 0
		open("evil.snap", "wb").write(data[:at] + b + data[at + len(b):])
		EOF
		refused "$pair"
	done
}

@test "A207 images with broken superblocks are refused, and the kernel never sees them" {
	app_yaml ''
	pack
	cp evil.snap good.snap
	inside dmesg >log.before 2>/dev/null || true
	python3 - <<-'EOF' >patches
	# offset, bytes: the superblock of squashfs 4.0, field by field
	import struct
	def p(off, fmt, *vals):
	    for v in vals:
	        print(off, struct.pack(fmt, v).hex())
	p(0, "<I", 0, 0x68737173)                       # magic
	p(4, "<I", 0, 0xffffffff, 10**8)                # inodes
	p(12, "<I", 0, 1, 4096 - 1, 2**21, 2**31)       # block size
	p(16, "<I", 0xffffffff)                         # fragments
	p(20, "<H", 0, 7, 99, 65535)                    # compressor
	p(22, "<H", 0, 31, 11, 21)                      # block log
	p(26, "<H", 0, 65535)                           # ids
	p(28, "<H", 3, 5)                               # version
	p(30, "<H", 1, 65535)                           # minor
	p(32, "<Q", 0, 2**63, 2**64 - 1, 0xffffffffffff)  # root inode
	p(40, "<Q", 2**62, 2**64 - 1, 1)                # bytes used
	for table in (48, 64, 72):                      # id, inode, directory tables
	    p(table, "<Q", 0, 1, 2**63, 2**64 - 2)
	EOF
	[ "$(wc -l <patches)" -ge 40 ]
	while read -r offset hex; do
		python3 - "$offset" "$hex" <<-'EOF'
		import sys
		data = bytearray(open("good.snap", "rb").read())
		patch = bytes.fromhex(sys.argv[2])
		data[int(sys.argv[1]):int(sys.argv[1]) + len(patch)] = patch
		open("evil.snap", "wb").write(data)
		EOF
		refused "$offset $hex"
	done <patches
	run inside dmesg
	diff log.before <(echo "$output") >news || true
	none grep -i 'squashfs error' news
}

@test "A207 images that end early, or are something else, are refused" {
	app_yaml ''
	pack
	cp evil.snap good.snap
	size=$(stat -c %s good.snap)
	for keep in 0 1 95 96 100 4096 $((size / 2)) $((size - 4096 - 1)); do
		head -c "$keep" good.snap >evil.snap
		refused "the first $keep bytes"
	done
	cp "$TOP/README.md" evil.snap
	refused "text"
	head -c 100000 /dev/urandom >evil.snap
	refused "noise"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		# anywhere: either refused, or harmless and taken out again
		python3 - $i <<-'EOF'
		import random, sys
		random.seed(int(sys.argv[1]))
		data = bytearray(open("good.snap", "rb").read())
		for _ in range(20):
		    data[random.randrange(96, len(data))] ^= 1 << random.randrange(8)
		open("evil.snap", "wb").write(data)
		EOF
		run inside timeout -s KILL 10 "$RUN" install --dangerous "$PWD/evil.snap"
		[ "$status" -eq 1 ] || [ "$status" -eq 0 ]
		[ "$status" -eq 1 ] || snapbox remove --purge evil
	done
}

@test "A209 an image that means far more than it weighs is refused in bounds" {
	app_yaml ''
	mkdir tree/many
	(cd tree/many && seq 1 150000 | xargs touch)
	pack
	run inside timeout 20 "$RUN" install --dangerous "$PWD/evil.snap"
	[ "$status" -ne 124 ]
	[ "$status" -ne 0 ] || snapbox remove --purge evil
	rm -rf tree/many
	deep=tree
	for _ in $(seq 1 600); do deep=$deep/d; done
	mkdir -p "$deep"
	packed_and_refused "600 directories deep"
	rm -rf tree/d
}

@test "A211 only a regular file is a source" {
	mkfifo pipe
	for source in pipe /dev/null /dev/zero /proc/self/mounts . /dev/stdin /nowhere; do
		[ "$source" != pipe ] || source=$PWD/pipe
		refused "$source" "$source" </dev/null
	done
	ln -s "$(part tinybase)" link.snap
	run snapbox install --dangerous "$PWD/link.snap"
	[ "$status" -eq 0 ] && snapbox remove --purge tinybase
	[ "$status" -le 1 ]
}

@test "A213 a base is found by its exact name" {
	for base in bare-x bar Bare bare_x ../bare bare/ 'bare ' "" core none; do
		printf 'name: evil\nversion: "1"\nsummary: s\ndescription: d\nbase: "%s"\napps:\n  x:\n    command: bin/x\n' "$base" \
			>tree/meta/snap.yaml
		packed_and_refused "base $base"
	done
	app_yaml ''
	sed -i 's/^base: bare/base: tb-probe/' tree/meta/snap.yaml
	packed_and_refused "a base that is an app"
}

@test "A219 A221 A223 A225 A227 A229 A233 hostile YAML is refused in no time" {
	bad() { # WHAT, the file on standard input
		cat >tree/meta/snap.yaml
		packed_and_refused "$1"
	}
	good() {
		printf 'name: evil\nversion: "1"\nsummary: s\ndescription: d\nbase: bare\n'
	}
	python3 - >bombs <<-'EOF'
	print("a0: &a0 [x,x,x,x,x,x,x,x,x,x]")
	for i in range(1, 9):
	    print(f"a{i}: &a{i} [" + ",".join([f"*a{i-1}"] * 10) + "]")
	EOF
	{ good; cat bombs; } | bad "alias bomb"
	{ good; echo 'x: &a y'; echo 'z: *a'; } | bad "one alias"
	for open in '[' '{a: ' '- ' '? '; do
		{ good; echo -n 'x: '; python3 -c "print('$open' * 10000)"; } | bad "depth of $open"
	done
	{ good; python3 -c "
for i in range(2000): print(' ' * i + 'k:')"; } | bad "depth by indentation"
	printf 'name: evil\0x\nversion: "1"\nbase: bare\n' | bad "NUL in a name"
	{ good; printf '# \0\n'; } | bad "NUL in a comment"
	good | iconv -t UTF-16 | bad "UTF-16"
	{ good; echo 'name: other'; } | bad "name twice"
	{ good; printf 'apps:\n  x:\n    command: bin/x\n  x:\n    command: bin/x\n'; } | bad "an app twice"
	{ good; printf 'apps:\n  x:\n    command: bin/x\n    command: bin/y\n'; } | bad "a key of an app twice"
	for name in 123 null '~' '[evil]' '{evil: evil}' 2024-01-01 '!!binary evil' '!foo evil' '!!python/object evil' \
		'"evil\n"' '"\x00"'; do
		printf 'name: %s\nversion: "1"\nbase: bare\n' "$name" | bad "name: $name"
	done
	{ good; printf -- '---\nname: other\n'; } | bad "two documents"
	{ printf '%%YAML 2.0\n---\n'; good; } | bad "a version from the future"
	printf '' | bad "nothing"
	printf '# only a comment\n' | bad "only a comment"
	printf 'evil\n' | bad "a scalar"
	printf -- '- evil\n' | bad "a list"
	{ good; python3 -c "print('x: ' + 'y' * (17 << 20))"; } | bad "17 MiB"
	{ good; echo apps:; python3 -c "
for i in range(100000): print(f'  a{i}: {{command: bin/x}}')"; } | bad "100,000 apps"
	{ printf 'name: evil\nversion: "1"\nbase: bare\ndescription: '; python3 -c "print('y' * (1 << 20))"; } | bad "a long description"
}

@test "A235 A237 names and kinds are exactly those of the grammar" {
	for name in a "$(printf 'a%.0s' {1..41})" -a a- a--b 1 11 A a_b a.b a/b .. '""' '"a b"' a+b '"ab\n"' "$(printf '\xd0\xb0\xd0\xb1')"; do
		yaml ''
		sed -i "s|^name:.*|name: $name|" tree/meta/snap.yaml
		packed_and_refused "name $name"
	done
	for line in 'type: os2' 'type: Base' 'type: kernel' 'type: gadget' 'type: snapd' 'type: os' \
		'confinement: Strict' 'confinement: "strict "' 'confinement: none' 'grade: best' 'architectures: [z80]' \
		'assumes: [no-such-feature]' 'assumes: [snapd99.99]' 'epoch: x' 'layouts: {/etc/x: {bind: $SNAP/x}}'; do
		key=${line%%:*}
		app_yaml ''
		sed -i "/^$key:/d" tree/meta/snap.yaml
		echo "$line" >>tree/meta/snap.yaml
		packed_and_refused "$line"
	done
}

@test "A196 weaker confinement takes its flag each time" {
	for kind in classic devmode; do
		app_yaml ''
		sed -i "s/^confinement:.*/confinement: $kind/" tree/meta/snap.yaml
		packed_and_refused "$kind without a flag"
	done
	app_yaml ''
	pack
	refused "without --dangerous" >/dev/null && false
	run snapbox remove --purge evil
	run snapbox install "$PWD/evil.snap"
	[ "$status" -eq 1 ]
	[[ "$output" == *dangerous* ]]
}

@test "A215 A239 commands that are paths elsewhere, or shell, are refused" {
	# shellcheck disable=SC2088 # as it is
	for command in /bin/sh ../../bin/sh bin/../../x 'bin/x; rm -rf /' 'bin/x $(id)' 'bin/x `id`' "bin/x 'a'" \
		'bin/x "a"' 'bin/x \\a' 'bin/x|y' 'bin/x>y' 'bin/x&' '""' '"   "' 'bin/x\ty' nosuch bin meta/snap.yaml '$SNAP/bin/x' '~/x'; do
		printf 'name: evil\nversion: "1"\nsummary: s\ndescription: d\nbase: bare\napps:\n  x:\n    command: %s\n' \
			"$(python3 -c 'import json,sys; s=sys.argv[1]; print(s if s.startswith("\"") else json.dumps(s.replace("\\t","\t").replace("\\\\","\\")))' "$command")" \
			>tree/meta/snap.yaml
		packed_and_refused "command $command"
	done
	for key in 'command-chain: [../x]' 'command-chain: ["bin/x y"]' 'completer: ../../x'; do
		app_yaml "    $key"
		packed_and_refused "$key"
	done
}

@test "A242 the environment of a snap cannot smuggle" {
	for line in '"A=B": x' '"": x' '"A B": x' '"A\\nB": x' '1A: x'; do
		yaml "environment:\n  $line"
		packed_and_refused "$line"
	done
	# growth by expansion ends in an error, not in memory
	{
		echo 'environment:'
		echo "  V0: xxxxxxxxxxxxxxxx"
		for i in $(seq 1 40); do echo "  V$i: \$V$((i - 1))\$V$((i - 1))"; done
	} >lines
	app_yaml ''
	cat lines >>tree/meta/snap.yaml
	pack
	run snapbox install --dangerous "$PWD/evil.snap"
	if [ "$status" -eq 0 ]; then
		run inside timeout 5 "$RUN" run evil.x /bin/true
		[ "$status" -eq 1 ]
		snapbox remove --purge evil
	fi
}

@test "A244 hooks that are not plain files are refused" {
	mkdir tree/meta/hooks
	app_yaml ''
	cp tree/bin/x tree/meta/hooks/install
	chmod 4755 tree/meta/hooks/install
	packed_and_refused "a setuid hook"
}

@test "A250 a command link overwrites nothing and stays in its directory" {
	inside sh -c 'mkdir -p /snap/bin; rm -f /snap/bin/evil.x; echo mine >/snap/bin/evil.x'
	app_yaml ''
	packed_and_refused "a file in the way"
	[ "$(inside cat /snap/bin/evil.x)" = mine ]
	inside rm /snap/bin/evil.x
	for name in ../x -x .x 'x y' x/y; do
		yaml "apps:\n  \"$name\":\n    command: bin/x"
		packed_and_refused "app $name"
	done
}

@test "A252 only exact names of apps dispatch" {
	mkdir -p links
	for name in tb-probe.state.x tb-probe. .state tb-probe..state tb_x.state TB-PROBE.state \
		"$(printf 'a%.0s' {1..250})" $'tb-probe.state\n'; do
		ln -s "$RUN" "links/$name"
		run as_name alice "$ALICE" "$PWD/links/$name"
		[ "$status" -ne 0 ] || { echo "$name"; false; }
		[[ "$output" != *uid=* ]]
		[ "${#lines[@]}" -eq 1 ] || { echo "$name: $output"; false; }
		inside ln -sfn "$RUN" "/snap/bin/$name"
		run as_name alice "$ALICE" "/snap/bin/$name"
		[ "$status" -ne 0 ] || { echo "/snap/bin/$name"; false; }
		[[ "$output" != *uid=* ]]
		inside rm -f "/snap/bin/$name"
	done
}

@test "A181 control characters of a package never reach the terminal" {
	printf 'name: evil\nversion: "1"\nsummary: "a\\e[31mb\\u202Ec"\ntitle: "t\\a\\r\\e]0;x"\ndescription: "d\\u009b31m"\nbase: bare\n' >tree/meta/snap.yaml
	pack
	run snapbox install --dangerous "$PWD/evil.snap"
	out=$output
	snapbox list >>out 2>&1
	snapbox info evil >>out 2>&1 || true
	printf '%s' "$out" >>out
	none env LC_ALL=C grep -P '\x1b|\x07|\x0d|\xc2\x9b|\xe2\x80\xae' out
	snapbox remove --purge evil 2>/dev/null || true
}

@test "A291 A297 the program finds itself by no name: links and copies have no power" {
	inside sh -c "mkdir -p /home/alice/bin && ln -f $RUN /home/alice/bin/snapbox 2>/dev/null || cp $RUN /home/alice/bin/snapbox"
	for name in snap-update-ns snap-exec snap-confine snap-discard-ns snapd; do
		inside sh -c "printf '#!/bin/sh\ntouch /home/alice/ran\n' >/home/alice/bin/$name; chmod 755 /home/alice/bin/$name"
	done
	inside sh -c 'mkdir -p /home/alice/lib/snapbox /home/alice/usr/lib/snapbox; chown -R alice:alice /home/alice'
	run as_name alice "$ALICE" /home/alice/bin/snapbox run tb-probe.state
	[ "$status" -ne 0 ] || is_confined "$output" "$ALICE"
	run as_name alice "$ALICE" /home/alice/bin/snapbox confine snap.tb-probe.state
	[ "$status" -ne 0 ]
	[ -z "$(inside ls /home/alice/ran 2>/dev/null)" ]
	# a copy of the privileged copy has no privileges; it cannot even be read
	run as_name alice "$ALICE" cp /usr/lib/snapbox/snap-confine /home/alice/copy
	[ "$status" -ne 0 ]
	run as_name alice "$ALICE" ln /usr/lib/snapbox/snap-confine /home/alice/hard
	if [ "$status" -eq 0 ]; then
		run as_name alice "$ALICE" /home/alice/hard snap.tb-probe.state
		[ "$status" -ne 0 ] || is_confined "$output" "$ALICE"
	fi
}

@test "A293 our program inside a sandbox has no power" {
	for path in /usr/lib/snapd/snap-exec /usr/lib/snapd/snapctl /usr/bin/snapctl /usr/lib/snapd/snap-confine; do
		for who in app alice; do
			run "$who" tb-probe.poke exec $path snap.tb-probe.state
			[[ "$output" != *uid=* ]] || { echo "$who $path $output"; false; }
			run "$who" tb-probe.poke stat $path
			[[ "$output" != *"stat 104"* ]]
		done
	done
}
