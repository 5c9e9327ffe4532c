#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What must get through to a parked task does, long before its debt is paid.
load helpers

# owing KIND - debtor is parked in e2e-web, which owes for a long time
owing() {
	govctl create e2e-web --cap 0.002
	start debtor "$1" e2e-web
	clock
}

# What happens from here on must happen soon.
clock() {
	until_is e2e-web debt_ns '>=' 30000000
	parked e2e-web "${1:-1}"
	value e2e-web debt_ns
	# ns over a cap of 0.002, in us
	wait_us=$((REPLY / 2))
	since_us=${EPOCHREALTIME/./}
}

# In less than a quarter of the time it would have been parked.
soon() {
	local took_us=$((${EPOCHREALTIME/./} - since_us))

	echo "# $took_us us of $wait_us" >&2
	((took_us * 4 < wait_us))
}

# ends STATUS - the task does, soon, with this status
ends() {
	local status=0

	wait "${pids[0]}" || status=$?
	soon
	[ "$status" -eq "$1" ] || { echo "status $status"; return 1; }
}

# state PID LETTERS - wait until the process is in one of these states. A parked
# task is in S, or in I while a signal is pending that has to wait.
state() {
	for ((i = 0; i < 1000; i++)); do
		read -r line <"/proc/$1/stat"
		line=${line##*) }
		[[ $2 != *"${line::1}"* ]] || return 0
		nap
	done
	echo "$1 is in state ${line::1}, not $2"
	return 1
}

# Parked again, with the debt it had.
still_owes() {
	parked e2e-web
	value e2e-web debt_ns
	((REPLY >= wait_us))
}

@test "SIGKILL" {
	owing spin
	kill -KILL "$!"
	ends 137
}

@test "SIGTERM with its default action" {
	owing spin
	kill -TERM "$!"
	ends 143
}

@test "a signal with a handler waits with the task" {
	govctl create e2e-web --cap 0.002
	debtor handler e2e-web >"$BATS_TEST_TMPDIR/out" 3>&- &
	pids+=($!)
	clock
	kill -TERM "$!"
	sleep 1
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	parked e2e-web
	since_us=${EPOCHREALTIME/./}
	govctl set e2e-web --cap max
	eventually test -s "$BATS_TEST_TMPDIR/out"
	soon
}

@test "SIGSTOP and SIGCONT" {
	owing spin
	kill -STOP "$!"
	state "$!" T
	soon
	value e2e-web nr_parked
	[ "$REPLY" -eq 0 ]
	kill -CONT "$!"
	state "$!" SI
	still_owes
	kill -KILL "$!"
	ends 137
}

@test "SIGKILL while stopped and parked before" {
	owing spin
	kill -STOP "$!"
	state "$!" T
	kill -KILL "$!"
	ends 137
}

@test "a tracer attaches, sees it stop and lets it go" {
	owing spin
	debtor trace "$!"
	soon
	state "$!" SI
	still_owes
}

@test "strace attaches and detaches" {
	owing spin
	pid=$!
	start strace -o /dev/null -p "$pid"
	eventually grep -q "TracerPid:.*$!" "/proc/$pid/status"
	kill -INT "$!"
	wait "$!" || :
	soon
	state "$pid" SI
	still_owes
}

@test "the freezer of cgroups" {
	cgroup=/sys/fs/cgroup/e2e
	mkdir "$cgroup"
	owing spin
	echo "$!" >"$cgroup/cgroup.procs"
	echo 1 >"$cgroup/cgroup.freeze"
	eventually grep -q 'frozen 1' "$cgroup/cgroup.events"
	soon
	echo 0 >"$cgroup/cgroup.freeze"
	eventually grep -q 'frozen 0' "$cgroup/cgroup.events"
	still_owes
	kill -KILL "$!"
	ends 137
	rmdir "$cgroup"
}

# vforked - the child of a parent in vfork() is parked, in $child
vforked() {
	owing vfork
	# It ends without a newline.
	read -r child <"/proc/$!/task/$!/children" || [ "$child" ]
	pids+=("$child")
}

@test "vfork: the parked child is killed" {
	vforked
	kill -KILL "$child"
	state "$child" Z
	soon
	govctl detach --pid "$!"
	ends 137
}

@test "vfork: the parent is killed, the child goes on" {
	vforked
	kill -KILL "$!"
	ends 137
	parked e2e-web
	govctl delete e2e-web
	eventually test ! -e "/proc/$child"
	soon
}

@test "vfork: both go on when the group goes" {
	vforked
	govctl delete e2e-web
	ends 0
}

@test "exec gets through while sibling threads are parked" {
	govctl create e2e-web --cap 0.002
	start debtor exec e2e-web
	clock 2
	kill -USR1 "$!"
	ends 0
	until_is e2e-web nr_tasks == 0
}
