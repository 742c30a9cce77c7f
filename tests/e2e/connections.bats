#!/usr/bin/env bats
# shellcheck disable=SC2016
# What is connected is shown in snapd's words and columns, and to programs (behaviour
# I15-I17; attacks A141, A181).

load helper
load parts

# Two interfaces are written here, so that what is shown depends on no other's words.
setup() {
	system_new
	BARE=$(part bare)
	inside mkdir -p /run/own/up /run/own/work
	inside mount -t overlay -o lowerdir=/etc,upperdir=/run/own/up,workdir=/run/own/work overlay /etc
	local_interface content 'summary: share files' \
		'declaration: {slots: {deny-auto-connection: true}}' \
		'plug: {content: {type: text, optional: true}, target: {type: any}}' \
		'slot: {content: {type: text, optional: true}, read: {type: any, optional: true}}'
	local_interface keepsakes 'summary: ours' 'implicit-slot: [classic]' \
		'declaration: {slots: {deny-auto-connection: true}}' \
		'plug: {read: {type: any}, write: {type: any}}'
}

teardown() {
	system_end
}

# local_interface NAME LINE...: a file of the administrator
local_interface() {
	printf '%s\n' "name: $1" "${@:2}" |
		inside sh -c 'mkdir -p /etc/snapbox/interfaces; cat >"/etc/snapbox/interfaces/$1.yaml"' - "$1"
}

# pack NAME LINE...: NAME.snap with these lines in its snap.yaml
pack() {
	mkdir -p "$1/meta" "$1/bin"
	printf '#!/bin/sh\n' >"$1/bin/app"
	chmod 755 "$1/bin/app"
	printf '%s\n' "name: $1" 'version: "1"' 'summary: s' 'description: d' 'base: bare' "${@:2}" \
		>"$1/meta/snap.yaml"
	mksquashfs "$1" "$1.snap" -noappend -quiet -no-progress -all-root >/dev/null
}

serve() {
	pack "$@"
	snapbox install "$1.snap" --dangerous
}

# Two snaps with connections of all kinds: by the rules, by a person, ended by one,
# and never made.
some_snaps() {
	snapbox install "$BARE" --dangerous
	serve giver 'slots: {shared: {interface: content, content: lib1, read: [$SNAP/lib]}}' \
		'apps: {giver: {command: bin/app}}'
	serve foo 'plugs:' '  home:' '  network:' '  camera: {label: "looks at you"}' \
		'  lib: {interface: content, content: lib1, target: $SNAP/lib}' \
		'  mine: {interface: keepsakes, write: [$HOME/.foo], read: [$HOME/.b, $HOME/.a]}' \
		'apps: {foo: {command: bin/app}, other: {command: bin/app, plugs: [home]}}'
	snapbox connect foo:camera
	snapbox connect foo:lib giver:shared
	snapbox disconnect foo:home
}

# columns COMMAND...: its output is what comes on standard input
columns() {
	snapbox "$@" >out.txt 2>err.txt
	diff -u - out.txt
}

# said STATUS TEXT COMMAND...: fails with that status and one line that has the text
said() {
	run snapbox "${@:3}"
	[ "$status" -eq "$1" ] || { echo "status $status: $output"; return 1; }
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" == *"$2"* ]] || { echo "$output"; return 1; }
}

# json COMMAND... EXPRESSION: x is what the command printed; the expression is true
json() {
	snapbox "${@:1:$#-1}" --json >out.json
	python3 - "${@: -1}" <<-'PY'
	import json, sys
	x = json.load(open("out.json"))
	assert eval("(" + sys.argv[1] + ")"), x
	PY
}

@test "I16 connections: what is connected, by whom, and which content" {
	some_snaps
	columns connections <<-'EOF'
	Interface      Plug         Slot          Notes
	camera         foo:camera   :camera       manual
	content[lib1]  foo:lib      giver:shared  manual
	network        foo:network  :network      -
	EOF
}

