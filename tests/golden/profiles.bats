#!/usr/bin/env bats
# The AppArmor text of snaps like those people publish, as far as it is the snap's own:
# the head, and what connections and layouts bring. tests/facts looks at the templates.
#
# A line of the table below is NAME OF OUTPUT, snap.yaml, words for tests/lib/profiles.
# ACCEPT=1 writes the outputs anew: read the difference before it is committed.

setup()
{
	dir=$BATS_TEST_DIRNAME
	profiles=$dir/../../build-check/tests/lib/profiles
	[ -x "$profiles" ] || skip "there is no build-check"
	export ASAN_OPTIONS=detect_leaks=0
}

# own FILE: without what the templates bring; they stand before the first piece
own()
{
	awk '/^profile / { print; skip = 1; next }
		/^  # ([a-z0-9-]+: |This instance)/ || /^}/ { skip = 0 }
		!skip' "$1"
}

# text OUTPUT YAML [WORD]...
text()
{
	local out=$BATS_TEST_TMPDIR/$1 file

	mkdir -p "$out"
	"$profiles" "$out" "$dir/model/$2.yaml" "${@:3}" || return
	for file in "$out"/*; do
		printf '=== %s\n' "${file##*/}"
		own "$file"
	done >"$out.txt"
}

# golden: each line of the table on the input
golden()
{
	local name args wrong=0

	while read -r name args; do
		# shellcheck disable=SC2086 # words
		text "$name" $args || return
		[ -z "${ACCEPT:-}" ] || cp "$BATS_TEST_TMPDIR/$name.txt" "$dir/profiles/$name.txt"
		diff -u "$dir/profiles/$name.txt" "$BATS_TEST_TMPDIR/$name.txt" || wrong=1
	done
	return $wrong
}

@test "the profiles of a snap are those beside it" {
	golden <<-END
		hello hello
		hello-two hello key=two
		bare bare
		classic classic
		devmode devmode
		devmode-jail devmode jailmode unconnected
		layouts nextcloudish unconnected
		layouts-two lxdish unconnected key=two
	END
}

@test "a snap has the same profiles wherever it is asked" {
	for n in 1 2; do
		mkdir "$BATS_TEST_TMPDIR/$n"
		(cd / && "$profiles" "$BATS_TEST_TMPDIR/$n" "$dir/model/chromiumish.yaml")
	done
	diff -r "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/2"
	[ "$(find "$BATS_TEST_TMPDIR/1" -name 'snap.*' | wc -l)" -ge 2 ]
}
