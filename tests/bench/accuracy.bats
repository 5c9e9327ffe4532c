#!/usr/bin/env bats
# Caps are held, by the kernel's own accounting, once the first bucket is spent.

setup() { cd "$BATS_TEST_DIRNAME/../.."; }

# Every row's error as a comment, and the experiment's own verdict.
experiment() {
	run tests/vm/run --icount --ns-per-insn 8 --timeout 1500 "$@"
	echo "$output" | sed 's/^/# /'
	[ "$status" -eq 0 ]
}

@test "caps 0.05 to 0.95, w=1 and w=0, three workloads: within 0.2%" {
	experiment -- govlab accuracy
}

@test "8 threads on 2 CPUs, 0.5 and 1.5: within 2%, max/min at most 1.2" {
	experiment --cpus 2 -- govlab threads
}
