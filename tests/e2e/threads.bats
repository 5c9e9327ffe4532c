#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Threads, one and many, and children too short to be seen by a tick.
load helpers

@test "children of children, a millisecond each, are under the cap" {
	holds 0.5 0.02 4 -- govctl run --cap 0.5 -- spin chain
}

@test "one thread is attached, the other goes on" {
	govctl create e2e-web --cap 0.3
	start spin 2
	until [ "$(ls "/proc/$!/task" | wc -l)" -eq 2 ]; do sleep 0.1; done
	tid=$(ls "/proc/$!/task" | grep -vx "$!")
	govctl attach e2e-web --pid "$tid"
	until_is e2e-web nr_tasks == 1
	holds 0.3 0.02 3 -t "$tid"
	holds 1 0.2 1 -t "$!"
	govctl detach --pid "$tid"
	holds 1 0.2 1 -t "$tid"
}

@test "exec keeps the group" {
	govctl create e2e-web --cap 0.4
	start_in e2e-web sh -c 'exec sh -c "exec spin"'
	until [ "$(cat "/proc/$!/comm")" = spin ]; do sleep 0.1; done
	holds 0.4 0.02 3 -p "$!"
	value e2e-web nr_tasks
	[ "$REPLY" -eq 1 ]
}

# agrees CAP - what the group counted is what rusage says
agrees() {
	govctl create e2e-web --cap "$1"
	used=$(spin govern e2e-web 1500)
	value e2e-web usr_ns
	counted=$REPLY
	value e2e-web sys_ns
	counted=$((counted + REPLY))
	true_that "$counted >= $used * 0.98 && $counted <= $used * 1.02"
	govctl delete e2e-web
}

@test "USR and SYS, with children's, are what rusage says: no cap" {
	agrees max
}

@test "USR and SYS, with children's, are what rusage says: cap 0.5" {
	agrees 0.5
}
