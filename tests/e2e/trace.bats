#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The tracepoints are there, fire, and say which group.
load helpers

TRACING=/sys/kernel/tracing
EVENTS="park release charge attach"

@test "the four tracepoints fire" {
	for event in $EVENTS; do
		[ -d "$TRACING/events/capgov/capgov_$event" ]
	done
	echo >"$TRACING/trace"
	echo 1 >"$TRACING/events/capgov/enable"
	govctl create e2e-traced --cap 0.1
	start_in e2e-traced spin
	parked e2e-traced
	govctl detach --pid "$!"
	kill -KILL "$!"
	echo 0 >"$TRACING/events/capgov/enable"
	trace=$(grep -v '^#' "$TRACING/trace")
	echo >"$TRACING/trace"
	grep 'capgov_park: group=e2e-traced level_ns=-\?[0-9]*$' <<<"$trace"
	grep 'capgov_release: group=e2e-traced wait_ns=[0-9]* released=[01]$' \
		<<<"$trace"
	grep 'capgov_charge: group=e2e-traced usr_ns=[0-9]* sys_ns=[0-9]* charged_ns=[0-9]* left_ns=-\?[0-9]*$' \
		<<<"$trace"
	grep "capgov_attach: .*$!.*e2e-traced" <<<"$trace"
}

@test "a line for each event, none when they are off" {
	[ "$(cat "$TRACING/events/capgov/enable")" = 0 ]
	echo >"$TRACING/trace"
	govctl run --cap 0.1 -- true
	! grep -q capgov_ "$TRACING/trace"
}
