#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# On every kernel the module is built without a warning, loads, holds a cap by
# the kernel's own count, and goes.

bats_require_minimum_version 1.5.0

setup() { export TMPDIR=$BATS_TEST_TMPDIR; }

# held OPTION... - of tests/vm/run
held() {
	run -0 "$BATS_TEST_DIRNAME/run" --icount --cpus 2 "$@" \
		--add "$BATS_TEST_DIRNAME/spin:/spin" -- sh /spin 30
}

@test "6.1, preempt=full" { held --append preempt=full; }

@test "6.1, nohz_full=1" { held --append "nohz_full=1 rcu_nocbs=1"; }

@test "6.1-rt" { held --kernel 6.1-rt; }

@test "6.12" { held --kernel 6.12; }

@test "backports (7.x)" { held --kernel backports; }
