#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# govctl with the module loaded; as root, in a virtual machine:
#	tests/vm/run --host-root -- bats tests/cli/guest.bats
bats_require_minimum_version 1.5.0

setup_file() {
	[ -e /dev/capgov ] || skip "the module is not loaded"
	[ "$(id -u)" -eq 0 ] || skip "not root"
	export PARAMETER=/sys/module/capgov/parameters/max_tasks
	MAX_TASKS=$(<$PARAMETER)
	export MAX_TASKS
}

# No background job may keep a descriptor of bats, or bats waits for it.
setup() {
	SLEEPERS=()
}

teardown() {
	local name

	for pid in "${SLEEPERS[@]}"; do
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	{ echo "$MAX_TASKS" >$PARAMETER; } 2>/dev/null || true
	for name in child g h; do
		govctl delete "$name" 2>/dev/null || true
	done
	[ ! -d /sys/fs/cgroup/capgov-test ] || rmdir /sys/fs/cgroup/capgov-test
}

# in_json JSON KEY - a number or a name in an object; jq takes a second here
in_json() {
	[[ $1 =~ \"$2\":\ *\"?([^,\"\}]*) ]] && echo "${BASH_REMATCH[1]}"
}

# field NAME KEY - a value of a group
field() {
	in_json "$(govctl show -j "$1")" "$2"
}

# sleeper - a process that does nothing, its id in $pid
sleeper() {
	sleep 600 3>&- &
	pid=$!
	SLEEPERS+=("$pid")
}

# nobody COMMAND... - with no privilege
nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
}

# fails STATUS OBJECT ARGUMENT... - with this status, naming the object
fails() {
	local -; set +T
	refused "$@"
}
refused() {
	local expected=$1 object=$2

	shift 2
	run --separate-stderr govctl "$@"
	[ "$status" -eq "$expected" ] || {
		echo "govctl $*: $status, $stderr"
		return 1
	}
	[ -z "$output" ]
	[[ ${stderr_lines[0]} == "govctl: $object: "* ]]
	run --separate-stderr govctl -j "$@"
	[ "$status" -eq "$expected" ]
	[ "$(in_json "$output" object)" = "$object" ]
	[ "$(in_json "$output" status)" = "$expected" ]
}

# eventually COMMAND... - within five seconds
eventually() {
	for _ in {1..50}; do
		! "$@" || return 0
		sleep 0.1
	done
	return 1
}

no_groups() {
	[ "$(govctl list -j)" = "[]" ]
}

@test "create: what is given, and the defaults of the rest" {
	run govctl create g
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(govctl show -j g | jq -c '[.parent, .policy, .quota_us, .cap_cpus,
		.period_us, .burst_us, .sys_weight_permille, .accounting,
		.nr_tasks, .auto, .wait_hist]')" = \
		'[null,"total","max",null,100000,0,1000,"exact",0,false,[]]' ]
	govctl create h --cap 150% --period 20ms --burst 5ms --parent g \
		--policy weighted --sys-weight 300
	[ "$(govctl show -j h | jq -c '[.parent, .policy, .quota_us, .cap_cpus,
		.period_us, .burst_us, .sys_weight_permille]')" = \
		'["g","weighted",30000,1.5,20000,5000,300]' ]
	govctl delete h
	[ "$(in_json "$(govctl create -j h --sys-weight 7)" name)" = h ]
	[ "$(field h policy)" = weighted ]
}

@test "show has every promised field" {
	govctl create g --cap 0.5
	run bash -c 'govctl show g -p | jq -r --args \
		". as \$group | \$ARGS.positional[] | select(in(\$group) | not)" "$@"' \
		bash name id parent policy quota_us period_us burst_us \
		sys_weight_permille accounting nr_tasks nr_parked usr_ns sys_ns \
		charged_ns exempt_ns denied_ns forgiven_ns debt_ns nr_throttled \
		max_stall_ns cap_cpus nr_joining auto wait_hist sys_error_ns
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run govctl show g
	[ "$status" -eq 0 ]
	[[ $output == *CAP*0.5* ]]
}

@test "set changes what is given and nothing else" {
	govctl create g --cap 0.5 --burst 1ms
	govctl set g --cap 0.25
	[ "$(field g quota_us)" = 25000 ]
	govctl set g --period 10ms
	[ "$(field g quota_us)" = 2500 ]
	govctl set g --cap 1.5
	[ "$(field g quota_us)" = 15000 ]
	[ "$(field g burst_us)" = 1000 ]
	govctl set g --cap max --policy exempt
	[ "$(field g quota_us)" = max ]
	[ "$(field g sys_weight_permille)" = 0 ]
	govctl create h
	govctl set h --parent g
	[ "$(field h parent)" = g ]
	govctl set h --parent ''
	[ "$(field h parent)" = null ]
}

@test "list and stat: every group, in the order they were made" {
	govctl create g --cap 0.5
	govctl create child --parent g
	[ "$(govctl list -j | jq -c 'map(.name)')" = '["g","child"]' ]
	[ "$(govctl stat -j | jq -c 'map(.name)')" = '["g","child"]' ]
	[ "$(govctl stat -j child | jq -c 'map(.usr_ns)')" = '[0]' ]
	run govctl list
	[[ ${lines[0]} == NAME*PARENT*POLICY*CAP* ]]
	[[ ${lines[1]} == g*0.5* ]]
	[ "${#lines[@]}" -eq 3 ]
}

@test "what is refused has its status and changes nothing" {
	govctl create g --cap 0.5
	govctl create child --parent g
	before=$(govctl list -j)
	fails 1 g create g
	fails 4 none create h --parent none
	fails 6 h create h --policy bogus
	fails 1 h create h --policy total --sys-weight 300
	fails 4 none set none --cap 1
	fails 4 none set g --parent none
	fails 1 g set g --parent child
	fails 1 g set g --sys-weight 300
	fails 1 g set g --policy weighted --sys-weight 300 --accounting sampled
	[[ $output == *"accounting is another"* ]]
	govctl create h --cap 0.05
	fails 1 h set h --period 1ms
	[[ $output == *"less than 100 us in a period of 1000 us"* ]]
	govctl delete h
	fails 6 g set g --cap 0.1 --policy bogus
	fails 4 none show none
	fails 4 none stat g none
	fails 4 none delete none
	fails 1 g delete g
	fails 4 none attach none --pid $$
	fails 4 4000000 attach g --pid 4000000
	fails 4 4000000 detach --pid 4000000
	fails 4 $$ detach --pid $$
	fails 6 2 attach g --pid 2
	fails 4 none run --group none -- true
	fails 4 no-such attach g --cgroup no-such
	fails 4 cgroup.procs attach g --cgroup cgroup.procs
	fails 1 ../../../etc attach g --cgroup ../../../etc
	[ "$(govctl list -j)" = "$before" ]
}

@test "all of a tree are accounted for in one way" {
	[ "$(govctl features -j | jq '.[] | select(.name == "sampled").supported')" \
		= true ]
	govctl create g --accounting sampled
	govctl create h --parent g
	[ "$(field h accounting)" = sampled ]
	fails 1 h set h --accounting exact
	fails 1 g set g --accounting exact
	fails 1 g create i --parent g --accounting exact
	govctl create i
	fails 1 g set i --parent g
	govctl set i --parent g --accounting sampled
	govctl delete h i
	govctl set g --accounting exact
	[ "$(field g accounting)" = exact ]
}

@test "delete tries all and says what failed" {
	govctl create g
	govctl create h
	run --separate-stderr govctl delete none g bogus h
	[ "$status" -eq 4 ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	no_groups
	govctl create g
	run govctl delete -j none g bogus
	[ "$(jq -r '.object, .more[].object' <<<"$output" | xargs)" = \
		"none bogus" ]
	no_groups
}

@test "attach and detach processes" {
	govctl create g
	sleeper
	first=$pid
	sleeper
	[ "$(in_json "$(govctl attach -j g --pid "$first" "$pid")" nr_tasks)" = 2 ]
	[ "$(field g nr_tasks)" = 2 ]
	[ "$(in_json "$(govctl attach -j g --pid "$first")" nr_tasks)" = 0 ]
	govctl detach --pid "$first"
	[ "$(field g nr_tasks)" = 1 ]
	run govctl attach g --pid "$first" 4000000
	[ "$status" -eq 4 ]
	[ "$(field g nr_tasks)" = 2 ]
	govctl create h
	govctl attach h --pid "$pid"
	[ "$(field g nr_tasks) $(field h nr_tasks)" = "1 1" ]
	[ "$(in_json "$(govctl release-all -j)" nr_tasks)" = 2 ]
	[ "$(field g nr_tasks) $(field h nr_tasks)" = "0 0" ]
}

@test "a process is attached with its threads, a thread alone" {
	govctl create g
	python3 -c 'import threading, time
for i in range(3): threading.Thread(target=time.sleep, args=(600,)).start()' \
		3>&- &
	pid=$!
	SLEEPERS+=("$pid")
	eventually four_threads "$pid"
	thread=$(ls "/proc/$pid/task" | sort -n | tail -n 1)
	govctl attach g --pid "$thread"
	[ "$(field g nr_tasks)" = 1 ]
	govctl attach g --pid "$pid"
	[ "$(field g nr_tasks)" = 4 ]
	govctl detach --pid "$thread"
	[ "$(field g nr_tasks)" = 3 ]
	govctl detach --pid "$pid"
	[ "$(field g nr_tasks)" = 0 ]
}

four_threads() {
	[ "$(ls "/proc/$1/task" | wc -l)" -eq 4 ]
}

@test "attach and detach a cgroup and those below it" {
	mkdir -p /sys/fs/cgroup/capgov-test/below 2>/dev/null &&
		[ -e /sys/fs/cgroup/capgov-test/cgroup.procs ] ||
		skip "no cgroup v2 here"
	govctl create g
	sleeper
	first=$pid
	sleeper
	echo "$first" > /sys/fs/cgroup/capgov-test/cgroup.procs
	echo "$pid" > /sys/fs/cgroup/capgov-test/below/cgroup.procs
	echo $first > /sys/fs/cgroup/cgroup.procs
	fails 4 h attach h --cgroup capgov-test
	echo "$first" > /sys/fs/cgroup/capgov-test/cgroup.procs
	for path in capgov-test /capgov-test /sys/fs/cgroup/capgov-test/; do
		govctl attach g --cgroup "$path"
		[ "$(field g nr_tasks)" = 2 ]
		govctl detach --cgroup "$path"
		[ "$(field g nr_tasks)" = 0 ]
	done
	kill -9 "$first" "$pid"
	eventually rmdir /sys/fs/cgroup/capgov-test/below
	fails 4 h attach h --cgroup capgov-test
}

@test "run: the command is in the group before it starts" {
	run govctl run --cap 0.5 -- sh -c 'govctl list -j; echo $$'
	[ "$status" -eq 0 ]
	[ "$(jq -r '.[] | .name, .nr_tasks, .cap_cpus, .auto' <<<"${lines[0]}" |
		xargs)" = "run-${lines[1]} 2 0.5 true" ]
	eventually no_groups
}

@test "run passes exit status, environment and standard streams on" {
	for code in 0 1 2 3 42 126 127 255; do
		run "-$code" govctl run -- sh -c "exit $code"
	done
	run bash -c 'echo in | X=y govctl run -- sh -c "cat; echo \$X; echo e >&2"'
	[ "$output" = "in
y
e" ]
	eventually no_groups
}

@test "run: 127 and 126, and no group stays" {
	run -127 --separate-stderr govctl run -- no-such-command
	[ "$stderr" = "govctl: no-such-command: command not found" ]
	run -126 --separate-stderr govctl run -- /etc/passwd
	[ "$stderr" = "govctl: /etc/passwd: Permission denied" ]
	run -127 govctl -j run -- no-such-command
	[ "$(in_json "$output" status)" = 127 ]
	eventually no_groups
}

@test "run: a signal is the command's own; killed, no group stays" {
	for signal in TERM INT HUP KILL; do
		run bash -c "govctl run -- sh -c 'kill -$signal \$\$'"
		[ "$status" -eq $((128 + $(kill -l "$signal"))) ]
	done
	eventually no_groups
	govctl run --cap 0.1 -- sh -c 'while :; do :; done' 3>&- &
	pid=$!
	SLEEPERS+=("$pid")
	eventually parked "run-$pid"
	kill -9 "$pid"
	eventually no_groups
}

parked() {
	[ "$(field "$1" nr_throttled)" -gt 0 ] 2>/dev/null
}

@test "run: the group lives as long as its last process" {
	govctl run -- sh -c 'sleep 600 3>&- >/dev/null & echo $!' > "$BATS_TEST_TMPDIR/pid"
	pid=$(cat "$BATS_TEST_TMPDIR/pid")
	[ "$(govctl list -j | jq length)" = 1 ]
	kill -9 "$pid"
	eventually no_groups
}

@test "run --group joins one that stays" {
	govctl create g --cap 0.5
	run govctl run --group g -- sh -c 'govctl show -j g'
	[ "$(in_json "$output" nr_tasks)" = 2 ]
	eventually empty g
}

empty() {
	[ "$(field "$1" nr_tasks)" = 0 ]
}

both_parked() {
	[ "$(field g nr_parked)" = 2 ]
}

@test "run: parked before its command starts, it does not hold the module" {
	govctl create g --cap 0.001
	for _ in 1 2; do
		govctl run --group g -- sh -c 'while :; do :; done' 3>&- &
		SLEEPERS+=($!)
	done
	eventually both_parked
	! ls -l /proc/[0-9]*/fd 2>/dev/null | grep /dev/capgov
}

@test "run: no process for it, or that one killed: no command, no group" {
	echo +pids > /sys/fs/cgroup/cgroup.subtree_control
	mkdir /sys/fs/cgroup/capgov-test
	echo 1 > /sys/fs/cgroup/capgov-test/pids.max
	run -1 --separate-stderr bash -c '
		echo $$ > /sys/fs/cgroup/capgov-test/cgroup.procs
		exec govctl run -- echo started'
	[ -z "$output" ]
	[[ $stderr =~ ^"govctl: run-"[0-9]+": Resource temporarily unavailable"$ ]]
	eventually no_groups
	govctl create g
	run -1 --separate-stderr strace -f -o /dev/null \
		-e inject=ioctl:signal=KILL govctl run --group g -- echo started
	[ -z "$output" ]
	[ "$stderr" = "govctl: g: interrupted" ]
	eventually empty g
}

@test "run: its children may be in another namespace of pids" {
	run -0 unshare -p govctl run -- sh -c 'govctl list -j; :'
	[ "$(in_json "${output#[}" nr_tasks)" = 2 ]
	eventually no_groups
}

@test "run: children's ends may be ignored, as before" {
	run -3 bash -c 'trap "" CHLD; exec govctl run -- sh -c "exit 3"'
	run -0 bash -c 'trap "" CHLD
		exec govctl run -- sed -n "s/^SigIgn:.*\(.\)....$/\1/p" /proc/self/status'
	[ "$output" = 1 ]
}

@test "run holds a cap and inherits it to children" {
	json=$(govctl run --cap 0.2 -- sh -c 'timeout 3 sh -c "while :; do :; done"
		govctl stat -j')
	[ "$(jq '.[0].nr_throttled > 0' <<<"$json")" = true ]
	used=$(jq '.[0] | (.usr_ns + .sys_ns) / 1e9' <<<"$json")
	[ "$(jq -n "$used > 0.4 and $used < 0.9")" = true ]
}

@test "somebody without privilege can look and nothing else" {
	govctl create g --cap 0.5
	sleeper
	before=$(govctl list -j)
	nobody govctl list -j | jq -e '.[0].name == "g"'
	nobody govctl show -j g | jq -e '.cap_cpus == 0.5'
	for command in stat policies features version; do
		nobody govctl "$command"
	done
	run bash -c ': 3<> /dev/capgov'
	[ "$status" -eq 0 ]
	run nobody bash -c ': 3<> /dev/capgov'
	[ "$status" -ne 0 ]
	for arguments in "create h" "set g --cap 1" "delete g" \
		"attach g --pid $pid" "detach --pid $pid" "release-all" \
		"run -- true" "run --group g -- true"; do
		# shellcheck disable=SC2086
		run nobody govctl $arguments
		[ "$status" -eq 5 ]
		# shellcheck disable=SC2086
		run nobody govctl -j $arguments
		[ "$(in_json "$output" status)" = 5 ]
	done
	# Root without the capability opens the device, and is refused then.
	run setpriv --bounding-set -sys_admin --inh-caps -sys_admin -- \
		govctl set g --cap 1
	[ "$status" -eq 5 ]
	[ "$(govctl list -j)" = "$before" ]
}

@test "policies and features" {
	[ "$(govctl policies -j | jq -c 'map(.name)')" = \
		'["none","total","container","exempt","weighted"]' ] ||
		[ "$(govctl policies -j | jq 'length > 5')" = true ]
	[ "$(govctl policies -j | jq -r '.[] | select(.weight_settable).name')" = \
		weighted ]
	[ "$(govctl features -j | jq '.[] | select(.name == "exact").supported')" \
		= true ]
}

@test "doctor and version know the module" {
	run govctl doctor -j
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
	[ "$(jq -r 'map(select(.check | IN("module", "version", "permission")))
		| map(.result) | join(" ")' <<<"$output")" = "ok ok ok" ]
	run -0 setpriv --bounding-set -sys_admin govctl doctor
	[[ $output == *"you can look only"* ]]
	[ "$(govctl version -j | jq '.govctl == .module')" = true ]
	run govctl version
	[[ $output != *"not loaded"* ]]
}

@test "attach: more tasks than a group may have" {
	govctl create g
	sleeper
	govctl attach g --pid "$pid"
	sleeper
	echo 1 >$PARAMETER
	run -1 --separate-stderr govctl attach g --pid "$pid"
	[ "$stderr" = "govctl: g: there are too many groups, or tasks in this one
  $PARAMETER is the limit of tasks" ]
	run -1 --separate-stderr govctl run --group g -- true
	[[ $stderr == "govctl: g: "*"$PARAMETER"* ]]
	echo "$MAX_TASKS" >$PARAMETER
	govctl attach g --pid "$pid"
}

@test "govlab bench: refused while there are groups" {
	govctl create g
	run -1 --separate-stderr govlab bench --module /capgov.ko
	[ "$stderr" = \
		"govlab: capgov: not unloaded while it has groups (1): see govctl list" ]
	[ "$(field g nr_tasks)" = 0 ]
}

@test "govlab bench, interrupted: the module is as it was" {
	echo 777 >$PARAMETER
	run -130 timeout --preserve-status -s INT 2 \
		govlab bench --module /capgov.ko
	[ "$(<$PARAMETER)" = 777 ]
}

# Here, where nobody disturbs it while it calibrates itself.
@test "govload: work done is what the kernel says it took" {
	govload --duration 1s --warmup 50ms -j >"$BATS_TEST_TMPDIR/result"
	run jq -c '[(.usr_cpus + .sys_cpus) / .cpu_cpus,
		.rusage_cpus / .cpu_cpus,
		(.rusage_usr_cpus + .rusage_sys_cpus) / .rusage_cpus, .cpu_cpus]' \
		"$BATS_TEST_TMPDIR/result"
	echo "$output"
	jq -e 'all(.[:3][]; . - 1 | fabs < 0.03) and .[3] <= 1.01' <<<"$output"
}
