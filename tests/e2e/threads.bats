#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Threads, one and many, and children too short to be seen by a tick.
load helpers

threads() { [ "$(ls "/proc/$1/task" | wc -l)" -eq "$2" ]; }

@test "one thread is attached, the other goes on" {
	govctl create web --cap 0.3
	judged spin 2
	until_true 5 threads "$pid" 2
	tid=$(ls "/proc/$pid/task" | grep -vx "$pid")
	govctl attach web --pid "$tid"
	until_true 5 is web nr_joining -eq 0
	is web nr_tasks -eq 1
	sleep 0.5
	held_at 0.3 "$tid"
	# How two CPUs are shared with whoever measures is the kernel's affair.
	holds "$(cpus 1 "$pid") > 0.4"
	govctl detach --pid "$tid"
	holds "$(cpus 1 "$tid") > 0.4"
}

@test "exec keeps the group" {
	govctl create web --cap 0.4
	start --group web -- sh -c 'exec sh -c "exec spin"'
	until_true 5 grep -qx spin "/proc/$pid/comm"
	sleep 0.5
	held_at 0.4
	is web nr_tasks -eq 1
}

# agrees CAP - what the group counted is what rusage says
agrees() {
	govctl create web --cap "$1"
	used=$(spin govern web 1500)
	near "($(value web usr_ns) + $(value web sys_ns)) / $used" 1 0.02
}

@test "USR and SYS, with children's, are what rusage says: no cap" {
	agrees max
}

@test "USR and SYS, with children's, are what rusage says: cap 0.5" {
	agrees 0.5
}
