# SPDX-License-Identifier: GPL-2.0
# capgov: per-group CPU caps. `make help` says what there is to make.
MAKEFLAGS += --no-print-directory
TOP	:= $(CURDIR)
$(if $(word 2,$(TOP)),$(error this tree is in a path with a space: $(TOP)))
override VERSION := $(shell cat userspace/VERSION)
BUILD	:= $(TOP)/build
U	:= $(BUILD)/userspace

# The running kernel's build folder, else that of the newest installed headers;
# those of a PREEMPT_RT kernel are for who runs it, or the tests.
RUNNING	:= /lib/modules/$(shell uname -r)/build
KDIR	?= $(or $(wildcard $(RUNNING)),$(shell ls -dv \
	/usr/src/linux-headers-*-amd64 /usr/src/kernels/* 2>/dev/null | \
	grep -v -e -rt-amd64 | tail -n 1))
# Where the module is built: here, or in a copy for another kernel.
MODULE_OUT ?= $(TOP)

prefix	?= /usr/local
sbindir	?= $(prefix)/sbin
bindir	?= $(prefix)/bin
mandir	?= $(prefix)/share/man
compdir	?= $(prefix)/share/bash-completion/completions
includedir ?= $(prefix)/include
# Whatever installs what is missing; a package's build is to install nothing.
DEPS	?= tests/deps

.PHONY: all
all: module userspace man ## the module, its programs and their manual (the default)

include tests/tests.mk

# Wherever this tree is, the same bytes: what operations take depends on how memory
# is laid out.
.PHONY: module
module: | build-deps ## capgov.ko, for the kernel in KDIR
	@if [ "$(MODULE_OUT)" != "$(TOP)" ]; then \
		mkdir -p $(MODULE_OUT) && \
		cp -u --parents Kbuild userspace/VERSION $(MODULE_OUT) && \
		cp -ru kmod uapi $(MODULE_OUT); fi
	@if [ "$(CAPGOV_KUNIT)" ]; then \
		cp -u --parents tests/kunit/*.[ch] tests/unit/*.h $(MODULE_OUT); fi
	$(MAKE) -C $(KDIR) M=$(MODULE_OUT) W=1 \
		KCFLAGS="$(KCFLAGS) -ffile-prefix-map=$(MODULE_OUT)=." modules

.PHONY: userspace
userspace: | build-deps ## govctl, govload and govlab, in build/userspace
	$(MAKE) -C userspace all

.PHONY: deps
deps: ## install what is missing (Debian packages)
	@$(DEPS)

# What testing needs is nothing for a machine where the module is just used.
.PHONY: build-deps
build-deps:
	@$(DEPS) build

MAN	:= $(patsubst userspace/man/%.rst,$(BUILD)/man/%,$(wildcard userspace/man/*.rst))

.PHONY: man
man: $(MAN)

$(BUILD)/man/%: userspace/man/%.rst | build-deps
	@mkdir -p $(@D)
	rst2man $< $@

.PHONY: install
install: module install-tools ## programs, man pages, completion, header; DESTDIR, prefix

.PHONY: install-tools
install-tools: userspace man
	install -D -m 755 -t $(DESTDIR)$(sbindir) $(U)/govctl
	install -D -m 755 -t $(DESTDIR)$(bindir) $(U)/govload $(U)/govlab
	install -D -m 644 -t $(DESTDIR)$(includedir)/linux uapi/linux/capgov.h
	install -D -m 644 -t $(DESTDIR)$(compdir) userspace/completion/*
	for page in $(MAN); do \
		install -D -m 644 -t $(DESTDIR)$(mandir)/man$${page##*.} \
			$$page || exit; \
	done

.PHONY: modules_install
modules_install: module ## the module, under INSTALL_MOD_PATH or DESTDIR
	$(MAKE) -C $(KDIR) M=$(TOP) INSTALL_MOD_PATH=$(or $(INSTALL_MOD_PATH),$(DESTDIR)) modules_install

# Where DKMS looks for it.
DKMS_SOURCE := $(DESTDIR)/usr/src/capgov-$(VERSION)

.PHONY: dkms-source
dkms-source:
	mkdir -p "$(DKMS_SOURCE)"
	cp -r --parents Kbuild LICENSE kmod/*.[ch] uapi userspace/VERSION "$(DKMS_SOURCE)"
	sed 's/#MODULE_VERSION#/$(VERSION)/' userspace/dkms/dkms.conf \
		>"$(DKMS_SOURCE)/dkms.conf"

.PHONY: dkms-install
dkms-install: | deps ## the module by DKMS, for each new kernel too; with DESTDIR its source
	@[ "$(DESTDIR)" ] || userspace/dkms/forget
	@$(MAKE) dkms-source
	@[ "$(DESTDIR)" ] || dkms install --force capgov/$(VERSION)

STAGE	:= $(BUILD)/deb/capgov-$(VERSION)

.PHONY: deb
deb: | deps ## Debian packages, tools and DKMS, in build/deb
	rm -rf $(BUILD)/deb
	mkdir -p $(STAGE)
	cp -r --parents Kbuild LICENSE Makefile kmod/*.[ch] tests/tests.mk uapi \
		userspace $(STAGE)
	mv $(STAGE)/userspace/debian $(STAGE)
	printf 'capgov (%s) unstable; urgency=medium\n\n  * %s\n\n -- %s  %s\n' \
		$(VERSION) "Built from its source tree." \
		"the capgov developers <capgov@localhost>" \
		"$$(date -R -r userspace/VERSION)" >$(STAGE)/debian/changelog
	cd $(STAGE) && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		dpkg-buildpackage -b -us -uc
	@ls $(BUILD)/deb/*.deb

.PHONY: clean
clean: ## remove what was built; the cache of kernels stays
	rm -rf $(BUILD)
	[ ! -d "$(KDIR)" ] || $(MAKE) -C $(KDIR) M=$(TOP) clean

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z_-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' \
		$(MAKEFILE_LIST)
