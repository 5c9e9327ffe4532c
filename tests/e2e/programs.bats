#!/usr/bin/env bats
# Real programs are held at their cap, by the kernel's own accounting.

load common

# held OPTIONS -- COMMAND: at 0.5 once the first bucket is spent.
held() {
	start --cap 0.5 "$@"
	sleep 1
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
	cp -r /usr/include/linux tree
	held --policy total -- sh -c 'while :; do tar cf - tree | cat; done'
}

@test "total 0.5: openssl speed" {
	held --policy total -- openssl speed -seconds 60 sha256
}

@test "total 0.5: dd, nearly all of it in the kernel" {
	held --policy total -- dd if=/dev/zero of=/dev/null bs=64k
}

@test "total 0.5: a shell that starts small commands" {
	held --policy total -- sh -c "$forever" sh /bin/true
}

@test "exempt 0.5: a program that only computes is held" {
	held --policy exempt -- openssl speed -seconds 60 sha256
}

@test "exempt 0.5: SYS runs free" {
	start --cap 0.5 --policy exempt -- dd if=/dev/zero of=/dev/null bs=1M
	sleep 1
	holds "$(cpus 3) > 0.9"
}

@test "the group's USR + SYS is what the kernel counts" {
	local counted stat
	govctl create judge --cap 0.5
	start --group judge -- sh -c "$forever" sh xz -c -k /usr/bin/env
	sleep 1
	frozen 1
	counted=$(($(field judge usr_ns) + $(field judge sys_ns)))
	stat=$(stat_us usage_usec)
	frozen 0
	sleep 4
	frozen 1
	counted=$(($(field judge usr_ns) + $(field judge sys_ns) - counted))
	stat=$(($(stat_us usage_usec) - stat))
	near "$counted / 1000 / $stat" 1 0.02
}
