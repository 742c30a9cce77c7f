#!/usr/bin/env bats
# apparmor_parser by name: what scripts and units that call it can rely on.
bats_require_minimum_version 1.5.0
SNAPBOX=${SNAPBOX:-$BATS_TEST_DIRNAME/../../build/snapbox}

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	ln -s "$SNAPBOX" apparmor_parser
	mkdir base base/abstractions base/disable base/force-complain
	echo '/shared r,' > base/abstractions/shared
	cat > features <<-EOF
		caps {mask {chown kill}}
		domain {stack {yes}}
		mount {mask {mount umount pivot_root}}
		network_v8 {af_mask {unspec unix inet}}
		policy {set_load {yes} versions {v5 {yes} v6 {yes} v7 {yes} v8 {yes}}}
		signal {mask {hup}}
	EOF
	cat > one <<-EOF
		profile one /bin/one {
		  include <abstractions/shared>
		  capability chown,
		  /etc/one rw,
		  profile child { /c r, }
		}
	EOF
}

parser()
{
	./apparmor_parser -b base -M features --policy-features features "$@"
}

@test "a profile becomes policy, the same bytes each time, from a file and from standard input" {
	parser -QS one > a
	parser -SKQ < one > b
	parser -o c one
	cmp a b
	cmp a c
	grep -qa version a
	grep -q 'one//child' a
	grep -qa notflex a
}

@test "-N names profiles and those in them" {
	run -0 parser -N one
	[ "$output" = $'one\none//child' ]
	run -0 ./apparmor_parser -b base -n space -N one
	[ "${lines[0]}" = ":space://one" ]
}

@test "an error names file and line, the exit code is 1 and nothing is written" {
	printf 'profile two {\n /x r\n}\n' > two
	run -1 parser -QS two
	[[ $output == *"two:3: no comma at the end of the rule"* ]]
	run -1 parser -o out two
	[ ! -e out ]
	run -1 parser -QS missing
	[[ $output == *"missing"* ]]
	printf 'profile two {\n /x px,\n /x ix,\n}\n' > two
	run -1 parser -QS two
	[[ $output == *"profile two"*"execute it differently"* ]]
	printf 'profile two {\n /x@{Y} r,\n}\n' > two
	run -1 parser -QS two
	[[ $output == *"two:2: profile two: the variable @{Y} is not set"* ]]
}

@test "a directory stands for its files, without those editors leave; disable/ is heeded" {
	mkdir dir
	cp one dir/one
	echo broken > dir/two.dpkg-old
	sed s/one/three/g one > dir/three
	parser -QS dir > all
	grep -qa three all
	ln -s ../../dir/three base/disable/three
	parser -QS dir > fewer
	run ! grep -qa three fewer
	run -0 parser -QS one
	cp one base/force-complain/one
	parser -QS one > complaining
	parser -CQS dir/one > forced
	cmp complaining forced
}

@test "options may stand together, and wrong ones are refused" {
	parser -rQTKW -L /nowhere --jobs=4 -O no-expr-simplify --warn=all one
	run -1 parser --frobnicate one
	[[ $output == *"unknown option --frobnicate"* ]]
	run -1 parser -a -r one
	[[ $output == *"only one of"* ]]
	run -1 parser -O faster one
	run -1 ./apparmor_parser -M
	[[ $output == *"needs a value"* ]]
}

@test "what the kernel cannot enforce is said, and -q says nothing" {
	printf 'profile p { dbus, unix type=stream, }' > p
	run -0 --separate-stderr parser -QS p
	[[ $stderr == *"dbus rules are left out"* ]]
	[[ $stderr == *"unix rules are widened"* ]]
	run -0 --separate-stderr parser -qQS p
	[ -z "$stderr" ]
}

@test "loading says why it cannot be done" {
	mkdir fs
	run -1 parser -r -f "$PWD/fs" one
	[[ $output == *'cannot replace "one"'* ]]
	run -1 parser -R -f "$PWD/fs" one
	[[ $output == *'cannot remove "one"'* ]]
}

