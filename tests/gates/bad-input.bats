#!/usr/bin/env bats
# Each gate fails on what it is there to stop, and says where. tools/flow reads a
# small tree made here, compiled as meson would name the objects.

setup() {
	TOOLS=$BATS_TEST_DIRNAME/../../tools
	cd "$BATS_TEST_TMPDIR"
	mkdir -p src/core src/policy/model src/policy/device src/seccomp src/ns src/applets/lib
	cat >allow <<-EOF
	reach core/low.c
	call malloc core/low.c
	EOF
	echo 'void *malloc(unsigned long); void low(void) { malloc(1); }' >src/core/low.c
	echo 'void low(void); void model(void) { low(); }' >src/policy/model/model.c
	echo 'void low(void); void confine(void) { low(); }' >src/applets/confine.c
}

# Compile the tree and run tools/flow over it.
flow() {
	local file name objects=()
	rm -f lib.a
	while read -r file; do
		name=${file#src/}
		gcc -c -w -fno-builtin -Isrc -o "${name//\//_}.o" "$file"
		objects+=("${name//\//_}.o")
	done < <(find src -name '*.c')
	ar rc lib.a "${objects[@]}"
	run "$TOOLS/flow" lib.a src allow
}

refused() {
	[ "$status" -eq 1 ]
	[[ "$output" == *"$1"* ]]
}

@test "flow: a tree that obeys passes in silence" {
	flow
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "flow: a call that climbs is named" {
	echo 'void model(void); void up(void) { model(); }' >src/core/up.c
	flow
	refused "core/up.c (floor 0) uses model of policy/model/model.c (floor 1)"
}

@test "flow: data of a higher floor is a climb as well" {
	echo 'int table[] = {1, 2};' >src/ns/table.c
	echo 'extern int table[]; int first(void) { return table[0]; }' >src/policy/model/first.c
	flow
	refused "policy/model/first.c (floor 1) uses table of ns/table.c (floor 5)"
}

@test "flow: an include that climbs is named" {
	echo >src/ns/plan.h
	echo '#include "ns/plan.h"' >src/core/up.c
	flow
	refused "core/up.c (floor 0) includes the header of ns/plan.h (floor 5)"
}

@test "flow: a shared part of the commands does not know a command" {
	echo 'void confine(void); void shared(void) { confine(); }' >src/applets/lib/shared.c
	flow
	refused "applets/lib/shared.c (floor 6) uses confine of applets/confine.c (floor 7)"
}

@test "flow: siblings do not talk" {
	echo 'void filter(void) {}' >src/seccomp/filter.c
	echo 'void filter(void); void udev(void) { filter(); }' >src/policy/device/udev.c
	flow
	refused "policy/device/udev.c uses filter of seccomp/filter.c: siblings are silent"
}

@test "flow: files of one directory may talk" {
	echo 'void filter(void) {}' >src/seccomp/filter.c
	echo 'void filter(void); void bin(void) { filter(); }' >src/seccomp/bin.c
	flow
	[ "$status" -eq 0 ]
}

@test "flow: a circle is shown whole" {
	echo 'void b(void); void a(void) { b(); }' >src/ns/a.c
	echo 'void c(void); void b(void) { c(); }' >src/ns/b.c
	echo 'void a(void); void c(void) { a(); }' >src/ns/c.c
	flow
	refused "circle: "
	[[ "$output" == *"a of ns/a.c"* && "$output" == *"b of ns/b.c"* && "$output" == *"c of ns/c.c"* ]]
}

@test "flow: confine reaches nothing that is not allowed, by however many steps" {
	echo 'void model(void); void step(void) { model(); }' >src/ns/step.c
	echo 'void step(void); void confine(void) { step(); }' >src/applets/confine.c
	flow
	refused "confine can get to policy/model/model.c"
	[[ "$output" == *"applets/confine.c -> step of ns/step.c -> model of policy/model/model.c"* ]]
}

@test "flow: no second applet keeps its privileges" {
	echo 'int run(void) { return 0; } /* .need = NEED_ROOT | KEEP_PRIVS */' >src/applets/run.c
	flow
	refused "applets/run.c is marked KEEP_PRIVS"
}

@test "flow: what is allowed and not reached is to be taken away" {
	echo 'reach policy/model/model.c' >>allow
	flow
	refused "lists policy/model/model.c, which confine cannot get to"
}

@test "flow: a guarded function is called where the list says only" {
	echo 'void *malloc(unsigned long); void step(void) { malloc(1); }' >src/ns/step.c
	flow
	refused "ns/step.c calls malloc"
}

@test "flow: a directory without a floor is refused" {
	mkdir src/util
	echo 'void util(void) {}' >src/util/util.c
	flow
	refused "util/util.c: its directory has no floor"
}

@test "flow: a library that is not there is wrong use" {
	run "$TOOLS/flow" nowhere.a src allow
	[ "$status" -eq 2 ]
}

# lines N TEXT: TEXT N times
lines() {
	for _ in $(seq "$1"); do printf '%b\n' "$2"; done
}

@test "size: what is within the budgets passes" {
	{ echo 'void f(void)'; echo '{'; lines 60 '\tg();'; echo '}'; } >src/core/a.c
	lines 120 '/**/' >src/core/a.h
	printf '\t%092d\n' 0 >>src/core/low.c
	run "$TOOLS/size" src
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "size: a long file, header, function and line are each named" {
	lines 401 '/**/' >src/core/long.c
	lines 121 '/**/' >src/core/long.h
	{ echo 'void f(void)'; echo '{'; lines 61 '\tg();'; echo '}'; } >src/core/function.c
	printf '\t%093d\n' 0 >src/core/line.c
	run "$TOOLS/size" src
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 4 ]
	[ "${lines[0]}" = "size: core/function.c:2: the function has 61 lines" ]
	[ "${lines[1]}" = "size: core/line.c:1: 101 columns" ]
	[ "${lines[2]}" = "size: core/long.c has 401 lines" ]
	[ "${lines[3]}" = "size: core/long.h has 121 lines" ]
}

@test "size: a table may be as long as its file" {
	{ echo 'const int t[] = {'; lines 300 '\t1,'; echo '};'; } >src/core/table.c
	run "$TOOLS/size" src
	[ "$status" -eq 0 ]
}

@test "size: typedef, conditions in functions, trailing blanks and leftovers are named" {
	echo 'typedef int number;' >src/core/typedef.c
	printf 'void f(void)\n{\n#ifdef X\n#endif\n}\n' >src/core/condition.c
	printf 'int x; \n' >src/core/blank.c
	printf '/* TO''DO */\n' >src/core/leftover.c
	run "$TOOLS/size" src
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 4 ]
}

@test "shells: a script with a mistake is refused" {
	printf '#!/bin/sh\nrm -rf $1/*\n' >bad
	run "$TOOLS/shells" "$PWD/bad"
	[ "$status" -eq 1 ]
	[[ "$output" == *SC2086* ]]
}

@test "shells: looking where no script is fails" {
	run "$TOOLS/shells" "$PWD/src"
	[ "$status" -eq 1 ]
}

# compiles TEXT: with the very words that core/arena.c is compiled with
compiles() {
	local command
	command=$(sed -n '/"command":.*core_arena\.c\.o/{s/^ *"command": "//;s/",$//;s/\\"/"/g;p;q;}' \
		"$TOOLS/../build-check/compile_commands.json")
	[ -n "$command" ] || return 2
	printf '%b' "$1" >source.c
	command="${command%% -MD*} -c -o $PWD/source.o $PWD/source.c"
	(cd "$TOOLS/../build-check" && eval "$command") 2>said
}

@test "warnings: what gives none compiles" {
	compiles 'int f(int n);\nint f(int n)\n{\n\treturn n;\n}\n'
}

@test "warnings: each one is an error" {
	local text
	for text in 'int f(int n)\n{\n\treturn n;\n}\n' 'int f();\n' \
		'static int unused(void)\n{\n\treturn 0;\n}\n' \
		'int f(int n);\nint f(int n)\n{\n\tint a[n];\n\ta[0] = n;\n\treturn a[0];\n}\n' \
		'int f(int n);\nint f(int n)\n{\n\tif (n) {\n\t\tint n = 1;\n\t\treturn n;\n\t}\n\treturn 0;\n}\n' \
		'int f(unsigned n);\nint f(unsigned n)\n{\n\treturn n < -1;\n}\n' \
		'int f(int n);\nint f(int n)\n{\n}\n'; do
		run compiles "$text"
		[ "$status" -eq 1 ] || { printf '%b' "compiled: $text" >&2; return 1; }
		grep -q -- '-Werror' said
	done
}

@test "libraries: the table and the wraps name the same files, and all of them" {
	local name package file sum
	cd "$TOOLS/../subprojects"
	while read -r name package file sum; do
		grep -qx "source_filename = $file" "$name.wrap"
		grep -qx "source_hash = $sum" "$name.wrap"
		grep -qx "patch_directory = $name" "$name.wrap"
		[ -f "packagefiles/$name/meson.build" ] && [ -n "$package" ]
	done < <(grep -v '^#' sources)
	[ "$(grep -vc '^#' sources)" -eq "$(find . -maxdepth 1 -name '*.wrap' | wc -l)" ]
}
