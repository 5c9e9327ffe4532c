#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What must get through to a parked task does, long before its debt is paid.
load helpers

# owing KIND - debtor is parked in "web", which owes for a long time
owing() {
	govctl create web --cap $small --period 1s
	judged debtor "$1" web
	clock
}

# What happens from here on must happen soon. To start alone is not to owe so much.
clock() {
	until_true 20 is web debt_ns -ge $((30000000 * slow))
	parked web "${1:-1}"
	owed_ns=$(value web debt_ns)
	wait_us=$(awk "BEGIN { print int($owed_ns / 1000 / $small) }")
	since_us=${EPOCHREALTIME/./}
}

# What it owes takes it 20 times as long. Not from the start: that would have to
# be paid for, too.
slower() {
	small=$(awk "BEGIN { print $small / 20 }")
	govctl set web --cap $small --period 1s
	clock
}

# In less than 1/20 of the time that it would have been parked.
soon() {
	local took_us=$((${EPOCHREALTIME/./} - since_us))

	echo "# $took_us us of $wait_us" >&2
	((took_us * 20 < wait_us))
}

# ends STATUS - the task does, soon, with this status
ends() {
	local status=0

	wait "$pid" || status=$?
	soon
	[ "$status" -eq "$1" ] || { echo "status $status"; return 1; }
}

# Parked again, with the debt it had.
still_owes() {
	parked web
	is web debt_ns -ge $((owed_ns / 2))
}

@test "a long stretch in the kernel is owed, not forgiven" {
	owing spin
	is web forgiven_ns -eq 0
	still_owes
	holds "$(cpus 2) < 0.01"
}

@test "SIGKILL" {
	owing spin
	kill -KILL "$pid"
	ends 137
}

@test "SIGTERM with its default action" {
	owing spin
	kill -TERM "$pid"
	ends 143
}

@test "a signal with a handler waits with the task" {
	govctl create web --cap $small
	judged sh -c 'exec debtor handler web >out'
	clock
	kill -TERM "$pid"
	sleep 1
	[ ! -s out ]
	parked web
	since_us=${EPOCHREALTIME/./}
	govctl set web --cap max
	until_true 5 test -s out
	soon
}

@test "SIGSTOP and SIGCONT" {
	owing spin
	kill -STOP "$pid"
	state "$pid" T
	soon
	is web nr_parked -eq 0
	kill -CONT "$pid"
	state "$pid" SI
	still_owes
	kill -KILL "$pid"
	ends 137
}

@test "SIGKILL while stopped and parked before" {
	owing spin
	kill -STOP "$pid"
	state "$pid" T
	kill -KILL "$pid"
	ends 137
}

@test "a tracer attaches, sees it stop and lets it go" {
	owing spin
	debtor trace "$pid"
	soon
	state "$pid" SI
	still_owes
}

@test "strace attaches and detaches" {
	local tracer
	owing spin
	beside strace -o /dev/null -p "$pid"
	tracer=$!
	until_true 5 grep -q "TracerPid:.*$tracer" "/proc/$pid/status"
	kill -INT "$tracer"
	until_true 5 grep -q "TracerPid:[[:space:]]*0$" "/proc/$pid/status"
	soon
	state "$pid" S
	still_owes
}

@test "gdb attaches, looks at its registers and lets it go" {
	owing spin
	slower
	gdb -p "$pid" -batch -ex 'info registers rip' | grep '^rip '
	soon
	still_owes
}

# It gives up on who is not frozen within 20 s.
@test "suspend" {
	# It waits before it wakes up: busy, which takes long here.
	echo 1 >/sys/module/suspend/parameters/pm_test_delay
	echo freezer >/sys/power/pm_test
	owing spin
	slower
	timeout 60 sh -c 'echo freeze >/sys/power/state'
	echo none >/sys/power/pm_test
	still_owes
	govctl set web --cap max
	holds "$(cpus 1) > 0.8"
}

@test "the freezer of cgroups" {
	owing spin
	echo 1 >"$cg/cgroup.freeze"
	until_true 5 grep -q 'frozen 1' "$cg/cgroup.events"
	soon
	echo 0 >"$cg/cgroup.freeze"
	until_true 5 grep -q 'frozen 0' "$cg/cgroup.events"
	still_owes
	kill -KILL "$pid"
	ends 137
}

# vforked - the child of a parent in vfork() is parked, in $child
vforked() {
	owing vfork
	# It ends without a newline.
	read -r child <"/proc/$pid/task/$pid/children" || [ "$child" ]
}

@test "vfork: the parked child is killed" {
	vforked
	kill -KILL "$child"
	state "$child" Z
	soon
	govctl detach --pid "$pid"
	ends 137
}

@test "vfork: the parent is killed, the child goes on" {
	vforked
	kill -KILL "$pid"
	ends 137
	parked web
	govctl delete web
	until_true 5 gone "$child"
	soon
}

@test "vfork: both go on when the group goes" {
	vforked
	govctl delete web
	ends 0
}

@test "vfork: both go on when the module goes" {
	vforked
	rmmod capgov
	ends 0
}

@test "exec gets through while sibling threads are parked" {
	govctl create web --cap $small
	judged debtor exec web
	clock 2
	kill -USR1 "$pid"
	ends 0
	until_true 5 is web nr_tasks -eq 0
}
