# SPDX-License-Identifier: GPL-2.0
# What the end-to-end tests share. The judge is cpu.stat of a cgroup without a
# limit, in which everything that is measured runs.

cg=/sys/fs/cgroup/e2e

setup() {
	mkdir -p "$cg"
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	echo 0 >"$cg/cgroup.freeze"
	echo 1 >"$cg/cgroup.kill"
	while [ -s "$cg/cgroup.procs" ]; do sleep 0.05; done
	rmdir "$cg"
	[ -z "$(govctl list -j | jq -r '.[].name')" ] ||
		govctl delete $(govctl list -j | jq -r '.[].name' | tac)
}

# Start a command in the background, judged, after the words before --.
judged() {
	"$@" </dev/null >/dev/null 2>&1 3>&- &
	pid=$!
}
in_cg() { echo "echo \$\$ >$cg/cgroup.procs; exec \"\$@\""; }

# start GOVCTL-RUN-OPTIONS... -- COMMAND...: capped from its first instruction.
start() {
	local options=()
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	shift
	judged govctl run "${options[@]}" -- sh -c "$(in_cg)" sh "$@"
}

stat_us() { awk -v key="$1" '$1 == key { print $2 }' "$cg/cpu.stat"; }

# cpus SECONDS: what runs in the cgroup uses, in CPUs: the median of three such
# windows, because a virtual CPU may be kept waiting by its host in one.
cpus() {
	local used at
	for _ in 1 2 3; do
		used=$(stat_us usage_usec) at=${EPOCHREALTIME/./}
		sleep "$1"
		used=$(($(stat_us usage_usec) - used))
		echo "$used $((${EPOCHREALTIME/./} - at))"
	done | awk '{ print $1 / $2 }' | sort -n | sed -n 2p
}

holds() { awk "BEGIN { exit !($1) }" || { echo "not so: $1"; return 1; }; }

# held_at CAP: never above it; below only while the host keeps the guest waiting,
# so that is measured again.
held_at() {
	local used
	for _ in 1 2 3 4; do
		used=$(cpus 3)
		holds "$used < $1 + 0.02" || return
		holds "$used > $1 - 0.02" && return
	done
	return 1
}

near() { holds "$1 > $2 - $3 && $1 < $2 + $3"; }

field() { govctl show "$1" -j | jq ".$2"; }

# until_true SECONDS COMMAND...: within that time.
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || { echo "never: $*"; return 1; }
		sleep 0.05
	done
}
