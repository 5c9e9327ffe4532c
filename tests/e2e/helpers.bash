# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What the end-to-end tests share. Groups are called e2e-*; whatever a test
# leaves is gone after it.
bats_require_minimum_version 1.5.0

TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
export PATH="$TOP/build/userspace:$TOP/build/tests:$PATH"
GROUPS_DIR=/sys/kernel/capgov/groups
SCRATCH=/dev/shm/e2e

setup() {
	[ -c /dev/capgov ] || skip "the module is not loaded here"
	pids=()
	mkfifo "$BATS_TEST_TMPDIR/nap"
}

teardown() {
	local pid group

	for pid in "${pids[@]}"; do
		kill -KILL "$pid" 2>/dev/null || :
		kill -CONT "$pid" 2>/dev/null || :
	done
	[ ! -d "$GROUPS_DIR" ] || govctl release-all >/dev/null || :
	wait "${pids[@]}" 2>/dev/null || :
	# Children before parents.
	for _ in 1 2 3; do
		for group in "$GROUPS_DIR"/e2e-*; do
			[ ! -d "$group" ] || govctl delete "${group##*/}" \
				2>/dev/null || :
		done
	done
	for group in "$GROUPS_DIR"/e2e-*; do
		[ ! -d "$group" ]
	done
}

# start COMMAND... - in the background; its pid is in $!, and it ends with the
# test.
start() {
	"$@" >/dev/null 3>&- &
	pids+=($!)
}

# start_in GROUP COMMAND... - likewise, in a group.
start_in() {
	start govctl run --group "$1" -- "${@:2}"
	until_is "$1" nr_tasks '>=' 1
}

# true_that EXPRESSION - of awk
true_that() {
	awk "BEGIN { exit !($1) }" || { echo "not so: $1"; return 1; }
}

# ratio OPTION... - CPU over wall, as capuse has it
ratio() {
	local used

	used=$(capuse "$@") || return
	used=${used##*\"ratio\":}
	echo "${used%\}}"
}

# holds CAP TOLERANCE CAPUSE_ARGUMENT... - CPU over wall is CAP. Never more. If
# the machine under us stood still it is less: that is tried again.
holds() {
	local cap=$1 tolerance=$2 is

	shift 2
	for _ in 1 2 3; do
		is=$(ratio "$@") || return
		echo "# $is of $cap: ${*: -3}" >&2
		true_that "$is <= $cap + $tolerance" || return
		! true_that "$is >= $cap - $tolerance" || return 0
	done
	return 1
}

# value GROUP NAME - from sysfs, in $REPLY, without a process
value() {
	read -r REPLY <"$GROUPS_DIR/$1/$2"
}

# nap - a moment, without a process
nap() {
	read -rt 0.02 <>"$BATS_TEST_TMPDIR/nap" _ || :
}

# eventually COMMAND... - wait until it succeeds
eventually() {
	for ((i = 0; i < 200; i++)); do
		! "$@" || return 0
		nap
	done
	echo "never: $*"
	return 1
}

# until_is GROUP NAME OPERATOR NUMBER - wait for it
until_is() {
	for ((i = 0; i < 1000; i++)); do
		value "$1" "$2"
		! (("$REPLY" "$3" "$4")) || break
		nap
	done
	((i == 1000)) || return 0
	echo "$1: $2 is $REPLY, not $3 $4"
	return 1
}

# parked GROUP [NUMBER] - wait until so many are parked
parked() {
	until_is "$1" nr_parked '>=' "${2:-1}"
}
