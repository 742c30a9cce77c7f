#!/usr/bin/env bats
# All policy of snaps like those people publish, made without a system.
#
# policy/NAME/options are words for policy-compile; policy/NAME/out is what comes of them:
# files of devices and mounts in full, "pieces" with where each rule of the profiles and
# filters is from, and "files" with the names of all. The rules themselves are held to the
# facts elsewhere. ACCEPT=1 writes them anew: read the difference before it is committed.

setup()
{
	dir=$BATS_TEST_DIRNAME/policy
	snapbox=$(realpath "${SNAPBOX:-$BATS_TEST_DIRNAME/../../build/snapbox}")
	new=$BATS_TEST_TMPDIR
}

# make CASE OUT [MORE...]
make()
{
	local case=$1 out=$2
	shift 2
	# shellcheck disable=SC2046
	(cd "$dir/$case" && "$snapbox" policy-compile $(cat options) --out "$out" "$@")
}

# The comment lines in front of pieces, without where in our files the text is.
pieces()
{
	(cd "$1" || exit; grep -oE '^ *# ([a-z0-9-]+: (plug|slot) .*|layout: .*)$' ./*.apparmor ./*.seccomp.src || :) |
		sed -E 's|^\./||; s/; [a-z0-9-]+\.yaml line [0-9]+//; s/: *# /: /; s/, code [a-z_]+//' |
		LC_ALL=C sort -u
}

@test "snaps get the files beside them" {
	local c wrong=0
	for c in "$dir"/*/options; do
		c=$(basename "$(dirname "$c")")
		make "$c" "$new/made" 2>/dev/null
		mkdir -p "$new/out"
		(cd "$new/made" && LC_ALL=C ls) >"$new/out/files"
		pieces "$new/made" >"$new/out/pieces"
		for f in "$new"/made/*.{device,udev,fstab,user-fstab,kmod}; do
			[ ! -s "$f" ] || cp "$f" "$new/out"
		done
		if [ -n "${ACCEPT:-}" ]; then
			rm -rf "${dir:?}/$c/out"
			cp -r "$new/out" "$dir/$c/out"
		fi
		diff -ru "$dir/$c/out" "$new/out" || wrong=1
		rm -r "$new/out"
	done
	[ "$wrong" -eq 0 ]
}

@test "the order of snaps and the architecture do not change texts" {
	local c
	for c in "$dir"/*/options; do
		c=$(basename "$(dirname "$c")")
		make "$c" "$new/a" --arch amd64 2>/dev/null
		# the words behind --meta, backwards
		sed -E 's/(.*--meta )(.*)/\2/' "$dir/$c/options" | tr ' ' '\n' | tac | tr '\n' ' ' >"$new/words"
		# shellcheck disable=SC2046
		(cd "$dir/$c" && "$snapbox" policy-compile $(sed 's/--meta.*//' options) --meta \
			$(cat "$new/words") --arch arm64 --out "$new/b") 2>/dev/null
		diff -r -x '*.bin2' "$new/a" "$new/b"
		make "$c" "$new/c" --arch amd64 2>/dev/null
		diff -r "$new/a" "$new/c"
		rm -r "$new"/[abc]
	done
}
