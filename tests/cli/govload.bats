#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What govload takes and what it says. The machine this runs on may be busy:
# numbers are only held against others of the same run.

setup_file() {
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	export TOP
	export PATH="$TOP/build/userspace${SANITIZE:+-sanitized}:$PATH"
	CALIBRATION=$(govload --calibrate-only 2>/dev/null)
	export CALIBRATION
}

# usage_error MESSAGE ARGUMENT... - nothing on stdout, that on stderr, 2.
usage_error() {
	local message=$1

	shift
	run --separate-stderr govload "$@"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$stderr" = "govload: $message" ]
}

# quick OPTION... - a short run's JSON in $output.
quick() {
	run --separate-stderr govload --duration 300ms --warmup 50ms -j "$@"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

# holds EXPRESSION - jq finds it true of $output.
holds() {
	jq -e "$1" <<< "$output" > /dev/null || {
		echo "not so: $1" "$output"
		return 1
	}
}

bats_require_minimum_version 1.5.0

@test "help fits a screen" {
	run govload --help
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -le 24 ]
	for line in "${lines[@]}"; do
		[ "${#line}" -le 80 ]
	done
}

@test "version is that of the tree" {
	run govload --version
	[ "$output" = "govload $(cat "$TOP/userspace/VERSION")" ]
}

@test "help, man page and completion know the same options" {
	for option in $(govload --help | grep -o -- '--[a-z-]*' | sort -u); do
		grep -q -- "$option" "$TOP/userspace/man/govload.1.rst"
		grep -q -- "$option" "$TOP/userspace/completion/govload"
	done
}

@test "what is no option is refused" {
	usage_error '--cap: unknown option' --cap 0.5
	usage_error '-x: unknown option' -x
	usage_error '--json=1: takes no value' --json=1
	usage_error '--sys: needs a value' --sys
	usage_error 'xz: unexpected argument' -j xz
}

@test "values are taken strictly" {
	usage_error '--sys: "0": not a rate above 0 like 0.3 or 30%' --sys 0
	usage_error '--sys: "max": not a rate above 0 like 0.3 or 30%' --sys max
	usage_error '--duration: "1": not a duration like 100ms or 1s' --duration 1
	usage_error '--duration: "0s": nothing to measure' --duration 0s
	usage_error '--warmup: "-1s": not a duration like 100ms or 1s' --warmup -1s
	usage_error '--threads: "0": not between 1 and 1024' --threads 0
	usage_error '--threads: "2x": not a whole number' --threads 2x
	usage_error '--threads: "-2": not a whole number' --threads -2
	usage_error '--burst: "0": not between 1 and 1000000' --mode mix --burst 0
	usage_error '--size: "2G": not between 1 and 1073741824' --size 2G
	usage_error '--size: "65M": not between 1 and 65536' --work pipe --size 65M
	usage_error '--mode: "closed": none of open usr sys mix' --mode closed
	usage_error '--work: "disk": none of zero getrandom pipe udp null' --work disk
}

@test "options that contradict each other are refused" {
	usage_error '--sys: for --mode open only' --mode usr --sys 0.3
	usage_error '--mix: for --mode mix only' --mix 0.3
	usage_error '--mix: "1": not below 100%' --mode mix --mix 1
	usage_error '--burst: for --mode mix only' --mode sys --burst 2
	usage_error '--size: null moves no bytes' --work null --size 1
	usage_error '--calibration: is for --work zero --size 262144' \
		--calibration "$CALIBRATION" --work pipe
	usage_error '--calibration: is for --work zero --size 262144' \
		--calibration "$CALIBRATION" --size 1K
	usage_error '--calibration: not together with --stretch' \
		--calibration "$CALIBRATION" --stretch 1ms
	usage_error '--calibration: not together with --calibrate-only' \
		--calibration "$CALIBRATION" --calibrate-only
}

