#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Real programs are held at their cap, by the kernel's own accounting.
load helpers

# held OPTIONS -- COMMAND: at 0.5 once the first bucket is spent.
held() {
	start --cap 0.5 "$@"
	held_at 0.5
}

# frozen 1|0: so that nothing runs while it is looked at.
frozen() {
	echo "$1" >"$cg/cgroup.freeze"
	until_true 5 grep -q "frozen $1" "$cg/cgroup.events"
}

forever='while :; do "$@"; done'

@test "total 0.5: xz" {
	head -c 300000 /usr/bin/bash >data
	held --policy total -- sh -c "$forever" sh xz -c -k data
}

@test "total 0.5: tar of a tree" {
	cp -r /usr/include/asm-generic tree
	held --policy total -- sh -c \
		'tar cf - $(yes tree | head -n 1000) | cat >/dev/null'
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
	held --policy exempt -- openssl speed -seconds 60 sha256
}

@test "exempt 0.5: SYS runs free" {
	start --cap 0.5 --policy exempt -- dd if=/dev/zero of=/dev/null bs=1M
	begun
	holds "$(cpus 1) > 0.95"
}

@test "the group's USR + SYS is what the kernel counts" {
	local counted used_us at_us before_us
	head -c 300000 /usr/bin/bash >data
	govctl create judge --cap 0.5
	start --group judge -- sh -c "$forever" sh xz -c -k data
	sleep 1
	frozen 1
	counted=$(($(value judge usr_ns) + $(value judge sys_ns)))
	read_used
	before_us=$used_us
	frozen 0
	sleep 4
	frozen 1
	counted=$(($(value judge usr_ns) + $(value judge sys_ns) - counted))
	read_used
	near "$counted / 1000 / ($used_us - $before_us)" 1 0.02
}