@test "I16 connections --all: what is not connected too, but not the free slots of the system" {
	some_snaps
	serve bar 'slots: {shared: {interface: content, read: [$SNAP/lib]}}'
	columns connections --all <<-'EOF'
	Interface      Plug         Slot          Notes
	camera         foo:camera   :camera       manual
	content        -            bar:shared    -
	content[lib1]  foo:lib      giver:shared  manual
	home           foo:home     -             -
	keepsakes      foo:mine     -             -
	network        foo:network  :network      -
	EOF
}

@test "I16 connections SNAP: all of one snap, and whoever uses it; of the system its free slots too" {
	some_snaps
	columns connections giver <<-'EOF'
	Interface      Plug     Slot          Notes
	content[lib1]  foo:lib  giver:shared  manual
	EOF
	columns connections foo <<-'EOF'
	Interface      Plug         Slot          Notes
	camera         foo:camera   :camera       manual
	content[lib1]  foo:lib      giver:shared  manual
	home           foo:home     -             -
	keepsakes      foo:mine     -             -
	network        foo:network  :network      -
	EOF
	for name in system snapd core; do
		run snapbox connections "$name"
		[ "$status" -eq 0 ]
		[[ "$output" =~ network\ +foo:network\ +:network\ +- ]]
		[[ "$output" =~ home\ +-\ +:home\ +- ]]
		[[ "$output" != *giver* ]]
	done
}

@test "I16 a parallel instance is a snap of its own" {
	snapbox install "$BARE" --dangerous
	pack foo 'plugs: {network: }' 'apps: {foo: {command: bin/app}}'
	snapbox install foo.snap --dangerous --name foo_two
	columns connections <<-'EOF'
	Interface  Plug             Slot      Notes
	network    foo_two:network  :network  -
	EOF
	said 1 'snap "foo" not found' connections foo
}

@test "I16 I17 nothing installed, nothing connected" {
	run snapbox connections
	[ "$status" -eq 0 ] && [ -z "$output" ]
	run snapbox connections --all
	[ "$status" -eq 0 ] && [ -z "$output" ]
	said 1 'no interfaces currently connected' interface
	json connections 'x == {"established": [], "plugs": [], "slots": []}'
	json interface 'x == []'
	run snapbox interfaces
	[[ "$output" =~ :home\ +- ]]
	columns interface home <<-'EOF'
	name:          home
	summary:       use the visible files in the user's home directory
	documentation: https://snapcraft.io/docs/home-interface
	slots:
	  - system
	EOF
}

@test "I16 I17 what is not there is refused by name" {
	some_snaps
	said 1 'snap "nosuch" not found' connections nosuch
	said 1 'snap "../x" not found' connections ../x
	said 1 'snap "nosuch" not found' interfaces nosuch
	said 2 'cannot use --all with snap name' connections --all foo
	said 1 'no such interface, did you mean "camera"?' interface camara
	said 1 'no such interface' interface ../home
	said 2 'invalid value: "a:b:c"' interfaces a:b:c
	said 1 'no interfaces found' interfaces bare
	said 2 'too many words' connections foo giver
}

