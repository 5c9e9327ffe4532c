#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Sampled accounting: what tries to be elsewhere when a sample is taken, and
# groups whose kind of accounting changes.
load helpers

ACCOUNTING=sampled

# The mean of the intervals is 250 us under this cap.
@test "sampled: asleep every half, one or sixteen intervals" {
	local ns
	govctl create web --cap 0.4
	for ns in 125000 250000 4000000; do
		start --group web -- hostile dodge sleep $ns
		held
		kill -KILL "$pid"
	done
}

@test "sampled: yields before every tick" {
	capped hostile dodge yield 4000000
}

@test "sampled: signals at 10 kHz, handled" {
	govctl create web --cap 0.4
	pelted handled 10000
}

@test "sampled: children of children, and short threads" {
	capped spin chain
	kill -KILL "$pid"
	start --group web -- hostile threads
	held
}

@test "sampled: moved from CPU to CPU every millisecond" {
	capped hostile hop
}

@test "sampled: io_uring's owner is stopped between its calls" {
	govctl create web --cap 0.2
	start --group web -- hostile uring worker
	sleep 1
	near "$(cpus 3 "$pid")" 0.2 0.02
}

@test "sampled: io_uring, nearly always in a call, and never again" {
	capped hostile uring calls
	kill -KILL "$pid"
	start --group web -- hostile uring spin
	held
}

@test "sampled: a parent's cap holds" {
	govctl create up --cap 0.4
	govctl create web --parent up
	start --group web -- dd if=/dev/zero of=/dev/null bs=1k
	held
	is web sys_error_ns -gt 0
	is up sys_error_ns -gt 0
}

to_and_fro() {
	local i
	for i in {1..10}; do
		command govctl set web --accounting exact
		sleep 0.3
		command govctl set web --accounting sampled
		sleep 0.3
	done
}

# Each change leaves less than an interval unsampled.
@test "the kind of accounting changes under load" {
	govctl create web --cap 0.4
	start --group web -- spin 2
	begun
	counts_as_kernel web to_and_fro
	held
}

@test "unloaded while sampled tasks run and are parked" {
	govctl create web --cap 0.1
	start --group web -- spin 4
	parked web 2
	rmmod capgov
	holds "$(cpus 2) > 1.5"
}
