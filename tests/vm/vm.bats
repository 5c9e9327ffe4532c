#!/usr/bin/env bats
# The harness itself: what it says must be what happened in the guest.

bats_require_minimum_version 1.5.0

setup() {
	run_vm=$BATS_TEST_DIRNAME/run
	export TMPDIR=$BATS_TEST_TMPDIR
}

teardown() {
	# Whatever happened, no file and no machine is left.
	[ -z "$(find "$TMPDIR" -maxdepth 1 -name 'capgov-vm.*')" ]
}

# Counting instructions, because a busy host may keep a virtual CPU waiting so
# long that the guest complains; few of them, as waiting is nearly all there is.
vm() {
	run --separate-stderr "$run_vm" --icount --ns-per-insn 16 --no-module "$@"
	echo "$stderr" # shown if the test fails
}

@test "output, errors, arguments and --add: all come through as they are" {
	echo data >"$TMPDIR/file"
	vm --add "$TMPDIR/file" --add "$(command -v xz):/bin/my-xz" -- sh -c \
		'printf "%s|" "$@"; my-xz -c /root/file | my-xz -dc; nproc
		echo oops >&2; exit 7' _ \
		"a b" "it's" '$HOME "x" \' '' "two
lines"
	[ "$status" -eq 7 ]
	[ "$output" = "a b|it's|\$HOME \"x\" \\||two
lines|data
1" ]
	[[ $stderr == *oops* && $stderr != *"a b|"* ]]
}

@test "a command that cannot be started or is killed" {
	run -127 "$run_vm" --icount --ns-per-insn 16 --no-module -- no-such-command
	vm -- sh -c 'kill -9 $$'
	[ "$status" -eq 137 ]
}

@test "a complaint in the kernel's log fails whatever the command said" {
	vm -- sh -c 'echo "WARNING: made up" >/dev/kmsg'
	[ "$status" -eq 125 ]
	[[ $stderr == *"WARNING: made up"* ]]
}

# thinks STATUS LINE... - of a guest that has ended well, with these in its log
thinks() {
	local want=$1
	shift
	: >console >qemu.err
	printf '%s\n' 'capgov-vm: the guest is up' "$@" 'exit 0' \
		'capgov-vm: the guest is done' >verdict
	run bash -c "work=. qemu_status=0; say() { echo \"\$*\"; }
		. $BATS_TEST_DIRNAME/verdict.sh; verdict"
	echo "$output"
	[ "$status" -eq "$want" ]
}

@test "a general protection fault fails if it is the kernel's" {
	cd "$TMPDIR"
	thinks 0 'traps: a[1] general protection fault ip:45319e sp:7ffc error:0 in a[401000+a]'
	thinks 125 'general protection fault, probably for non-canonical address 0x1: 0000'
}

@test "a wait context that lockdep minds fails if capgov has a part in it" {
	local report=('BUG: Invalid wait context' 'WARNING: x' '</TASK>')
	cd "$TMPDIR"
	thinks 0 "${report[@]}"
	thinks 125 "${report[@]:0:2}" 'f+0x1/0x2 [capgov]' '</TASK>'
	[[ $output == *"Invalid wait context"* ]]
	thinks 125 "${report[@]}" 'WARNING: y'
	thinks 125 "${report[@]:0:2}" 'BUG: KASAN: x' '</TASK>'
	thinks 125 "${report[@]:0:2}" "${report[@]}"
}

@test "a name that is lost for want of memory is forgiven, what else is lost is not" {
	local name=('unreferenced object 0x1' ' sysfs_slab_add+0x1/0x2')
	local ours=('unreferenced object 0x2' ' f+0x1/0x2 [capgov]')
	cd "$TMPDIR"
	thinks 0 "${name[@]}" "${name[@]}"
	thinks 125 "${ours[@]}" "${name[@]}"
	thinks 125 "${name[@]}" "${ours[@]}"
}

@test "where the OOM killer was called is shown, other complaints meanwhile count" {
	local report=('sh invoked oom-killer' ' Call Trace:')
	cd "$TMPDIR"
	thinks 0 "${report[@]}" '</TASK>'
	thinks 125 "${report[@]}" 'WARNING: made up' '</TASK>'
	[[ $output == *"WARNING: made up"* ]]
	thinks 125 "${report[@]}" '</TASK>' ' Call Trace:'
}

@test "a panic fails and is shown" {
	vm -- sh -c 'echo c >/proc/sysrq-trigger'
	[ "$status" -eq 125 ]
	[[ $stderr == *"sysrq triggered crash"* ]]
}

@test "a guest that powers off early has no verdict, which fails" {
	vm -- busybox poweroff -f
	[ "$status" -eq 125 ]
	[[ $stderr == *"without a verdict"* ]]
}

@test "a guest that hangs is ended and its last output shown" {
	vm --timeout 20 -- sh -c \
		'echo started; echo "<1>stuck here" >/dev/kmsg; sleep 9999'
	[ "$status" -eq 124 ]
	[ "$output" = started ]
	[[ $stderr == *"time is up after 20 s"*"stuck here"* ]]
}

@test "a reader that has seen enough does not hold up the guest" {
	run bash -c "'$run_vm' --icount --ns-per-insn 16 --no-module -- seq 50000 | head -n 1
		exit \${PIPESTATUS[0]}"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = 1 ]
}

@test "--host-root: this machine's files, which stay as they are, and --add" {
	echo data >"$TMPDIR/file"
	vm --host-root --add "$TMPDIR/file:/opt/new/file" -- bash -c \
		"cat $BATS_TEST_DIRNAME/kernels/6.1 | md5sum; echo x >/usr/mark
		cat /opt/new/file; unshare -Ur id -u; modprobe dummy && pwd"
	[ "$status" -eq 0 ]
	[ "$output" = "$(md5sum <"$BATS_TEST_DIRNAME/kernels/6.1")
data
0
$PWD" ]
	[ ! -e /usr/mark ]
}

@test "--cpus, --mem, --append; two runs are the same to the last instruction" {
	local first args=(--cpus 3 --mem 300 --append capgov_test=1 -- sh -c
		'nproc; awk "/MemTotal/ { print int(\$2 / 1024) < 300 }" /proc/meminfo
		grep -c capgov_test=1 /proc/cmdline
		cat /proc/sys/kernel/random/uuid; md5sum /proc/timer_list')
	vm "${args[@]}"
	[ "$status" -eq 0 ]
	[ "${lines[*]:0:3}" = "3 1 1" ]
	first=$output
	vm "${args[@]}"
	[ "$output" = "$first" ]
}

@test "what is measured is the same wherever this tree is" {
	local top
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	run -0 "$run_vm" --icount --ns-per-insn 16 -- true
	run -1 grep -F "$top" "$top"/build/userspace/gov{ctl,load,lab} \
		"$top/build/modules/6.1/capgov.ko"
}

@test "a module that is still in use when the command ends fails the run" {
	run --separate-stderr "$run_vm" -- sh -c \
		'govctl version; sleep 1000 </dev/capgov & sleep 1'
	[ "$status" -eq 125 ]
	[[ $stderr == *"failed: rmmod"* ]]
}

@test "interrupted, it ends its guest" {
	"$run_vm" --no-module -- sh -c 'echo up; sleep 9999' \
		>"$TMPDIR/out" 2>/dev/null 3>&- &
	for _ in $(seq 300); do
		grep -q up "$TMPDIR/out" && break
		sleep 0.2
	done
	grep -q up "$TMPDIR/out"
	kill "$!"
	wait "$!" || [ $? -eq 143 ]
	! pgrep -f "$TMPDIR/capgov-vm"
}

@test "usage errors name what is wrong and start nothing" {
	local args
	for args in --frob "--ns-per-insn 3 -- true" "--cpus none -- true" \
		    "--cpus 0 -- true" --kernel "--kernel nope -- true" \
		    "--add /no/such -- true" true ""; do
		run "$run_vm" $args
		[ "$status" -eq 2 ]
		[[ $output == vm:* ]]
	done
	run "$run_vm" --help
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -le 24 ]
}
