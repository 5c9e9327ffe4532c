#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What govctl takes, refuses and says where the module is not loaded. SANITIZE=1
# tests the build of `make -C tests/unit tools SANITIZE=1`.
bats_require_minimum_version 1.5.0

COMMANDS="create set delete list show stat attach detach run release-all
	policies features doctor version"

setup() {
	export PATH="$BATS_TEST_DIRNAME/../../build/userspace${SANITIZE:+-sanitized}:$PATH"
	[ ! -e /dev/capgov ] || skip "the module is loaded here"
}

# refused ARGUMENT... - usage: status 2, nothing on stdout, one line and a hint.
refused() {
	run --separate-stderr govctl "$@"
	[ "$status" -eq 2 ] || { echo "govctl $*: $status"; return 1; }
	[ -z "$output" ]
	[[ ${stderr_lines[0]} == "govctl: "* ]]
	[ "${#stderr_lines[@]}" -eq 2 ]
}

# refuses VALUE... - each is refused by $option, and the error names it.
refuses() {
	local value

	for value; do
		refused create web "$option" "$value"
		[[ ${stderr_lines[0]} == *"${value:-(empty)}: "* ]]
	done
}

# takes VALUE... - each is taken by $option: it is the module that is missing.
takes() {
	local value

	for value; do
		run govctl create web "$option" "$value"
		[ "$status" -eq 3 ] || { echo "$value: $status"; return 1; }
	done
}

@test "no command and an unknown one are refused" {
	refused
	[[ ${stderr_lines[0]} == "govctl: missing command" ]]
	refused bogus
	[[ ${stderr_lines[0]} == "govctl: bogus: unknown command" ]]
	[[ ${stderr_lines[1]} == *"usage: govctl "* ]]
	refused bogus --help
	refused bogus --version
}

@test "unknown options are refused and named" {
	refused --bogus
	[[ ${stderr_lines[0]} == "govctl: --bogus: unknown option" ]]
	for command in $COMMANDS; do
		refused "$command" --bogus
		[[ ${stderr_lines[0]} == "govctl: --bogus: unknown option" ]]
		refused "$command" -x
		[[ ${stderr_lines[0]} == "govctl: -x: unknown option" ]]
	done
	refused list --cap 1
	refused list --json=yes
	[[ ${stderr_lines[0]} == "govctl: --json=yes: takes no value" ]]
}

@test "missing and unexpected arguments are refused" {
	for command in create set delete show attach run; do
		refused "$command"
		[[ ${stderr_lines[0]} == *"$command: missing argument" ]]
	done
	refused create "a b"
	refused attach web --cgroup ""
	[[ ${stderr_lines[0]} == "govctl: --cgroup: is empty"* ]]
	refused attach web --cgroup a --cgroup b
	[[ ${stderr_lines[0]} == "govctl: b: is the second --cgroup"* ]]
	refused create a b
	[[ ${stderr_lines[0]} == "govctl: b: unexpected argument" ]]
	refused show a b
	refused list ""
	[[ ${stderr_lines[0]} == "govctl: (empty): unexpected argument" ]]
	for command in list release-all policies features doctor version; do
		refused "$command" extra
	done
	refused create web --cap
	[[ ${stderr_lines[0]} == "govctl: --cap: needs a value" ]]
	refused set web
	[[ ${stderr_lines[0]} == "govctl: web: nothing to set" ]]
	refused run --
	refused run --cap 0.5
}

@test "malformed names are refused" {
	for name in a/b . .. "" $'a\tb' "$(printf 'x%.0s' {1..64})"; do
		for command in create show stat delete; do
			refused "$command" "$name"
		done
		refused attach "$name" --pid 1
		refused run --group "$name" -- true
	done
	refused show $'\xff\xc3'
	[[ ${stderr_lines[0]} == "govctl: ??: not a group's name"* ]]
	option=--parent
	refuses a/b ..
}

@test "malformed caps are refused, good ones taken" {
	option=--cap
	refuses 0 0% 0.0 "" half -1 +1 1x 0x10 1e3 nan inf 1. .5 50%% "1 " 8193 \
		0.0000000001 99999999999999999999
	takes 0.5 50% 1.5 max 8192 0.001
	refused create web --cap 0.01 --period 1ms
	[[ ${stderr_lines[0]} == *"less than 100 us in a period of 1000 us" ]]
	refused create web --cap 0.0001
}

@test "malformed times and weights are refused, good ones taken" {
	option=--period
	refuses 0 100 100msx -1ms 1.5ms 999us 1001ms 2s ms "" 18446744073709551616s
	takes 1ms 1000us 100ms 1s
	option=--burst
	refuses 100 -1ms 1001s ""
	takes 0 50ms 1000s
	option=--sys-weight
	refuses -1 1001 0.5 "" 1x
	takes 0 300 1000
	option=--accounting
	refuses Exact guess ""
	takes exact sampled
	option=--policy
	refuses "" sixteen--letters
	takes total
}