@test "I17 interface: what it is for, who has plugs and slots, and their attributes" {
	some_snaps
	columns interface camera <<-'EOF'
	name:          camera
	summary:       use all cameras
	documentation: https://snapcraft.io/docs/camera-interface
	plugs:
	  - foo (looks at you)
	slots:
	  - system
	EOF
	columns interface keepsakes --attrs <<-'EOF'
	name:    keepsakes
	summary: ours
	plugs:
	  - foo:mine:
	      read:
	        - $HOME/.b
	        - $HOME/.a
	      write:
	        - $HOME/.foo
	slots:
	  - system
	EOF
	run snapbox interface content --attrs
	[[ "$output" == *'plugs:
  - foo:lib:
      content: lib1
      target:  $SNAP/lib
slots:
  - giver:shared:
      content: lib1
      read:
        - $SNAP/lib' ]]
}

@test "I17 interface without a name: those in use; --all: all there are" {
	some_snaps
	run snapbox interface
	[ "${#lines[@]}" -eq 4 ]
	[[ "${lines[0]}" =~ ^Name\ +Summary$ ]]
	[[ "${lines[1]}" =~ ^camera\ +use\ all\ cameras$ ]]
	[[ "$output" != *home* ]]
	[ "$(snapbox interface --all | wc -l)" -gt 180 ]
	snapbox interface --all | grep -E '^keepsakes +ours$'
}

@test "I17 interfaces: slots with their plugs, then plugs without" {
	some_snaps
	columns interfaces foo <<-'EOF'
	Slot          Plug
	giver:shared  foo:lib
	:camera       foo
	:network      foo
	-             foo:home
	-             foo:mine
	EOF
	columns interfaces foo:home <<-'EOF'
	Slot  Plug
	-     foo:home
	EOF
	columns interfaces -i content <<-'EOF'
	Slot          Plug
	giver:shared  foo:lib
	EOF
	columns interfaces --interface=network foo <<-'EOF'
	Slot      Plug
	:network  foo
	EOF
	grep -q "use 'snapbox connections'" err.txt
}

@test "I15 --json of connections, interface, interfaces, list and info is what a program expects" {
	some_snaps
	json connections 'sorted(x) == ["established", "plugs", "slots"] and
		[c["plug"]["plug"] for c in x["established"]] == ["camera", "lib", "network"] and
		[c["manual"] for c in x["established"]] == [True, True, False] and
		x["established"][1]["slot"] == {"snap": "giver", "slot": "shared"} and
		x["established"][1]["slot-attrs"] == {"content": "lib1", "read": ["$SNAP/lib"]}'
	json connections foo '[c["plug"]["plug"] for c in x["undesired"]] == ["home"] and
		x["undesired"][0]["manual"]'
	json connections --all 'len(x["slots"]) > 100 and
		[p for p in x["plugs"] if p["plug"] == "camera"] == [{"snap": "foo", "plug": "camera",
		"interface": "camera", "apps": ["foo", "other"], "label": "looks at you",
		"connections": [{"snap": "system", "slot": "camera"}]}] and
		[p["apps"] for p in x["plugs"] if p["plug"] == "home"] == [["other"]]'
	json interface network 'len(x) == 1 and x[0]["summary"] == "use the network" and
		x[0]["slots"][0]["snap"] == "system" and x[0]["plugs"][0]["snap"] == "foo"'
	json interface --all 'len(x) > 180 and all(i["name"] and i["summary"] for i in x)'
	json interfaces -i camera 'x["slots"][0]["connections"] == [{"snap": "foo", "plug": "camera"}]'
	json list '[s["name"] for s in x] == ["bare", "foo", "giver"]'
	json info foo 'x[0]["name"] == "foo" and x[0]["apps"][0]["command"] == "foo"'
}

@test "A181 labels and attributes of strangers reach no terminal as they are" {
	snapbox install "$BARE" --dangerous
	serve foo 'plugs:' '  camera: {label: "a\e[2J\x9b\u202e\n- evil"}' \
		'  lib: {interface: content, content: "x\u202ey", target: $SNAP/lib}' \
		'slots:' '  s: {interface: content, content: "x\u202ey", read: [$SNAP/lib],' \
		'    "k\e": ["\e]0;t\a", {"\u2028": "\x85"}]}' 'apps: {foo: {command: bin/app}}'
	snapbox connect foo:lib foo:s
	for command in "connections" "interface camera" "interface content --attrs" \
			"interfaces foo" "connections foo --json" "interface content --json"; do
		# shellcheck disable=SC2086
		snapbox $command >out.txt 2>&1
		python3 - <<-'EOF'
		import unicodedata
		text = open("out.txt", encoding="utf-8").read()
		bad = [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
		assert text and not bad, bad
		EOF
	done
	snapbox interface camera | grep -F 'foo (a\x1b[2J\u{9b}\u{202e}\x0a- evil)'
	json interface camera 'x[0]["plugs"][0]["label"] == "a\x1b[2J\x9b\u202e\n- evil"'
}

@test "A141 a damaged record is named, and the rest is shown" {
	some_snaps
	inside sh -c 'echo x >>/var/lib/snapbox/records/giver_x1'
	run snapbox connections
	[ "$status" -eq 1 ]
	[[ "$output" == *"warning: giver: record, line"* ]]
	[[ "$output" =~ camera\ +foo:camera\ +:camera\ +manual ]]
	inside sh -c 'echo x >>/var/lib/snapbox/connections'
	said 1 'connections: ' connections
}

@test "a line about a plug that is gone, or is of another interface by now, is not shown" {
	snapbox install "$BARE" --dangerous
	serve foo 'plugs: {network: }' 'apps: {foo: {command: bin/app}}'
	inside sed -i '/^end/i foo:nosuch system:home home manual\nnosuch:home system:home home auto' \
		/var/lib/snapbox/connections
	columns connections <<-'EOF'
	Interface  Plug         Slot      Notes
	network    foo:network  :network  -
	EOF
}

@test "anybody may look, no colours, and below another root too" {
	some_snaps
	as_user 4242 "$SNAPBOX" connections foo >user.txt
	snapbox connections foo | diff - user.txt
	inside script -qec "$SNAPBOX connections foo" /dev/null </dev/null | tr -d '\r' >terminal.txt
	diff user.txt terminal.txt
	mkdir -p root/var/lib/snapbox root/etc/snapbox
	inside cp -a /etc/snapbox/interfaces root/etc/snapbox
	inside sh -c "cp -a /var/lib/snapbox/installed /var/lib/snapbox/records \
		/var/lib/snapbox/connections root/var/lib/snapbox"
	snapbox connections foo --root "$PWD/root" | diff - user.txt
	run snapbox connections --root "$PWD/nowhere"
	[ "$status" -eq 1 ]
	[[ "$output" == *"nowhere: No such file or directory" ]]
	run snapbox connections --root "$PWD/user.txt"
	[ "$status" -eq 1 ]
	[[ "$output" == *"user.txt: not a directory" ]]
}

@test "what is said about a table comes behind it" {
	run inside sh -c "$SNAPBOX interfaces 2>&1 | tail -n 1"
	[[ "$output" == *"is for older scripts"* ]]
}

# completed LINE: what the shell would offer, one a line
completed() {
	inside env PATH="$(dirname "$SNAPBOX"):$PATH" bash -c 'source ./completion
		COMP_LINE=$1 COMP_POINT=${#1}
		IFS=" " read -ra COMP_WORDS <<<"$1 x"
		COMP_CWORD=$((${#COMP_WORDS[@]} - 2))
		_snapbox
		printf "%s\n" "${COMPREPLY[@]}"' - "$1"
}

@test "the shell completes plugs, slots and interfaces, and runs nothing of a label" {
	snapbox install "$BARE" --dangerous
	serve foo 'plugs: {camera: , home: , lib: {interface: content, content: "a $(touch$IFS/run/bad)", target: $SNAP/x}}' \
		'slots: {out: {interface: content, content: "a $(touch$IFS/run/bad)"}}' \
		'apps: {foo: {command: bin/app}}'
	snapbox connect foo:lib foo:out
	snapbox connections | grep -F '$(touch'
	snapbox help --completion >completion
	[ "$(completed 'snapbox connect foo:c')" = camera ]
	[ "$(completed 'snapbox disconnect :ho')" = home ]
	[ "$(completed 'snapbox connect fo' | sort | tr '\n' ' ')" = \
		'foo:camera foo:home foo:lib foo:out ' ]
	[ "$(completed 'snapbox interface camer')" = camera ]
	[ "$(completed 'snapbox connections --js')" = --json ]
	inside test ! -e /run/bad
}
