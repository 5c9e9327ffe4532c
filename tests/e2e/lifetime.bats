#!/usr/bin/env bats
# Made and removed over and over, without a trace. Whether the kernel's log is
# clean is seen when the guest ends.

load common

cycles=$BATS_TEST_DIRNAME/../../build/tests/cycles
objects() { awk '$1 == "capgov_task" { print $2 }' /proc/slabinfo; }

@test "1,000 groups: create, run something in it, delete" {
	"$cycles" groups 1000
	[ "$(cat /sys/kernel/capgov/nr_groups)" -eq 0 ]
	until_true 10 test "$(cat /sys/kernel/capgov/nr_tasks)" -eq 0
	[ "$(awk '$1 == "capgov" { print $3 }' /proc/modules)" -eq 0 ]
}

@test "100 times: unloaded while a capped program is parked" {
	rmmod capgov
	"$cycles" modules 100 /capgov.ko
	! grep -q '^capgov_task ' /proc/slabinfo
	insmod /capgov.ko
}
