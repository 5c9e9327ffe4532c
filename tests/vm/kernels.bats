#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# On every kernel the module is built without a warning, loads, does what the
# core of the end-to-end tests wants, and goes; the article's figure is the same.

bats_require_minimum_version 1.5.0

setup_file() { make -s -C "$BATS_TEST_DIRNAME/../.." userspace testprogs; }

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	export TMPDIR=$BATS_TEST_TMPDIR
}

# core OPTION... - of tests/vm/run
core() {
	run tests/e2e/with-core --icount --ns-per-insn 8 --cpus 2 --timeout 900 \
		"$@" -- env ACCOUNTING="${ACCOUNTING-}" sh /core.sh 90 ${TESTS-}
	echo "$output"
	[ "$status" -eq 0 ]
}

# figure OPTION... - every row within 0.02 CPU of the formula
figure() {
	run --separate-stderr tests/vm/run --icount --ns-per-insn 4 \
		--timeout 1200 "$@" -- \
		govlab figure --json --window 2
	[ "$status" -eq 0 ] || { echo "$stderr"; return 1; }
	run build/userspace/govlab report - <<<"$output"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = \
		"9 of 9 rows are within 0.02 CPU of what the formula says" ]
}

@test "6.1, sampled" { ACCOUNTING=sampled core; }

@test "6.1, preempt=full" { core --append preempt=full; }

@test "6.1, nohz_full=1" { core --append "nohz_full=1 rcu_nocbs=1"; }

@test "6.1, nohz_full=1, sampled: by the kernel's own times" {
	ACCOUNTING=sampled TESTS="exact_times spinner threads" \
		core --append "nohz_full=1 rcu_nocbs=1"
}

@test "6.1, where task_work_add is not exported" {
	CAPGOV_NO_TASK_WORK=1 core
	run -0 nm -u build/modules/6.1-no-task-work/capgov.ko
	[[ $output == *register_kprobe* && $output != *task_work_add* ]]
}

@test "6.1-rt" { core --kernel 6.1-rt; }

@test "6.1-rt: the figure" { figure --kernel 6.1-rt; }

@test "6.12" { core --kernel 6.12; }

@test "6.12: the figure" { figure --kernel 6.12; }

@test "backports (7.x)" { core --kernel backports; }

@test "backports (7.x): the figure" { figure --kernel backports; }
