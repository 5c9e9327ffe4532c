#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Virtual CPUs: what they run is one system call, in which they are not stopped.
load helpers

# In a stack of KVM's others would wait for what it holds.
outside() { ! grep -q kvm "/proc/$pid/stack"; }

# runs_on - it has been in its guest for a while, in debt, and is not parked
runs_on() {
	sleep 1
	is web nr_parked -eq 0
	holds "$(cpus 2) > 0.9"
}

setup() {
	modprobe kvm_amd 2>/dev/null || :
	[ -c /dev/kvm ] || skip "no KVM in this kernel"
	prepare
}

# either_way STEPS - with each kind of accounting, in "web"
either_way() {
	local accounting
	for accounting in exact sampled; do
		command govctl create web --cap 0.2 --accounting $accounting
		"$1"
		kill -KILL "$pid"
		govctl delete web
	done
}

leaves_its_guest() {
	start --group web -- vcpu 10
	begun
	parked web
	outside
	holds "$(cpus 3) <= 0.2 * 1.02"
}

never_leaves_it() {
	start --group web -- vcpu
	runs_on
}

attached_in_it() {
	judged vcpu
	sleep 1
	govctl attach web --pid "$pid"
	runs_on
	is web usr_ns -lt 100000000
}

@test "a virtual CPU is stopped between its calls" {
	either_way leaves_its_guest
}

@test "one that never ends its call is not stopped, and owes" {
	either_way never_leaves_it
}

@test "one that is attached in the middle of its call is not stopped in it" {
	either_way attached_in_it
}
