#!/usr/bin/env bats
# Our compiled policy against apparmor_parser's, for the features of two kernels.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	[ -d ../shared/facts ] || skip "the facts about policy are not here"
	PEER=$(tests/oracle/apparmor-peer) || skip "Debian's packages cannot be fetched"
	[ -x "$PEER/dfadiff" ] || skip "there is nothing to compare with"
	export PEER FACTS=$PWD/../shared/facts OURS=${SNAPBOX:-$PWD/build/snapbox}
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# alike FEATURES FILE: both compile it, and the tables answer alike
alike() {
	local base=$PEER/root/etc/apparmor.d features=$FACTS/features-$1

	"$OURS" apparmor_parser -b "$base" -M "$features" --override-policy-abi "$features" -qQS \
		"$2" >"$BATS_TEST_TMPDIR/ours" &&
		"$PEER/parser" -b "$base" -M "$features" --override-policy-abi "$features" -qQSK \
			"$2" >"$BATS_TEST_TMPDIR/theirs" &&
		"$PEER/dfadiff" "$BATS_TEST_TMPDIR/theirs" "$BATS_TEST_TMPDIR/ours"
}

# all FEATURES FILE...
all() {
	local features=$1 failed=0 file

	shift
	for file; do
		alike "$features" "$file" >"$BATS_TEST_TMPDIR/said" 2>&1 && continue
		echo "# $features ${file##*/}: $(head -n 1 "$BATS_TEST_TMPDIR/said")" >&3
		failed=$((failed + 1))
	done
	echo "# $features: $(($# - failed)) of $# alike" >&3
	[ "$failed" -eq 0 ]
}

debian() {
	find "$PEER/root/etc/apparmor.d" "$PEER/root/usr/share/apparmor/extra-profiles" \
		-maxdepth 1 -type f ! -name README
}

@test "all profiles that Debian ships, for Linux 6.1" {
	mapfile -t files < <(debian)
	[ "${#files[@]}" -gt 200 ]
	all 6.1 "${files[@]}"
}

@test "all profiles that Debian ships, for Linux 7.2" {
	mapfile -t files < <(debian)
	all 7.2 "${files[@]}"
}

@test "a snap without plugs, a desktop app and a snap of hardware, for both" {
	tests/lib/aaprofile "$FACTS" plain 1 >"$BATS_TEST_TMPDIR/plain"
	tests/lib/aaprofile "$FACTS" desktop 2 desktop wayland x11 opengl audio-playback network \
		network-bind home removable-media gsettings browser-support \
		>"$BATS_TEST_TMPDIR/desktop"
	tests/lib/aaprofile "$FACTS" hardware 1 hardware-observe block-devices raw-usb \
		network-control bluetooth-control system-observe >"$BATS_TEST_TMPDIR/hardware"
	for k in 6.1 7.2; do
		all "$k" "$BATS_TEST_TMPDIR"/{plain,desktop,hardware}
	done
}

# The tables differ in what they say of the empty label, which nobody can ask for: with
# permission tables theirs loses what "change_profile," gives to the first state.
empty_only()
{
	[ "$(grep -c 'path=' "$BATS_TEST_TMPDIR/said")" -eq 1 ] &&
		grep -q '^ *file path=""$' "$BATS_TEST_TMPDIR/said"
}

# own DIRECTORY: both compile each of our own profiles in it, for both kernels, out of
# the files that ride along and for the features that the text itself names
own()
{
	local k file failed=0 n=0

	for k in 6.1 7.2; do
		for file in "$1"/*; do
			n=$((n + 1))
			"$OURS" apparmor_parser -b /nowhere -M "$FACTS/features-$k" -qQS "$file" \
				>"$BATS_TEST_TMPDIR/ours" &&
				"$PEER/parser" -b data/templates/apparmor -M "$FACTS/features-$k" \
					-qQSK "$file" >"$BATS_TEST_TMPDIR/theirs" &&
				{ "$PEER/dfadiff" "$BATS_TEST_TMPDIR/theirs" "$BATS_TEST_TMPDIR/ours" \
					>"$BATS_TEST_TMPDIR/said" 2>&1 || empty_only; } && continue
			echo "# $k ${file##*/}: $(head -n 1 "$BATS_TEST_TMPDIR/said")" >&3
			failed=$((failed + 1))
		done
	done
	echo "# $((n - failed)) of $n alike" >&3
	[ "$n" -gt 0 ] && [ "$failed" -eq 0 ]
}