@test "a calibration is checked" {
	usage_error '--calibration: not a calibration: Object item not found: work' \
		--calibration '{}'
	usage_error '--calibration: not a calibration: value out of range' \
		--calibration "$(jq -c '.units = 0' <<< "$CALIBRATION")"
	run govload --calibration "$BATS_TEST_TMPDIR/none"
	[ "$status" -eq 1 ]
	[ "$output" = "govload: $BATS_TEST_TMPDIR/none: No such file or directory" ]
}

@test "a calibration is the same from a file" {
	echo "$CALIBRATION" > "$BATS_TEST_TMPDIR/cal"
	quick --calibration "$BATS_TEST_TMPDIR/cal"
	[ "$(jq -Sc .calibration <<< "$output")" = "$(jq -Sc . <<< "$CALIBRATION")" ]
}

@test "an open loop serves what is due" {
	quick --calibration "$CALIBRATION" --sys 0.2
	holds '.mode == "open" and .sys_demand == 0.2 and .sys_share == null'
	holds '.wall_ns >= 300000000 and .warmup_ns == 50000000'
	holds '.arrivals_due > 0 and .arrivals_served > 0 and .backlog >= 0'
	holds '.lag_ns | .p50 <= .p99 and .p99 <= .p999 and .p999 <= .max'
	holds '.latency_ns.max >= .lag_ns.max'
	holds '(.sys_cpus * .wall_ns / .arrivals_served / .calibration.sys_ns - 1) | fabs < 0.001'
	holds '.clock_is_syscall == .calibration.clock_is_syscall'
}

@test "closed loops do what their names say" {
	quick --calibration "$CALIBRATION" --mode usr
	holds '.sys_cpus == 0 and .arrivals_served == 0 and .latency_ns == null'
	quick --calibration "$CALIBRATION" --mode sys
	holds '.sys_cpus > 20 * .usr_cpus and .latency_ns.max > 0 and .lag_ns == null'
	quick --calibration "$CALIBRATION" --mode mix --mix 0.3
	holds '.sys_share == 0.3 and .arrivals_due == 0 and .backlog == 0'
	holds '(.sys_cpus / (.usr_cpus + .sys_cpus) - 0.3) | fabs < 0.02'
	holds '.burst == 1'
	quick --calibration "$CALIBRATION" --mode mix --mix 0.3 --burst 10
	holds '(.sys_cpus / (.usr_cpus + .sys_cpus) - 0.3) | fabs < 0.05'
	holds '.burst == 10'
}

@test "threads share the work" {
	quick --calibration "$CALIBRATION" --mode usr --threads 3
	holds '.threads == 3 and (.thread_cpu_ns | length) == 3'
	holds '((.thread_cpu_ns | add) / .wall_ns / .cpu_cpus - 1) | fabs < 0.05'
	holds '(.thread_cpu_ns | max / min) as $f | .fairness / $f - 1 | fabs < 0.001'
}

@test "every kind of work works" {
	for work in zero getrandom pipe udp null; do
		run --separate-stderr govload --calibrate-only --work $work
		[ "$status" -eq 0 ]
		holds ".work == \"$work\" and .sys_ns > 0 and .usr_ns > 0 and .units == 1"
	done
}

@test "a stretch is made of whole units" {
	run --separate-stderr govload --calibrate-only --work null --stretch 1ms
	holds '.units > 100 and (.sys_ns / 1e6 - 1 | fabs) < 0.5'
}

@test "people get a table" {
	run --separate-stderr govload --calibration "$CALIBRATION" --duration 100ms
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^CPUS\ +USR\ +SYS\ +BOTH$ ]]
	[[ ${lines[1]} =~ ^work\ done\ +[0-9.]+\ +[0-9.]+\ +[0-9.]+$ ]]
}

@test "a full disk is noticed" {
	run bash -c 'govload --mode usr --calibration "$CALIBRATION" --duration 10ms > /dev/full'
	[ "$status" -eq 1 ]
	[[ $output == *"standard output: No space left on device" ]]
}
