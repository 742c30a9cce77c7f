#!/usr/bin/env bats
# What tools/test makes of the logs of its tests: nothing that went wrong is lost.

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir logs
}

# says NAME TEXT: a log of that test
says() {
	printf '%b' "$2" >"logs/$1.log"
}

count() {
	run "$BATS_TEST_DIRNAME/../../tools/test" --count "$PWD/logs"
	last=${lines[-1]}
}

@test "tests that passed are counted over all logs" {
	says unit-a '1..2\nok 1 - x\nok 2 - y\n# status 0\n'
	says e2e-b '1..1\nok 1 z\n# status 0\n'
	count
	[ "$status" -eq 0 ]
	[ "$output" = "3 passed, 0 failed" ]
}

@test "a test that failed is named, once" {
	says unit-a-b '1..2\nok 1 - x\nnot ok 2 - it is y\n# status 1\n'
	count
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "FAIL unit/a-b: it is y" ]
	[ "$last" = "1 passed, 1 failed" ]
}

@test "tests that never reported have failed" {
	says unit-a '1..3\nok 1 - x\n# status -11\n'
	count
	[ "$status" -eq 1 ]
	[ "$last" = "1 passed, 2 failed" ]
}

@test "a log without a plan has failed" {
	says vm-boot 'Segmentation fault\n# status 139\n'
	count
	[ "$status" -eq 1 ]
	[ "$last" = "0 passed, 1 failed" ]
}

@test "an empty log has failed" {
	says vm-boot '\n'
	count
	[ "$last" = "0 passed, 1 failed" ]
}

@test "passing every test and then crashing is a failure" {
	says unit-a '1..1\nok 1 - x\n# status 134\n'
	count
	[ "$status" -eq 1 ]
	[ "$last" = "1 passed, 1 failed" ]
}

@test "being killed for taking too long is a failure" {
	says unit-a '1..1\nok 1 - x\n# status timeout\n'
	count
	[ "$last" = "1 passed, 1 failed" ]
}

@test "skipped tests are listed and are neither passed nor failed" {
	says e2e-a '1..2\nok 1 x # SKIP no root\nok 2 y\n# status 0\n'
	says vm-b '1..0 # SKIP no qemu\n# status 0\n'
	count
	[ "$status" -eq 0 ]
	[ "$last" = "1 passed, 0 failed, 2 skipped" ]
}

@test "when nothing ran, or all was skipped, that is a failure" {
	count
	[ "$status" -eq 1 ]
	[ "$last" = "0 passed, 0 failed" ]
	says vm-b '1..0 # SKIP no qemu\n# status 0\n'
	count
	[ "$status" -eq 1 ]
}
