#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The module goes while tasks are parked and others asleep in the kernel.
load helpers

MODULE=/capgov.ko

@test "rmmod lets go of those who are parked and those who sleep" {
	[ -f "$MODULE" ] || skip "no $MODULE"
	govctl create e2e-web --cap 0.001
	start sleep 1000
	start spin 2
	govctl attach e2e-web --pid "${pids[@]}"
	parked e2e-web 2
	rmmod capgov
	is=$(ratio -s 0 2 -p "$!")
	left=$(grep -c '^capgov_task ' /proc/slabinfo) || :
	read -r sleeper <"/proc/${pids[0]}/stat"
	insmod "$MODULE"
	true_that "$is >= 1.6"
	[ "$left" -eq 0 ]
	[[ $sleeper == *") S "* ]]
	kill -TERM "${pids[0]}"
	status=0
	wait "${pids[0]}" || status=$?
	[ "$status" -eq 143 ]
	[ "$(awk '$1 == "capgov" { print $3 }' /proc/modules)" = 0 ]
}
