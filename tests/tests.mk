# SPDX-License-Identifier: GPL-2.0
# What runs in virtual machines, and the checks. Part of the top-level Makefile.
VM	:= tests/vm/run
CHECKPATCH := $(firstword $(wildcard $(KDIR)/scripts/checkpatch.pl \
	/usr/src/linux-*/scripts/checkpatch.pl \
	$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/capgov/source/*/scripts/checkpatch.pl))

.PHONY: demo
demo: userspace ## the article's figure, measured in a VM; figure.json in build/demo
	@mkdir -p $(BUILD)/demo
	$(VM) --icount --timeout 1200 -- govlab figure -j \
		>$(BUILD)/demo/figure.json
	@$(U)/govlab report $(BUILD)/demo/figure.json

.PHONY: check
check: ## all tests; the last line counts them
	@tests/check

.PHONY: kunit
kunit: | deps ## the KUnit suites, in a VM with the debug kernel; prints KTAP
	@tests/kunit/run

.PHONY: fuzz
fuzz: | deps ## misuse the parsers, and the module in a VM; SECONDS=60 SEED=random
	@$(MAKE) -C tests/fuzz parsers module SECONDS=$(or $(SECONDS),60) \
		$(if $(SEED),SEED=$(SEED))

.PHONY: bench
BENCH	:= $(BUILD)/bench/bench$(KERNEL:%=-%).json
bench: userspace ## costs beside cpu.max, in a VM; KERNEL=6.1; bench.json in build/bench
	@mkdir -p $(BUILD)/bench
	$(VM) $(KERNEL:%=--kernel %) --icount --append norandmaps --mem 2048 \
		--timeout 2400 -- sh -c 'rmmod capgov && exec govlab bench -j \
		--ns-per-insn 2 --groups 10000 --module /capgov.ko' >$(BENCH)
	@$(U)/govlab report $(BENCH)

.PHONY: bench-baseline
bench-baseline: bench ## what make check compares instruction counts with
	jq -f tests/bench/baseline.jq $(BENCH) >$(BUILD)/bench/baseline.json
	cp $(BUILD)/bench/baseline.json tests/bench/

.PHONY: bench-profile
bench-profile: userspace ## where a governed system call's and a switch's instructions go
	@$(MAKE) -s -C tests/e2e $(BUILD)/tests/repeat
	@tests/bench/profile null entry_SYSCALL_64 1
	@tests/bench/profile pipe ksys_write 2

.PHONY: testprogs
testprogs: | deps
	$(MAKE) -C tests/abi
	$(MAKE) -C tests/e2e
	$(MAKE) -C tests/fuzz govfuzz

# What is the kernel's own: its macros, which programs and the header that they
# include do not have.
LINT_IGNORE := LINUX_VERSION_CODE,CONSTANT_COMPARISON,MACRO_ARG_REUSE,CAMELCASE
LINT_IGNORE := $(LINT_IGNORE),BIT_MACRO,PREFER_DEFINED_ATTRIBUTE_MACRO
.PHONY: lint
lint: | deps ## sparse, W=1 and, where kernel sources have it, checkpatch
	$(MAKE) -C $(KDIR) M=$(TOP) W=1 C=2 CF=-Wsparse-error modules
	bash -n tests/deps tests/check tests/debug.sh tests/e2e/core.sh tests/e2e/with-core \
		tests/kunit/run tests/vm/run tests/vm/*.sh tests/bench/profile*
	@if [ "$(CHECKPATCH)" ]; then \
		$(CHECKPATCH) --no-tree --strict --terse --no-summary -q \
			--ignore $(LINT_IGNORE) \
			-f $$(git ls-files '*.[ch]' ':!kmod/trace.h') && \
		$(CHECKPATCH) --no-tree --strict --terse --no-summary -q \
			--ignore OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT \
			-f kmod/trace.h; \
	else echo "lint: no checkpatch.pl: tests/vm/run --kernel debug brings it"; fi
