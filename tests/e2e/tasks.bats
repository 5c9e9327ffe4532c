#!/usr/bin/env bats
# Tasks come, go and move; whatever happens nobody stays stopped.

load common

spin='while :; do :; done'
parked() { [ "$(field "$1" nr_parked)" -gt 0 ]; }
gone() { ! kill -0 "$1" 2>/dev/null; }
state() { awk '/^State/ { print $2 }' "/proc/$1/status"; }

# A task of group $1 with a debt that takes it minutes to pay: one long
# stretch in the kernel, of which it is only stopped at the end.
deep_in_debt() {
	govctl create "$1"
	start --group "$1" -- dd if=/dev/zero of=/dev/null bs=256M
	sleep 1
	govctl set "$1" --cap 0.002
	until_true 30 parked "$1"
	holds "$(field "$1" debt_ns) > 50000000"
}

@test "children, and children of children, are under the cap" {
	start --cap 0.2 -- sh -c 'f() { /bin/true; f; }
		while :; do (/bin/true; sh -c "/bin/true; :"); done'
	sleep 1
	held_at 0.2
}

@test "a parent's cap binds, then the child's" {
	govctl create up --cap 0.2
	govctl create down --parent up --cap 0.6
	start --group down -- sh -c "$spin"
	sleep 1
	held_at 0.2
	govctl set up --cap 0.8
	sleep 1
	held_at 0.6
}

@test "attached and detached while it runs" {
	judged sh -c "$(in_cg)" sh sh -c "$spin"
	sleep 0.5
	govctl create late --cap 0.3
	govctl attach late --pid "$pid"
	sleep 1
	held_at 0.3
	govctl detach --pid "$pid"
	holds "$(cpus 2) > 0.9"
	[ "$(field late nr_tasks)" -eq 0 ]
}

@test "moved between groups it is held by the new one" {
	govctl create one --cap 0.2
	govctl create two --cap 0.6
	start --group one -- sh -c "$spin"
	sleep 1
	govctl attach two --pid "$pid"
	sleep 1
	held_at 0.6
	[ "$(field one nr_tasks)" -eq 0 ]
}

@test "deleted while its task is parked: the task goes on, uncapped" {
	govctl create going --cap 0.01
	start --group going -- sh -c "$spin"
	until_true 20 parked going
	govctl delete going
	holds "$(cpus 2) > 0.9"
}

@test "deleted below a parent: the task goes on under the parent's cap" {
	govctl create above --cap 0.4
	govctl create below --parent above --cap 0.01
	start --group below -- sh -c "$spin"
	until_true 20 parked below
	govctl delete below
	sleep 1
	held_at 0.4
	[ "$(field above nr_tasks)" -eq 1 ]
}

@test "cap raised, policy switched, while parked" {
	govctl create change --cap 0.01
	start --group change -- sh -c "$spin"
	until_true 20 parked change
	govctl set change --cap 0.7
	sleep 1
	held_at 0.7
	govctl set change --cap 0.01
	until_true 20 parked change
	govctl set change --policy none
	holds "$(cpus 2) > 0.9"
}

@test "release-all lets everybody go and keeps the groups" {
	govctl create held --cap 0.01
	start --group held -- sh -c "$spin"
	until_true 20 parked held
	govctl release-all
	holds "$(cpus 2) > 0.9"
	[ "$(field held nr_tasks)" -eq 0 ]
}

@test "deep in debt: killed, terminated" {
	local signal
	for signal in KILL TERM; do
		deep_in_debt "debt$signal"
		kill -$signal "$pid"
		until_true 3 gone "$pid"
	done
}

@test "deep in debt: stopped, continued, and still in debt" {
	deep_in_debt debt
	kill -STOP "$pid"
	until_true 3 test "$(state "$pid")" != S
	[ "$(state "$pid")" = T ]
	kill -CONT "$pid"
	until_true 3 parked debt
	sleep 1
	holds "$(cpus 2) < 0.02"
}

@test "deep in debt: the cgroup freezer is obeyed" {
	deep_in_debt debt
	echo 1 >"$cg/cgroup.freeze"
	until_true 3 grep -q 'frozen 1' "$cg/cgroup.events"
	echo 0 >"$cg/cgroup.freeze"
	until_true 3 parked debt
}

@test "a long stretch in the kernel is owed, not forgiven" {
	deep_in_debt debt
	[ "$(field debt forgiven_ns)" -eq 0 ]
}

@test "a real-time task is not parked, and what it used is counted" {
	govctl create fifo --cap 0.1
	start --group fifo -- chrt -f 1 sh -c "$spin"
	sleep 1
	holds "$(cpus 2) > 0.8"
	holds "$(field fifo forgiven_ns) > 500000000"
	[ "$(field fifo nr_parked)" -eq 0 ]
}

@test "a handled signal does not buy runtime" {
	govctl create storm --cap 0.1
	start --group storm -- sh -c "trap : USR1; $spin"
	sleep 1
	judged sh -c "while kill -USR1 $pid; do :; done"
	held_at 0.1
	kill "$pid"
}

@test "tracepoints fire" {
	local t=/sys/kernel/tracing
	echo 1 >$t/events/capgov/enable
	govctl run --cap 0.05 -- timeout 1 sh -c "$spin" || true
	echo 0 >$t/events/capgov/enable
	for event in attach charge park release; do
		grep -q "capgov_$event: " $t/trace
	done
	echo >$t/trace
}
