#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Real programs are held at their cap, by the kernel's own accounting.
load helpers

# held OPTIONS -- COMMAND: at 0.5 once the first bucket is spent.
held() {
	start --cap 0.5 "$@"
	held_at 0.5
}

forever='while :; do "$@"; done'

@test "total 0.5: xz" {
	head -c 300000 /usr/bin/bash >data
	held --policy total -- sh -c "$forever" sh xz -c -k data
}

@test "total 0.5: tar of a tree" {
	cp -r /usr/include/asm-generic tree
	start --cap 0.5 --policy total -- sh -c \
		'tar cf - $(yes tree | head -n 1000) | cat >/dev/null'
	# Until then much of the time is spent waiting for the host's files.
	until_true 20 works tar
	held_at 0.5
}

# works NAME - it has used more CPU than its start takes
works() {
	local ns
	read -r ns _ <"/proc/$(pgrep -x "$1")/schedstat" && [ "$ns" -gt 100000000 ]
}

@test "total 0.5: openssl speed" {
	held --policy total -- openssl speed -seconds 60 sha256
}

@test "total 0.5: dd, nearly all of it in the kernel" {
	held --policy total -- dd if=/dev/zero of=/dev/null bs=64k
}

@test "total 0.5: a shell that starts small commands" {
	# The guest's own file: to start one of the host's is to wait for it.
	cp /bin/busybox true
	held --policy total -- sh -c "$forever" sh ./true
}

@test "exempt 0.5: a program that only computes is held" {
	local used
	start --cap 0.5 --policy exempt -- openssl speed -seconds 60 sha256
	begun
	used=$(cpus 2)
	# What the kernel does for it is exempt, which on a slow one is not little.
	holds "$used <= 0.52 + 0.5 * $lost && $used >= 0.5 * (1 - $lost) - 0.02"
}

@test "exempt 0.5: SYS runs free" {
	start --cap 0.5 --policy exempt -- dd if=/dev/zero of=/dev/null bs=1M
	begun
	holds "$(cpus 1) > 0.95"
}

@test "the group's USR + SYS is what the kernel counts" {
	head -c 300000 /usr/bin/bash >data
	govctl create judge --cap 0.5
	start --group judge -- sh -c "$forever" sh xz -c -k data
	sleep 1
	counts_as_kernel judge sleep 4
}