# profiles NAME WORDS PLUG...: our text for a snap of that name
profiles()
{
	local name=$1 words=$2 dir=$BATS_TEST_TMPDIR/own

	shift 2
	mkdir -p "$dir"
	printf 'name: %s\nversion: 1\nbase: %s\napps:\n  app: {command: a, plugs: [%s]}\n' \
		"$name" "${base:-core24}" "$(IFS=,; echo "$*")" >"$BATS_TEST_TMPDIR/snap.yaml"
	printf 'layout:\n  /usr/share/%s: {bind: $SNAP/share}\n' "$name" >>"$BATS_TEST_TMPDIR/snap.yaml"
	# shellcheck disable=SC2086 # words
	ASAN_OPTIONS=detect_leaks=0 build-check/tests/lib/profiles "$dir" \
		"$BATS_TEST_TMPDIR/snap.yaml" $words
}

@test "our own templates, of every kind" {
	[ -x build-check/tests/lib/profiles ] || skip "there is no build-check"
	profiles plain ""
	profiles core core
	profiles devmode devmode
	profiles jail jailmode
	profiles classic classic
	profiles jailed "classic jailmode"
	profiles keyed key=two
	base=bare profiles bare ""
	base=core22-desktop profiles vendor ""
	own "$BATS_TEST_TMPDIR/own"
}

@test "our own text of a desktop app with 25 plugs" {
	[ -x build-check/tests/lib/profiles ] || skip "there is no build-check"
	profiles desktop "" desktop desktop-legacy wayland x11 opengl audio-playback audio-record \
		network network-bind home removable-media gsettings browser-support camera \
		cups-control unity7 screen-inhibit-control upower-observe network-status \
		hardware-observe mount-observe process-control system-observe joystick \
		password-manager-service
	own "$BATS_TEST_TMPDIR/own"
}

# Those that need attributes are compiled by tests/facts. This takes some minutes.
@test "our own text of every interface" {
	[ -x build-check/tests/lib/profiles ] || skip "there is no build-check"
	local file name
	for file in data/templates/interfaces/*.yaml; do
		name=${file##*/}
		profiles "${name%.yaml}" "" "${name%.yaml}" 2>/dev/null || true
	done
	rm -f "$BATS_TEST_TMPDIR"/own/snap-update-ns.*
	[ "$(find "$BATS_TEST_TMPDIR/own" -type f | wc -l)" -gt 150 ]
	own "$BATS_TEST_TMPDIR/own"
}

@test "the verdicts of AppArmor's own corpus" {
	tarball=subprojects/packagecache/apparmor_4.1.0.orig.tar.gz
	[ -f "$tarball" ] || skip "AppArmor's source is not here"
	tar -xf "$tarball" -C "$BATS_TEST_TMPDIR" apparmor-4.1.0/parser/tst
	cd "$BATS_TEST_TMPDIR/apparmor-4.1.0/parser/tst"
	total=0 wrong=()
	while read -r file; do
		grep -qE '^#=(TODO|DISABLED)' "$file" && continue
		want=0
		grep -q '^#=EXRESULT *FAIL' "$file" && want=1
		total=$((total + 1)) got=0
		"$OURS" apparmor_parser -M features_files/features.all -QS -I simple_tests \
			-b /nowhere "$file" >out 2>err || got=$?
		[ "$got" = "$want" ] || wrong+=("$file")
	done < <(find simple_tests -name '*.sd')
	echo "# $((total - ${#wrong[@]})) of $total as expected; not: ${wrong[*]}" >&3
	[ "$total" -gt 2000 ]
	# Refused: many nested alternations, which need more than we give to one profile.
	[ "${wrong[*]}" = simple_tests/vars/vars_stress_03.sd ]
}

@test "the pairs of AppArmor's own equality tests mean the same, or do not" {
	tarball=subprojects/packagecache/apparmor_4.1.0.orig.tar.gz
	[ -f "$tarball" ] || skip "AppArmor's source is not here"
	tar -xf "$tarball" -C "$BATS_TEST_TMPDIR" apparmor-4.1.0/parser/tst
	cd "$BATS_TEST_TMPDIR/apparmor-4.1.0/parser/tst"
	ln -s "$OURS" apparmor_parser
	# All pairs of rules with priorities take a quarter of an hour: here those of one.
	sed -i 's/^\tpriorities=.*/\tpriorities="none"/' equality.sh
	APPARMOR_PARSER=$PWD/apparmor_parser run -0 timeout 900 bash equality.sh
	[[ $output == *PASS* ]]
	[[ $output != *FAIL* ]]
}
