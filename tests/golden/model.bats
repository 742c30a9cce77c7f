#!/usr/bin/env bats
# What is understood of snap.yaml files like those people publish.
#
# model/NAME.yaml is read; model/NAME.model and NAME.plans are what comes out.
# ACCEPT=1 writes them anew: read the difference before it is committed.

setup()
{
	dir=$BATS_TEST_DIRNAME/model
	snapbox=${SNAPBOX:-$BATS_TEST_DIRNAME/../../build/snapbox}
	arch=$(dpkg --print-architecture)
	new=$(mktemp -d)
}

teardown()
{
	rm -r "$new"
}

# golden VERB: what the verb says of each file, compared with what it should say
golden()
{
	local file name wrong=0

	for file in "$dir"/*.yaml; do
		name=$(basename "$file" .yaml).$1
		"$snapbox" debug "$1" "$file" >"$new/out" || return 1
		sed "s/SNAP_ARCH=$arch/SNAP_ARCH=ARCH/" "$new/out" >"$new/$name"
		[ -z "${ACCEPT:-}" ] || cp "$new/$name" "$dir/$name"
		diff -u "$dir/$name" "$new/$name" || wrong=1
	done
	return $wrong
}

@test "a snap.yaml gives the model beside it" {
	golden model
}

@test "its apps and hooks give the plans beside it" {
	golden plans
}

@test "a bad snap.yaml is refused with its line and the reason" {
	local line want="" n=0

	check()
	{
		[ -n "$want" ] || return 0
		n=$((n + 1))
		run "$snapbox" debug model "$new/bad.yaml"
		[ "$status" -eq 1 ]
		[ "$output" = "snapbox: read $new/bad.yaml: $want" ] || { echo "$output, not $want"; false; }
	}

	while IFS= read -r line; do
		case $line in
		'# '*) ;;
		'== '*) check; want=${line#== }; : >"$new/bad.yaml" ;;
		*) printf '%s\n' "$line" >>"$new/bad.yaml" ;;
		esac
	done <"$dir/refused.txt"
	check
	[ "$n" -ge 8 ]
}
