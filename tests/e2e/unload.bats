#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The module goes in the middle of everything: nobody stays stopped, and
# everybody gets more than the cap that was.
load helpers

# under COMMAND... - is held when the module goes, or forgiven; with a small cap
# from the start it would start slowly
under() {
	govctl create web
	start --group web -- "$@"
	[ "$2" != storm ] || pelt 10000
	until_true 20 is web nr_tasks -gt 0
	govctl set web --cap 0.05
	until_true 20 is_held
	rmmod capgov
	holds "$(cpus 1) > 0.3" || { echo "$*"; return 1; }
	echo 1 >"$cg/cgroup.kill"
	until_true 10 empty "$cg/cgroup.procs"
	insmod /capgov.ko
}

# Two CPUs may have been let off with 0.1 s each for what was before the cap.
is_held() { is web nr_throttled -gt 0 || is web forgiven_ns -gt 200000000; }

# owing - a task is parked for a long time, by the smallest cap there is
owing() {
	govctl create web
	start --group web -- spin
	begun
	govctl set web --cap 0.0001 --period 1s
	parked web
}

# free - the module goes, and the task gets a CPU
free() {
	rmmod capgov
	"$@"
	holds "$(cpus 1) > 0.8"
}

@test "storms of signals, and what dodges samples" {
	under hostile storm handled
	under hostile storm ignored
	under hostile dodge sleep 500000
	under hostile dodge yield 4000000
}

@test "threads, children, programs one after the other, a fork bomb" {
	echo +pids >/sys/fs/cgroup/cgroup.subtree_control
	echo 300 >"$cg/pids.max"
	under hostile threads
	under spin chain
	cp /bin/busybox sh
	printf '#!./sh\nexec ./again\n' >again
	chmod +x again
	under ./again
	under bash -c 'f() { f | f & }; while :; do f; done'
}

@test "from CPU to CPU, in io_uring, of every class" {
	under hostile hop
	under hostile uring worker
	under nice -n 19 spin
	under chrt -i 0 spin
	under $real_time spin
	under chrt -d --sched-runtime 5000000 --sched-deadline 10000000 \
		--sched-period 10000000 0 spin
}

@test "under requests that change everything, in a group below another" {
	govctl create up --cap 0.5
	govctl create web --parent up --cap 0.05
	start --group web -- spin 3
	beside sh -c 'while :; do
		govctl set web --cap 0.04 --policy exempt
		govctl set up --cap 0.4 --policy container
		govctl set web --cap 0.05 --policy total
		done'
	sleep 0.5
	# While somebody asks it cannot go.
	until_true 20 rmmod capgov
	kill -KILL "${others[@]}"
	all_run "$pid"
}

@test "moved between two groups 1,000 times a second" {
	govctl create one --cap 0.2
	govctl create two --cap 0.2
	start --group one -- spin
	beside hostile shuttle "$pid" one two
	begun
	# Who moves it has the device open.
	run -1 rmmod capgov
	kill -KILL "${others[0]}"
	until_true 20 rmmod capgov
	holds "$(cpus 1) > 0.8"
}

@test "2,000 are parked" {
	parked_many
	rmmod capgov 3>&- &
	until_true 20 none_sleeps
	holds "$(cpus 2) > 1"
	# It goes when each has had its turn among so many, or its end.
	echo 1 >"$cg/cgroup.kill"
	wait "$!"
}
none_sleeps() { ! grep -qs '^State:.[SDI]' "/proc/$pid/task"/*/status; }

# Each group that is freed lets go of its parent only then.
@test "a tree as deep as there may be, without tasks and with one" {
	local i
	for i in {1..8}; do
		govctl create "g$i" --parent "$([ $i -eq 1 ] || echo g$((i - 1)))"
	done
	rmmod capgov
	insmod /capgov.ko
	for i in {1..8}; do
		govctl create "g$i" --cap 0.1 \
			--parent "$([ $i -eq 1 ] || echo g$((i - 1)))"
	done
	start --group g8 -- spin
	parked g8
	free true
}

@test "the parked task is stopped" {
	owing
	kill -STOP "$pid"
	state "$pid" T
	free kill -CONT "$pid"
}

@test "the parked task is frozen" {
	owing
	echo 1 >"$cg/cgroup.freeze"
	until_true 5 grep -q 'frozen 1' "$cg/cgroup.events"
	free sh -c "echo 0 >$cg/cgroup.freeze"
}

@test "the parked task is traced" {
	owing
	beside strace -o /dev/null -p "$pid"
	until_true 5 grep -q "TracerPid:.*$!" "/proc/$pid/status"
	free kill -INT "${others[0]}"
}

@test "gdb has the parked task" {
	owing
	beside gdb -p "$pid" -batch -ex \
		'shell until [ -e go ] || ! kill -0 $PPID; do sleep 0.1; done'
	until_true 60 state_is "$pid" t
	free gdb_lets_go
}
gdb_lets_go() {
	touch go
	until_true 20 grep -q 'TracerPid:.*\<0' "/proc/$pid/status"
}

@test "the parked task is killed for want of memory" {
	parked_fat
	rmmod capgov 3>&- &
	echo 100M >"$cg/memory.max"
	wait "$!"
	until_true 5 gone "$pid"
}

@test "siblings of a thread that executes a program are parked" {
	govctl create web --cap $small
	judged debtor exec web
	parked web 2
	kill -USR1 "$pid"
	rmmod capgov
	wait "$pid"
}

@test "a CPU goes offline and comes back" {
	local cpu1=/sys/devices/system/cpu/cpu1/online
	govctl create web --cap 0.05
	start --group web -- spin 2
	beside sh -c "while :; do echo 0 >$cpu1; echo 1 >$cpu1; done"
	sleep 0.5
	rmmod capgov
	kill -KILL "${others[0]}"
	echo 1 >$cpu1
	all_run "$pid"
}

@test "a task that was killed does not get to its end" {
	modprobe fuse 2>/dev/null || [ -c /dev/fuse ] || skip "no FUSE in this kernel"
	touch file
	beside sh -c 'exec slowclose file >said'
	until_true 10 grep -q slowclose /proc/mounts
	govctl create web --cap 0.2
	start --group web -- sh -c "exec 9<file; $spin"
	until_true 10 test -e "/proc/$pid/fd/9"
	parked web
	kill -USR1 "${others[0]}"
	kill -KILL "$pid"
	until_true 10 grep -q closing said
	timeout 20 rmmod capgov
	state "$pid" D
	kill -KILL "${others[0]}"
	until_true 10 gone "$pid"
	umount file
}
