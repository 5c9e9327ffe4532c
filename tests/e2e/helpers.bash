# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What the end-to-end tests share. They are meant for a guest that counts
# instructions (--icount), whose time does not depend on its host. The judge is
# the kernel: cpu.stat of a cgroup without a limit in which everything that is
# measured runs, or schedstat of a thread.
bats_require_minimum_version 1.5.0

PATH=$BATS_TEST_DIRNAME/../../build/tests:$PATH
cg=/sys/fs/cgroup/e2e
capgov=/sys/kernel/capgov
spin='while :; do :; done'
# A real-time task that keeps a CPU; on PREEMPT_RT not for ever, as the thread of
# that CPU's timers has the same priority.
real_time="chrt -f 1"
[[ $(</proc/version) != *PREEMPT_RT* ]] || real_time="chrt -r 1"

# The kernel that looks for mistakes takes ten times as long for everything. A
# single stretch in it weighs more: rates are measured for longer. To be stopped
# and let go takes all of a slice of a very small cap. And where the kernel keeps
# a CPU for longer than a bucket takes to fill, some of what a cap allows is lost.
slow=1 longer=1 small=0.002 lost=0
[ ! -e /sys/kernel/debug/kmemleak ] ||
	slow=10 longer=4 small=0.02 lost=0.15

# Bats notes each command's place before it is run, for its report of a failure.
# That takes longer than most commands do, here a million instructions: what is
# done often, "local -; set +T" keeps from it.
setup() {
	local -; set +T
	[ -c /dev/capgov ] || skip "the module is not loaded here"
	prepare
}
prepare() {
	mkdir -p "$cg"
	cd "$BATS_TEST_TMPDIR" || return
	mkfifo nothing
	exec {nothing}<>nothing
	others=()
}

# nap SECONDS - to sleep, without a process for it
nap() { read -rt "$1" -u "$nothing" || :; }

