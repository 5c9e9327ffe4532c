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
# long that the guest complains.
vm() {
	run --separate-stderr "$run_vm" --icount --no-module "$@"
	echo "$stderr" # shown if the test fails
}

@test "output, errors and arguments come through as they are" {
	vm -- sh -c 'printf "%s|" "$@"; echo oops >&2; exit 7' _ \
		"a b" "it's" '$HOME "x" \' '' "two
lines"
	[ "$status" -eq 7 ]
	[ "$output" = "a b|it's|\$HOME \"x\" \\||two
lines|" ]
	[[ $stderr == *oops* && $stderr != *"a b|"* ]]
}

@test "a command that cannot be started or is killed" {
	run -127 "$run_vm" --icount --no-module -- no-such-command
	vm -- sh -c 'kill -9 $$'
	[ "$status" -eq 137 ]
}

@test "a complaint in the kernel's log fails whatever the command said" {
	vm -- sh -c 'echo "WARNING: made up" >/dev/kmsg'
	[ "$status" -eq 125 ]
	[[ $stderr == *"WARNING: made up"* ]]
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

@test "--add puts files and programs with their libraries into the guest" {
	echo data >"$TMPDIR/file"
	vm --add "$TMPDIR/file" --add "$(command -v xz):/bin/my-xz" -- \
		sh -c 'my-xz -c /root/file | my-xz -dc'
	[ "$status" -eq 0 ]
	[ "$output" = data ]
}

@test "a reader that has seen enough does not hold up the guest" {
	run bash -c "'$run_vm' --icount --no-module -- seq 200000 | head -n 1
		exit \${PIPESTATUS[0]}"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = 1 ]
}

@test "--host-root: programs of this machine, whose files stay as they are" {
	vm --host-root -- bash -c \
		"cat $BATS_TEST_DIRNAME/kernels/6.1 | md5sum; echo x >/usr/mark"
	[ "$status" -eq 0 ]
	[ "$output" = "$(md5sum <"$BATS_TEST_DIRNAME/kernels/6.1")" ]
	[ ! -e /usr/mark ]
}

@test "--host-root: a root of its own, with --add and the kernel's modules" {
	echo data >"$TMPDIR/file"
	vm --host-root --add "$TMPDIR/file:/opt/new/file" -- bash -c \
		'cat /opt/new/file; unshare -Ur id -u; modprobe dummy && pwd'
	[ "$status" -eq 0 ]
	[ "$output" = "data
0
$PWD" ]
}

@test "--cpus, --mem and --append reach the guest" {
	vm --cpus 3 --mem 300 --append capgov_test=1 -- sh -c \
		'nproc; awk "/MemTotal/ { print int(\$2 / 1024) < 300 }" /proc/meminfo
		grep -c capgov_test=1 /proc/cmdline'
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = "3 1 1" ]
}

@test "--icount: two runs are the same to the last instruction" {
	local first args=(-- sh -c
		'nproc; cat /proc/sys/kernel/random/uuid; md5sum /proc/timer_list')
	vm "${args[@]}"
	[ "$status" -eq 0 ]
	first=$output
	[ "${lines[0]}" = 1 ]
	vm "${args[@]}"
	[ "$output" = "$first" ]
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
