#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The core of the end-to-end tests with nothing but busybox: for the kernels on
# which all of them would take too long. TAP. The judge is cpu.stat of a cgroup
# in which everything runs: at most 2% above the cap, and LEAST percent of it.
# Usage: core.sh LEAST [TEST...], with hostile, debtor and spin in PATH; with
# ACCOUNTING=sampled in the environment, in groups that are sampled; exact_times
# is then for nohz_full=1
least=$1
shift
[ $# -gt 0 ] || set -- spinner storm sleeper chain threads parent shuttle \
	killed stopped exec_among_parked deleted unloaded
cg=/sys/fs/cgroup/core
groups=/sys/kernel/capgov/groups
number=0 failed=0

govctl() {
	[ "$1" != create ] || set -- "$@" ${ACCOUNTING:+--accounting $ACCOUNTING}
	command govctl "$@"
}

# start COMMAND... - in the background, in the group "web", its pid in $pid
start() {
	sh -c "echo \$\$ >$cg/cgroup.procs; exec \"\$@\"" sh \
		govctl run --group web -- "$@" >/dev/null 2>&1 &
	pid=$!
}

# look - what the cgroup has used, us, and when that was, in 5 ms; without a
# process in between, and as if nothing else had run then
look() {
	local before after tries=100
	while [ $tries -gt 0 ]; do
		read -r before _ </proc/uptime
		read -r _ used <$cg/cpu.stat
		read -r after _ </proc/uptime
		before=${before%.*}${before#*.} after=${after%.*}${after#*.}
		at=$((before + after))
		[ $((after - before)) -gt 3 ] || return 0
		tries=$((tries - 1))
	done
	echo "# too slow to look"
}

# measure [SECONDS [COMMAND...]] - what it uses in 2 s, and until COMMAND is done,
# in thousandths of a CPU, in $cpus
measure() {
	look
	local used0=$used at0=$at
	sleep "${1:-2}"
	[ $# -eq 0 ] || shift
	"$@" || return
	look
	cpus=$(((used - used0) / 5 / (at - at0)))
	echo "# $cpus"
}

# repaid - wait until it owes nothing for a stretch in which it cannot be stopped
repaid() { until_true is debt_ns -lt 2000000; }

# begun - wait until what was started has used more than the first bucket
begun() { until_true is charged_ns -gt 150000000 && repaid; }

# held CAP - in thousandths; for longer on the kernel that looks for mistakes, where
# a stretch of 60 ms may have been used but not charged yet, at either end
held() {
	local window=2
	begun || return
	[ ! -e /sys/kernel/debug/kmemleak ] || window=30
	measure $window repaid || return
	[ $cpus -le $(($1 * 102 / 100)) ] && [ $cpus -ge $(($1 * least / 100)) ]
}

# until_true COMMAND... - within some seconds
until_true() {
	local i=0
	until "$@"; do
		[ $i -lt 200 ] || { echo "# never: $*"; return 1; }
		i=$((i + 1))
		sleep 0.05
	done
}

is() {
	local value
	read -r value <"$groups/web/$1"
	[ "$value" "$2" "$3" ]
}
parked() { until_true is nr_parked -ge "${1:-1}"; }
gone() { [ ! -e "/proc/$pid" ] || state Z; }
state() {
	local line
	read -r line <"/proc/$pid/stat"
	line=${line##*) }
	[ "${line%% *}" = "$1" ]
}

capped() {
	govctl create web --cap 0.2
	start "$@"
	held 200
}

spinner() { capped spin; }

# Signals from outside, once it is ready for them, all the time.
storm() {
	local pelt result=0
	govctl create web --cap 0.2
	start hostile storm handled
	until_true grep -qx storm /proc/$pid/comm || return
	hostile pelt $pid 1000 &
	pelt=$!
	held 200 || result=1
	kill -KILL $pelt && return $result
}

sleeper() { capped hostile dodge sleep 500000; }
chain() { capped spin chain; }
threads() { capped hostile threads; }

parent() {
	govctl create up --cap 0.2
	govctl create web --parent up --cap 0.8
	start spin 2
	held 200
}

shuttle() {
	local shuttle
	govctl create web --cap 0.1
	govctl create two --cap 0.1
	start spin
	begun || return
	hostile shuttle $pid web two &
	shuttle=$!
	sleep 1
	measure
	kill -KILL $shuttle
	[ $cpus -le 204 ]
}

# kernel_times - $usr and $sys of $pid by the kernel, in 10 ms
kernel_times() {
	local line
	read -r line <"/proc/$pid/stat"
	set -- ${line##*) }
	usr=${12} sys=${13}
}

# near VALUE FROM TICKS - since it was FROM it has grown by so many 10 ms, nearly
near() {
	local value grown
	read -r value <"$groups/web/$1"
	grown=$(((value - $2) / 10000000))
	echo "# $1: $grown, the kernel says $3"
	[ $((grown - $3)) -le 2 ] && [ $((grown - $3)) -ge -2 ]
}

# Where the kernel keeps exact times, on CPU 1, they are taken, without samples:
# the error stays what it was when it got there.
exact_times() {
	local usr sys usr_from sys_from usr_ns sys_ns error_ns
	govctl create web --cap 0.4
	start taskset 2 dd if=/dev/zero of=/dev/null bs=512
	begun || return
	kernel_times
	usr_from=$usr sys_from=$sys
	read -r usr_ns <"$groups/web/usr_ns"
	read -r sys_ns <"$groups/web/sys_ns"
	read -r error_ns <"$groups/web/sys_error_ns"
	sleep 5
	kernel_times
	near usr_ns "$usr_ns" $((usr - usr_from)) &&
		near sys_ns "$sys_ns" $((sys - sys_from)) &&
		[ $((usr - usr_from)) -gt 20 ] && [ $((sys - sys_from)) -gt 20 ] &&
		is sys_error_ns -eq "$error_ns"
}

# owing THREADS - all parked for a long time
owing() {
	govctl create web
	start spin "$1"
	until_true is nr_tasks -eq "$1" && govctl set web --cap 0.002 &&
		parked "$1"
}

# indebted KIND - a debtor; it would be parked for longer than is waited here
indebted() {
	govctl create web --cap 0.001
	sh -c "echo \$\$ >$cg/cgroup.procs; exec debtor $1 web" &
	pid=$!
	until_true is debt_ns -gt 30000000
}

killed() {
	indebted spin && parked && kill -KILL $pid && until_true gone
}

stopped() {
	indebted spin && parked && kill -STOP $pid && until_true state T &&
		is nr_parked -eq 0 && kill -CONT $pid && parked
}

exec_among_parked() {
	indebted exec && parked 2 && kill -USR1 $pid &&
		until_true is nr_tasks -eq 0
}

# all_free - in 2 s every thread runs for 10 ms, without a cap; be it on one CPU, as
# nobody gives a nohz_full CPU that has nothing to do what waits for another
all_free() {
	local goals='' thread ns
	for thread in /proc/$pid/task/*/schedstat; do
		read -r ns _ <$thread
		goals="$goals $thread:$((ns + 10000000))"
	done
	measure
	[ $cpus -gt 900 ] || return
	for thread in $goals; do
		read -r ns _ <${thread%:*} && [ $ns -ge ${thread#*:} ] || return
	done
}

deleted() {
	govctl create web
	start spin 60
	until_true is nr_tasks -eq 60 && govctl set web --cap 0.01 &&
		parked 58 && govctl delete web && all_free
}

unloaded() {
	local result=0
	owing 3 && rmmod capgov || return
	all_free || result=1
	insmod /capgov.ko && return $result
}

# Nobody and nothing is left.
clean() {
	local name ok=0
	echo 1 >$cg/cgroup.kill
	wait
	for name in web up two; do
		[ ! -d $groups/$name ] || govctl delete $name || ok=1
	done
	until_true rmdir $cg 2>/dev/null || ok=1
	return $ok
}

run() {
	local result=ok
	echo "# $(cat /proc/uptime)"
	mkdir $cg
	"$1" || result="not ok"
	clean || result="not ok"
	[ "$result" = ok ] || failed=1
	number=$((number + 1))
	echo "$result $number $1"
}

echo TAP version 13
for test; do
	run "$test"
done
echo "1..$number"
exit $failed