@test "policy loads in one write, removal goes by name" {
	mkdir fs
	: > fs/.replace
	: > fs/.remove
	parser -QS one > wanted
	parser -r -f "$PWD/fs" one
	cmp fs/.replace wanted
	parser -B -r -f "$PWD/fs" wanted
	cmp fs/.replace wanted
	parser -R -f "$PWD/fs" one
	[ "$(tr -d '\0' < fs/.remove)" = one ]
}

@test "hostile text is refused soon" {
	printf 'profile p {' > deep
	head -c 1000000 /dev/zero | tr '\0' '{' >> deep
	head -c 1048576 /dev/zero | tr '\0' a > long
	{ printf 'profile p { /'; cat long; printf ' r, }'; } > token
	printf 'profile p { /**a' > bomb
	for _ in {1..60}; do printf '?' >> bomb; done
	printf ' r, }' >> bomb
	printf '@{A}=@{A}x\nprofile p { /@{A} r, }' > loop
	for f in deep token bomb loop; do
		run -1 timeout 10 bash -c "ulimit -v 1000000; ./apparmor_parser -b base -M features -QS $f"
		[[ $output == *"$f:"* ]]
	done
}

@test "-W keeps what was compiled and finds it by content; -T, -K and another text do not" {
	mkdir cache
	[[ $(parser -QkW -L cache one 2>&1) == "Cache miss: one" ]]
	[[ $(parser -Qk -L cache one 2>&1) == "Cache hit: one" ]]
	touch -d yesterday one base/abstractions/shared # time does not matter
	[[ $(parser -Qk -L cache one 2>&1) == "Cache hit: one" ]]
	[[ $(parser -QkT -L cache one 2>&1) == "Cache miss: one" ]]
	[[ $(parser -QkK -L cache one 2>&1) == "Cache miss: one" ]]
	[[ $(parser -QkC -L cache one 2>&1) == "Cache miss: one" ]]
	echo '/more r,' >> base/abstractions/shared
	[[ $(parser -Qk -L cache one 2>&1) == "Cache miss: one" ]]
	[ "$(parser -QWd -L cache one)" = "$(parser -Qd -L cache one)" ]
	parser -L cache --purge-cache
	[ -z "$(ls cache)" ]
	[ "$(parser -L cache --print-cache-dir)" = cache ]
}

@test "a cache that others may write to, or whose file was changed, is not believed" {
	mkdir cache
	parser -QW -L cache one
	[[ $(parser -Qk -L cache one 2>&1) == "Cache hit: one" ]]
	chmod 777 cache
	[[ $(parser -Qk -L cache one 2>&1) == "Cache miss: one" ]]
	chmod 755 cache
	file=$(echo cache/*)
	printf X | dd of="$file" bs=1 seek=700 conv=notrunc status=none
	[[ $(parser -Qk -L cache one 2>&1) == "Cache miss: one" ]]
	parser -QW -L cache one # replaced
	[[ $(parser -Qk -L cache one 2>&1) == "Cache hit: one" ]]
}

@test "-p prints the text with what it includes, which means the same" {
	parser -p one > whole
	grep -q '^##included base/abstractions/shared' whole
	grep -q '^/shared r,' whole
	run ! grep -q 'include <' whole
	cmp <(parser -QS whole) <(parser -QS one)
}

@test "-d says what was compiled, of a compiled file too" {
	parser -Qd one > text
	grep -q '^profile one$' text
	grep -q '^profile one//child$' text
	grep -q 'capabilities: chown' text
	grep -q 'files: .* states' text
	parser -o policy one
	parser -QBd policy > again
	cmp text again
	head -c 300 policy >./cut
	run -1 parser -QBd cut
	[[ $output == *"cut: at byte "* ]]
}