# Whatever a test leaves is gone after it, and nobody is left stopped.
teardown() {
	local -; set +T
	tidy
}
tidy() {
	[ ${#others[@]} -eq 0 ] || kill -KILL "${others[@]}" 2>/dev/null || :
	echo 0 >"$cg/cgroup.freeze"
	echo 1 >"$cg/cgroup.kill"
	until_true 10 empty "$cg/cgroup.procs"
	# Threads may be there for longer than their process.
	until_true 10 rmdir "$cg" 2>/dev/null
	[ -c /dev/capgov ] || insmod /capgov.ko
	until_true 10 no_group
	until_true 10 no_task
}

# What is asked over and over is asked without a process: one that is started
# costs more than the rest of a test.
empty() { ! read -r _ <"$1"; }
no_task() { reads "$capgov/nr_tasks" -eq 0; }
# reads FILE OPERATOR NUMBER - of the number in it, if there is one
reads() {
	local number
	read -r number <"$1" && [ "$number" "$2" "$3" ]
}
# A parent goes after its children.
no_group() {
	local names
	names=$(ls "$capgov/groups")
	[ -z "$names" ] || { govctl delete $names 2>/dev/null && no_group; }
}

# In a file that says so, or with ACCOUNTING in the environment, by samples.
govctl() {
	[ "$1" != create ] || set -- "$@" ${ACCOUNTING:+--accounting $ACCOUNTING}
	command govctl "$@"
}

# judged COMMAND... - in the background, in the cgroup, its pid in $pid
judged() {
	read -r _ base_us <"$cg/cpu.stat"
	sh -c "echo \$\$ >$cg/cgroup.procs; exec \"\$@\"" sh "$@" \
		</dev/null >/dev/null 2>&1 3>&- &
	pid=$!
}

# beside COMMAND... - in the background, not judged, its pid in $!
beside() {
	"$@" </dev/null >/dev/null 2>&1 3>&- &
	others+=($!)
}

# start GOVCTL_RUN_OPTION... -- COMMAND... - likewise, in a group
start() { judged govctl run "$@"; }

# holds EXPRESSION - of awk
holds() { awk "BEGIN { exit !($1) }" || { echo "not so: $1"; return 1; }; }

# near IS SHALL TOLERANCE
near() { holds "$1 > $2 - $3 && $1 < $2 + $3"; }

# until_true SECONDS COMMAND... - within that time, or more on a slow kernel
until_true() {
	local -; set +T
	poll "$@"
}
poll() {
	local end=$((SECONDS + $1 * slow))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || { echo "never: $*"; return 1; }
		nap 0.02
	done
}

# read_used [TID] - what the cgroup, or a thread, has used, and when that was:
# $used_us at $at_us, without a process in between
read_used() {
	if [ $# -eq 0 ]; then
		read -r _ used_us <"$cg/cpu.stat"
	else
		read -r used_us _ <"/proc/$1/task/$1/schedstat"
		used_us=$((used_us / 1000))
	fi
	at_us=${EPOCHREALTIME/./}
}

# cpus SECONDS [TID] - what it uses in that time, in CPUs
cpus() {
	local -; set +T
	used_in "$@"
}
used_in() {
	local from_us from_at_us used_us at_us i
	read_used $2
	from_us=$used_us from_at_us=$at_us
	for ((i = 0; i < longer; i++)); do
		nap "$1"
	done
	read_used $2
	awk "BEGIN { print ($used_us - $from_us) / ($at_us - $from_at_us) }"
}

# all_run PID - each of its threads, be it on one CPU: PREEMPT_RT may leave two
# together for seconds while another CPU has nothing to do
all_run() {
	local thread
	for thread in "/proc/$1/task"/*; do
		holds "$(cpus 0.5 "${thread##*/}") > 0.1" || return
	done
}

# begun - wait until what was last started in a group has used more than the first
# bucket, and nothing is owed for its start: that may take long, since its file is
# the host's, and is spent in the kernel, where nobody is stopped. What govctl uses
# until it is in its group is nobody's.
begun() { until_true 60 has_begun; }
has_begun() {
	local used_us at_us debt
	read_used
	! no_task || { base_us=$used_us; return 1; }
	[ $((used_us - base_us)) -gt 150000 ] || return
	for debt in "$capgov"/groups/*/debt_ns; do
		[ -e "$debt" ] && reads "$debt" -lt 2000000 || return
	done
}

# held_at CAP [TID] - at most 0.02 CPU above it, and not much below
held_at() {
	local used
	begun
	used=$(cpus 2 $2)
	holds "$used <= $1 + 0.02 && $used >= $1 * (1 - $lost) - 0.02"
}

# capped COMMAND... - at 0.4 under "total", once the first bucket is spent
capped() {
	govctl create web --cap 0.4
	start --group web -- "$@"
	held
}

# held - at 0.4
held() {
	local used
	begun
	used=$(cpus 3)
	echo "# $used" >&2
	holds "$used >= 0.4 * (0.98 - $lost) && $used <= 0.4 * 1.02"
}

# pelt HZ - so many signals for what was started last, from outside
pelt() {
	until_true 20 grep -qx storm "/proc/$pid/comm"
	beside hostile pelt "$pid" $(($1 / slow))
}

# pelted handled|ignored HZ - held in "web" while that goes on
pelted() {
	start --group web -- hostile storm "$1"
	pelt "$2"
	held
	kill -KILL "${others[-1]}"
	kill -KILL "$pid"
}

# value GROUP NAME - from sysfs
value() {
	local value
	read -r value <"$capgov/groups/$1/$2"
	echo "$value"
}

# is GROUP NAME OPERATOR NUMBER - of a value
is() { reads "$capgov/groups/$1/$2" "$3" "$4"; }

# parked GROUP [NUMBER] - wait until so many are
parked() { until_true 20 is "$1" nr_parked -ge "${2:-1}"; }

# frozen 1|0 - so that nothing of what is judged runs while it is looked at
frozen() {
	echo "$1" >"$cg/cgroup.freeze"
	until_true 5 is_frozen "$1"
}
is_frozen() { [[ $(<"$cg/cgroup.events") == *"frozen $1"* ]]; }

# counts_as_kernel GROUP COMMAND... - meanwhile the group's USR + SYS grows as
# what the kernel counts, to 2%
counts_as_kernel() {
	local group=$1 used_us at_us from_us counted
	shift
	frozen 1
	read_used
	from_us=$used_us
	counted=$(($(value "$group" usr_ns) + $(value "$group" sys_ns)))
	frozen 0
	"$@"
	frozen 1
	read_used
	counted=$(($(value "$group" usr_ns) + $(value "$group" sys_ns) - counted))
	frozen 0
	near "$counted / 1000 / ($used_us - $from_us)" 1 0.02
}

# state PID LETTERS - wait until it is in one of these states. A parked task is
# in S, or in I while a signal is pending that has to wait.
state() { until_true 10 state_is "$@"; }
state_is() {
	local line
	read -r line <"/proc/$1/stat" || return
	line=${line##*) }
	[[ $2 == *"${line::1}"* ]]
}

# Bash may be in no hurry to bury it.
gone() { [ ! -e "/proc/$1" ] || state_is "$1" ZX; }

# parked_many [NUMBER] - in "web", 2,000 of them, on a slow kernel fewer; with a
# small cap from the start they would start slowly
parked_many() {
	local nr=$((${1:-2000} / slow))
	govctl create web
	start --group web -- spin $nr
	# Among so many who are runnable the test would wait for seconds.
	chrt -f -p 1 $BASHPID
	until_true 60 is web nr_tasks -eq $nr
	govctl set web --cap 0.02
	until_true 120 is web nr_parked -ge $((nr - 10))
}

# parked_fat - in "web", for long, with more than 150 MB, which its cgroup may limit
parked_fat() {
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	govctl create web --cap $small
	judged debtor fat web
	until_true 20 is_fat
	parked web
	is web debt_ns -ge $((30000000 * slow))
}
is_fat() { reads "$cg/memory.current" -gt 150000000; }
