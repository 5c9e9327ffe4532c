#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Tasks come, go and move; whatever happens nobody stays stopped.

load helpers

@test "children, and children of children, are under the cap" {
	cp /bin/busybox true
	cp /bin/busybox sh
	start --cap 0.2 -- ./sh -c \
		'while :; do (./true; ./sh -c "./true; :"); done'
	held_at 0.2
}

@test "a parent's cap binds, then the child's" {
	govctl create up --cap 0.2
	govctl create down --parent up --cap 0.6
	start --group down -- sh -c "$spin"
	held_at 0.2
	govctl set up --cap 0.8
	sleep 1
	held_at 0.6
}

@test "what short-lived children used is their parent's" {
	local i used least="10 * 40000000 * (1 - $lost)"
	govctl create up
	for ((i = 0; i < 10; i++)); do
		start --parent up -- timeout 0.04 spin
		wait "$pid" || :
	done
	until_true 5 charged up "$least"
	read_used
	used=$(($(value up usr_ns) + $(value up sys_ns)))
	holds "$used <= $used_us * 1000 && $used >= $least"
}
charged() { holds "$(value "$1" charged_ns) >= $2"; }

@test "attached and detached while it runs" {
	judged sh -c "$spin"
	sleep 0.5
	govctl create late --cap 0.3
	govctl attach late --pid "$pid"
	sleep 1
	held_at 0.3
	govctl detach --pid "$pid"
	holds "$(cpus 2) > 0.9"
	[ "$(value late nr_tasks)" -eq 0 ]
}

@test "attached and detached while it sleeps, it is forgotten when awake" {
	govctl create late --cap 0.3
	judged sleep 1000
	until_true 5 grep -q nanosleep "/proc/$pid/wchan"
	govctl attach late --pid "$pid"
	govctl detach --pid "$pid"
	[ "$(<"$capgov/nr_tasks")" -eq 1 ]
	kill -STOP "$pid"
	state "$pid" T
	until_true 5 no_task
	kill -CONT "$pid"
	state "$pid" S
}

@test "moved between groups it is held by the new one" {
	govctl create one --cap 0.2
	govctl create two --cap 0.6
	start --group one -- sh -c "$spin"
	sleep 1
	govctl attach two --pid "$pid"
	sleep 1
	held_at 0.6
	[ "$(value one nr_tasks)" -eq 0 ]
}

@test "deleted while its task is parked: the task goes on, uncapped" {
	govctl create going --cap 0.01
	start --group going -- sh -c "$spin"
	parked going
	govctl delete going
	holds "$(cpus 2) > 0.9"
}

@test "deleted below a parent: the task goes on under the parent's cap" {
	govctl create above --cap 0.4
	govctl create below --parent above --cap 0.01
	start --group below -- sh -c "$spin"
	parked below
	govctl delete below
	sleep 1
	held_at 0.4
	[ "$(value above nr_tasks)" -eq 1 ]
}

@test "it does not wait for a parent that its group has no more" {
	govctl create above --cap $small
	govctl create below --parent above
	start --group below -- sh -c "$spin"
	parked above
	govctl set below --parent ''
	holds "$(cpus 2) > 0.9"
	[ "$(value above nr_parked)" -eq 0 ]
}

@test "cap raised, policy switched, while parked" {
	govctl create change --cap 0.01
	start --group change -- sh -c "$spin"
	parked change
	govctl set change --cap 0.7
	sleep 1
	held_at 0.7
	govctl set change --cap 0.01
	parked change
	govctl set change --policy none
	holds "$(cpus 2) > 0.9"
}

@test "release-all lets everybody go and keeps the groups" {
	govctl create held --cap 0.01
	start --group held -- sh -c "$spin"
	parked held
	govctl release-all
	holds "$(cpus 2) > 0.9"
	[ "$(value held nr_tasks)" -eq 0 ]
}

@test "a real-time task is not parked, and what it used is counted" {
	govctl create fifo --cap 0.1
	start --group fifo -- $real_time sh -c "$spin"
	until_true 60 is fifo forgiven_ns -gt 0
	holds "$(cpus 2) > 0.8"
	holds "$(value fifo forgiven_ns) > 500000000"
	[ "$(value fifo nr_parked)" -eq 0 ]
}

