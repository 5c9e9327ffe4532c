#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What govlab takes, and its reports of rows that are given. The experiments
# themselves run in a guest.

bats_require_minimum_version 1.5.0

setup() {
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	export PATH="$TOP/build/userspace${SANITIZE:+-sanitized}:$PATH"
}

# usage_error MESSAGE ARGUMENT... - nothing on stdout, that on stderr, 2.
usage_error() {
	local message=$1

	shift
	run --separate-stderr govlab "$@"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$stderr" = "govlab: $message" ]
}

# figure_row USR - a row of the figure that should have 0.2
figure_row() {
	cat <<-EOF
	[{"system": "capgov", "cap": 0.5, "policy": "total", "usr_cpus": $1,
	  "sys_cpus": 0.3, "expected_usr": 0.2, "expected_sys": 0.3,
	  "max_lag_ms": 1.9}]
	EOF
}

@test "help fits a screen" {
	run govlab --help
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -le 24 ]
	for line in "${lines[@]}"; do
		[ "${#line}" -le 80 ]
	done
}

@test "version is that of the tree" {
	run govlab --version
	[ "$output" = "govlab $(cat "$TOP/userspace/VERSION")" ]
}

@test "help, man page and completion know the same commands and options" {
	for word in $(govlab --help | grep -oE -- '^  [a-z]+|--[a-z-]+' | sort -u); do
		grep -q -- "$word" "$TOP/userspace/man/govlab.1.rst"
		grep -q -- "$word" "$TOP/userspace/completion/govlab"
	done
}

@test "what is wrong with the command line is named" {
	usage_error "command: missing, see govlab --help"
	usage_error "frob: unknown command, see govlab --help" frob
	usage_error "--frob: unknown option" figure --frob
	usage_error "-x: unknown option" -jx figure
	usage_error "--json=1: takes no value" --json=1 figure
	usage_error "--module: needs a value" bench --module
	usage_error "--tasks: needs --groups N" bench --module x --tasks 2
	usage_error "--tasks: with --groups more than 4000000 in all" \
		bench --module x --groups 65500 --tasks 62
	usage_error '--groups: "65501": not a whole number up to 65500' \
		bench --module x --groups 65501
	usage_error "--module: for bench only" figure --module x
	usage_error "--ns-per-insn: for bench only" figure --ns-per-insn 2
	usage_error '--ns-per-insn: "0": not a number above 0' \
		bench --module x --ns-per-insn 0
	usage_error "--window: for figure, threads and accuracy --sampled only" \
		accuracy --window 2
	usage_error "--sampled: for figure and accuracy only" threads --sampled
	usage_error '--window: "-1": not a number above 0' figure --window -1
	usage_error '--window: "0.05": not from 0.1 to 10000 s' figure --window 0.05
	usage_error '--window: "1e5": not from 0.1 to 10000 s' figure --window 1e5
	usage_error "bench: needs --module FILE" bench
	usage_error "x: unexpected argument" figure x
	usage_error "report: needs a file" report
	usage_error "--json: not for report" report -j x
}

@test "a figure as it should be" {
	run govlab report - <<<"$(figure_row 0.19)"
	[ "$status" -eq 0 ]
	[[ $output == *"  0.5  ■■■□□        0.300  0.190   ■■■□□    "* ]]
	[ "${lines[-1]}" = \
		"1 of 1 rows are within 0.02 CPU of what the formula says" ]
}

@test "a figure that is off" {
	run govlab report - <<<"$(figure_row 0.23)"
	[ "$status" -eq 1 ]
	[[ $output == *"OFF"* ]]
	[[ ${lines[-1]} == "0 of 1 rows"* ]]
}

@test "every line of a report fits 80 columns" {
	run govlab report - <<<"$(figure_row 0.19)"
	for line in "${lines[@]}"; do
		[ "$(LC_ALL=C.UTF-8 wc -m <<<"$line")" -le 81 ]
	done
}

@test "one report of many files fails if one of them is off" {
	figure_row 0.2 >"$BATS_TEST_TMPDIR/good"
	echo '[{"error_percent": 0.6, "policy": "total"}]' \
		>"$BATS_TEST_TMPDIR/bad"
	run govlab report "$BATS_TEST_TMPDIR/bad" "$BATS_TEST_TMPDIR/good"
	[ "$status" -eq 1 ]
	[ "${lines[0]%% *}" = POLICY ]
}

@test "what is not rows is refused" {
	for text in '[]' '{}' '[1]' '[{"other": 1}]'; do
		run --separate-stderr govlab report - <<<"$text"
		[ "$status" -eq 1 ]
		[ "$stderr" = "govlab: -: not a list of rows of an experiment" ]
	done
	run govlab report /nowhere
	[ "$status" -eq 1 ]
}
