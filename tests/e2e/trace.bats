#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The tracepoints are there, fire, and say which group.
load helpers

tracing=/sys/kernel/tracing

@test "the tracepoints fire" {
	for event in park release charge refill attach; do
		[ -d "$tracing/events/capgov/capgov_$event" ]
	done
	echo >"$tracing/trace"
	echo 1 >"$tracing/events/capgov/enable"
	govctl create traced --cap 0.1
	start --group traced -- spin
	parked traced
	govctl detach --pid "$pid"
	kill -KILL "$pid"
	echo 0 >"$tracing/events/capgov/enable"
	trace=$(grep -v '^#' "$tracing/trace")
	echo >"$tracing/trace"
	grep 'capgov_park: group=traced level_ns=-\?[0-9]*$' <<<"$trace"
	grep 'capgov_release: group=traced wait_ns=[0-9]* released=[01]$' \
		<<<"$trace"
	grep 'capgov_charge: group=traced usr_ns=[0-9]* sys_ns=[0-9]* charged_ns=[0-9]* left_ns=-\?[0-9]*$' \
		<<<"$trace"
	grep 'capgov_refill: group=traced slice_ns=[0-9]* level_ns=-\?[0-9]*$' \
		<<<"$trace"
	grep "capgov_attach: pid=$pid group=traced$" <<<"$trace"
}

@test "no line when they are off" {
	[ "$(<"$tracing/events/capgov/enable")" = 0 ]
	echo >"$tracing/trace"
	govctl run --cap 0.1 -- true
	! grep -q capgov_ "$tracing/trace"
}