@test "attach and detach want processes or a cgroup, not both" {
	refused attach web
	refused attach web --pid 1 --cgroup /
	refused detach
	refused attach web --pid x
	[[ ${stderr_lines[0]} == "govctl: x: not a process id" ]]
	refused attach web --pid 0
	refused attach web --pid -5
	refused attach web --pid 1 2x
	[[ ${stderr_lines[0]} == "govctl: 2x: unexpected argument" ]]
	run govctl attach web --pid 1 2 --pid 3
	[ "$status" -eq 3 ]
	run govctl attach --pid 1 2 web
	[ "$status" -eq 3 ]
}

@test "run: a group and its options exclude each other" {
	refused run --group web --cap 0.5 -- true
}

@test "run: options end at the command" {
	run govctl run --cap 0.5 -- true --bogus
	[ "$status" -eq 3 ]
	run govctl run --cap 0.5 true --bogus
	[ "$status" -eq 3 ]
}

@test "without the module: 3, and what to do" {
	for arguments in "create web" "set web --cap 1" "delete web" list \
		"show web" stat "attach web --pid 1" "detach --pid 1" \
		"run -- true" release-all policies features; do
		# shellcheck disable=SC2086
		run --separate-stderr govctl $arguments
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		[ "$stderr" = "govctl: /dev/capgov: the module is not loaded
  modprobe capgov, or insmod capgov.ko" ]
	done
}

@test "errors are JSON on standard output where JSON is asked for" {
	for arguments in "-j list" "list -j" "list --json" "-p list" "-jp list"; do
		# shellcheck disable=SC2086
		run --separate-stderr govctl $arguments
		[ "$status" -eq 3 ]
		[ -z "$stderr" ]
		[ "$(jq -r .error <<<"$output")" = "the module is not loaded" ]
		[ "$(jq -r .object <<<"$output")" = /dev/capgov ]
		[ "$(jq .status <<<"$output")" = 3 ]
	done
	for arguments in "bogus -j" "create -j" "create a/b -j" "-j run" \
		"create web --bogus --cap 0 -j"; do
		# shellcheck disable=SC2086
		run --separate-stderr govctl $arguments
		[ "$status" -eq 2 ]
		[ -z "$stderr" ]
		[ "$(jq -s 'length, .[0].status' <<<"$output" | xargs)" = "1 2" ]
	done
	run govctl create web --cap 0 --burst x -j
	[ "$(jq -r '.object, .more[0].object' <<<"$output" | xargs)" = "0 x" ]
}

@test "-j of the command that is run is its own" {
	run --separate-stderr govctl run -- true -j
	[ "$status" -eq 3 ]
	[ -z "$output" ]
}

@test "--help fits a screen, everywhere, and touches nothing" {
	for command in "" $COMMANDS; do
		# shellcheck disable=SC2086
		run --separate-stderr govctl $command --help
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "${#lines[@]}" -le 24 ]
		[[ ${lines[0]} == "Usage: govctl "* ]]
		[ "$(wc -L <<<"$output")" -le 80 ]
		[ "$(wc -l <<<"$output")" -le 24 ]
	done
}

@test "--version is the version, everywhere" {
	version=$(cat "$BATS_TEST_DIRNAME/../../userspace/VERSION")
	for command in "" $COMMANDS; do
		# shellcheck disable=SC2086
		run govctl $command --version
		[ "$status" -eq 0 ]
		[ "$output" = "govctl $version" ]
	done
}

@test "version works without the module" {
	run govctl version
	[ "$status" -eq 0 ]
	[[ $output == *"not loaded"* ]]
	run govctl version -j
	[ "$status" -eq 0 ]
	[ "$(jq '.govctl, .module' <<<"$output" | xargs)" = \
		"$(cat "$BATS_TEST_DIRNAME/../../userspace/VERSION") null" ]
}

@test "doctor works without the module, and says 3" {
	run govctl doctor
	[ "$status" -eq 3 ]
	[[ ${lines[0]} == CHECK*RESULT*FOUND*"WHAT TO DO" ]]
	run govctl doctor -j
	[ "$status" -eq 3 ]
	[ "$(jq -r '.[0] | .check, .result' <<<"$output" | xargs)" = "module fail" ]
	[ "$(jq 'all(.result | IN("ok", "warn", "fail"))' <<<"$output")" = true ]
	[ "$(jq 'all(.result == "ok" or .advice)' <<<"$output")" = true ]
}

@test "output that cannot be written is an error" {
	run --separate-stderr bash -c 'govctl doctor > /dev/full'
	[ "$status" -eq 1 ]
	[[ $stderr == "govctl: standard output: "* ]]
}
