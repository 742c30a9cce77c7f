#!/usr/bin/env bats
# Profile text made to cost: compiled or refused with file and line, in bounded time and memory.
bats_require_minimum_version 1.5.0
SNAPBOX=${SNAPBOX:-$BATS_TEST_DIRNAME/../../build/snapbox}

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	ln -s "$SNAPBOX" apparmor_parser
	echo 'mount {mask {mount}} signal {mask {hup}} policy {versions {v7 {yes}}}' > features
}

# times N TEXT
times()
{
	awk -v n="$1" -v t="$2" 'BEGIN { while (n--) printf "%s", t }'
}

# profile RULES: as the file "bomb"
profile()
{
	printf 'profile x {\n%s\n}\n' "$1" > bomb
}

# 60 seconds and a GiB are far more than any of these takes; without bounds they take
# hours, or all there is.
limited()
{
	(ulimit -v 1048576 && timeout 60 ./apparmor_parser -M features --override-policy-abi features \
		-QS bomb > out 2> err)
}

# refused LINE WORDS
refused()
{
	local rc=0

	limited || rc=$?
	[ "$rc" -eq 1 ]
	[ ! -s out ]
	[[ $(head -n 1 err) == *"bomb:$1: "*"$2"* ]]
	[ "$(wc -l < err)" -eq 1 ]
}

@test "nests of alternations" {
	profile "/$(times 200 '{a,')b$(times 200 '}') r,"
	refused 2 "nest"
	profile "/{abc r,"
	refused 2 "not closed"
}

@test "many alternations in a row" {
	profile "/$(times 5000 '{a,b}') r,"
	limited
	profile "/$(times 200 '{a,b,*}')x r,"
	limited
}

@test "what can begin anywhere and ends much later" {
	profile "/**a$(times 60 '?') r,"
	refused 1 "too large"
}

@test "many stars in a rule, and in many rules" {
	profile "$(for c in a b c d e f g h; do echo "/$(times 20 "**$c") r,"; done)"
	refused 1 "too large"
	profile "/$(times 3000 '*a') r,"
	limited
	profile "$(for ((i = 0; i < 2000; i++)); do echo "deny /**/$i*$((i * 7)) r,"; done)"
	limited
}

@test "classes of characters" {
	profile "/[$(times 60000 a)] r,"
	limited
	profile "/$(times 5000 '[^a-y]')** r,"
	limited
	profile "/[abc r,"
	refused 2 "not closed"
}

@test "words of a MiB, quoted and not, and files with NUL" {
	profile "/$(times 1048576 a) r,"
	refused 2 "longer than"
	profile "\"/$(times 1048576 a)\" r,"
	refused 2 ""
	printf 'profile x {\n /a r,\n\0}\n' > bomb
	refused 1 "NUL"
}

@test "variables that multiply, and that need themselves" {
	{
		echo '@{A}=a b'
		for c in B:A C:B D:C E:D F:E G:F; do
			echo "@{${c%:*}}=@{${c#*:}}@{${c#*:}} @{${c#*:}}x"
		done
		echo 'profile x { /@{G} r, }'
	} > bomb
	refused 8 "too many values"
	printf '@{A}=@{B}\n@{B}=@{A}\nprofile x { /@{A} r, }\n' > bomb
	refused 3 "uses itself"
}

@test "a hundred thousand rules" {
	awk 'BEGIN { print "profile x {"; for (i = 0; i < 100000; i++)
		printf "/%d/%d r,\n", i * 7919 % 99991, i; print "}" }' > bomb
	refused 1 "too large"
}

@test "profiles in profiles, and includes without end" {
	times 3000 'profile x { ' > bomb
	refused 1 ""
	printf 'include "%s/loop"\n' "$PWD" > loop
	printf 'include "%s/loop"\nprofile x { }\n' "$PWD" > bomb
	limited # each file once
}
