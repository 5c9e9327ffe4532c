#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Made and removed over and over, without a trace. Whether the kernel's log is
# clean is seen when the guest ends.
load helpers

unused() { [ "$(awk '$1 == "capgov" { print $3 }' /proc/modules)" -eq 0 ]; }

@test "1,000 groups: create, run something in it, delete" {
	cycles groups 1000
	[ "$(<"$capgov/nr_groups")" -eq 0 ]
	until_true 10 no_task
	unused
}

@test "100 times: unloaded while a capped program is parked" {
	rmmod capgov
	cycles modules 100 /capgov.ko
	run -1 grep '^capgov_task ' /proc/slabinfo
}

@test "rmmod lets go of those who are parked and those who sleep" {
	govctl create web --cap 0.001
	judged sleep 1000
	sleeper=$pid
	judged spin 2
	until_true 20 grep -qx spin "/proc/$pid/comm"
	govctl attach web --pid "$sleeper" "$pid"
	parked web 2
	rmmod capgov
	all_run "$pid"
	run -1 grep '^capgov_task ' /proc/slabinfo
	state_is "$sleeper" S
	insmod /capgov.ko
	kill -TERM "$sleeper"
	status=0
	wait "$sleeper" || status=$?
	[ "$status" -eq 143 ]
	unused
}
