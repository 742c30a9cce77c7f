#!/usr/bin/env bats
# What is said of how apps are confined, and that it is asked for when it is required.

bats_require_minimum_version 1.5.0
load helper
load parts

setup_file() { parts_system bare tb-probe; }
setup() { parts_cd; }
teardown_file() { parts_end; }


# The summary of what debug confinement prints for the words.
sum_of() {
	snapbox debug confinement --json "$@" | python3 -c 'import json, sys
print(json.load(sys.stdin)["apps"][0]["confinement"])'
}

@test "B1 every part of an app's policy is enforced, substituted, or missing" {
	run snapbox debug confinement tb-probe.args
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	local part
	for part in "system calls" files network "abstract sockets" "named sockets" signals ptrace \
		capabilities mounts "user namespaces"; do
		grep -qE "^$part +(enforced|substituted|missing) +[^ ]" <<<"$output" || { echo "$part"; false; }
	done
	[[ "${lines[0]}" == "snap.tb-probe.args: strict"* ]]
}

@test "all apps of a snap are told, or one, and without a name an app that has no plugs" {
	snapbox debug confinement --json tb-probe >all.json || [ $? -eq 3 ]
	[ "$(python3 -c 'import json; print(len(json.load(open("all.json"))["apps"]) > 1)')" = True ]
	[ "$(sum_of tb-probe.args)" = "$(sum_of)" ]
	run snapbox debug confinement
	[[ "$output" == *"This kernel"* ]]
}

@test "what is not there has no confinement" {
	local word
	for word in nothing tb-probe.nothing "../x" "a b" ""; do
		run snapbox debug confinement "$word"
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -le 1 ]
	done
}

@test "what is required is had, or nothing runs" {
	if [ "$(sum_of)" = strict ]; then
		app --require=strict tb-probe >/dev/null
		skip "everything is enforced here"
	fi
	run app --require=strict tb-probe
	[ "$status" -ne 0 ]
	[[ "$output" == *'is confined as "strict (substituted)", and "strict" is required'* ]]
	app --require=substituted tb-probe >/dev/null
	run app --require=nonsense tb-probe
	[ "$status" -eq 2 ]
}

@test "an administrator's file requires it of everybody, and asks for no less" {
	[ "$(sum_of)" != strict ] || skip "everything is enforced here"
	inside mkdir -p /run/own/etc/up /run/own/etc/work
	inside mount -t overlay -o lowerdir=/etc,upperdir=/run/own/etc/up,workdir=/run/own/etc/work overlay /etc
	inside cp /run/own/passwd /run/own/group /etc/
	inside mkdir /etc/snapbox
	inside sh -c 'echo "require strict" >/etc/snapbox/snapbox.conf'
	run alice tb-probe
	[ "$status" -ne 0 ]
	[[ "$output" == *'"strict" is required'* ]]
	run alice --require=partial tb-probe
	[ "$status" -ne 0 ]
	inside sh -c 'echo "require everything" >/etc/snapbox/snapbox.conf'
	run alice tb-probe
	[[ "$output" == *'line 1 is not "require strict"'* ]]
	inside umount -l /etc
	alice tb-probe >/dev/null
}

@test "install refuses what would be weaker than required, and changes nothing" {
	local before
	before=$(snapbox list)
	run snapbox install --dangerous --devmode --require=partial --name tb-probe_dev "$(part tb-probe)"
	[ "$status" -eq 1 ]
	[[ "$output" == *'would be confined as "none", and "partial" is required'* ]]
	[ "$(snapbox list)" = "$before" ]
}

@test "boot makes policy again for another kernel, and for the same one leaves it alone" {
	local plan=/var/lib/snapbox/plans/snap.tb-probe.tb-probe was
	snapbox boot
	was=$(inside sha256sum "$plan")
	inside grep -q "^kernel $(uname -r)$" /var/lib/snapbox/host
	inside sed -i 's/^grade .*/grade partial/' "$plan"
	snapbox boot
	inside grep -q '^grade partial' "$plan"
	inside sed -i 's/^kernel .*/kernel 5.15.0/' /var/lib/snapbox/host
	snapbox boot
	[ "$(inside sha256sum "$plan")" = "$was" ]
	alice tb-probe >/dev/null
}

@test "a kernel that cannot keep an app from what its plan says does not start it" {
	local plan=/var/lib/snapbox/plans/snap.tb-probe.tb-probe
	inside grep -q '^guard files' "$plan" || skip "AppArmor guards here"
	inside sed -i.old 's/^guard files.*/guard files weather/' "$plan"
	run alice tb-probe
	[ "$status" -ne 0 ]
	inside mv "$plan.old" "$plan"
	alice tb-probe >/dev/null
}
