#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What make installs and packages, and that it is complete.
bats_require_minimum_version 1.5.0

setup_file() {
	export COPY=$BATS_FILE_TMPDIR/copy
	mkdir "$COPY"
	tar -C "$BATS_TEST_DIRNAME/../.." --exclude=./build --exclude=./.git \
		--exclude='*.o' --exclude='*.ko' -cf - . | tar -C "$COPY" -xf -
	VERSION=$(cat "$COPY/userspace/VERSION")
	export VERSION
}

setup() { D=$BATS_TEST_TMPDIR/root; }

# Make in the copy; what it says only matters if it fails.
make_there() {
	make -s -C "$COPY" "$@" >"$BATS_TEST_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_TEST_TMPDIR/log"; return 1; }
}

files() { (cd "$1" && find . -type f | sort); }

# tools PREFIX MAN - what the tools are, below PREFIX, pages ending in MAN
tools() {
	sort <<-END
	.$1/sbin/govctl
	.$1/bin/govload
	.$1/bin/govlab
	.$1/include/linux/capgov.h
	.$1/share/bash-completion/completions/govctl
	.$1/share/bash-completion/completions/govload
	.$1/share/bash-completion/completions/govlab
	.$1/share/man/man1/govload.1$2
	.$1/share/man/man1/govlab.1$2
	.$1/share/man/man4/capgov.4$2
	.$1/share/man/man8/govctl.8$2
	END
}

# builds SOURCE - as DKMS does, by its own words, and gives back the module
builds() {
	local dkms_tree=$BATS_TEST_TMPDIR/dkms module=capgov module_version=$VERSION
	local kernel_source_dir
	kernel_source_dir=$(ls -dv /usr/src/linux-headers-*-amd64 | grep -v -e -rt- |
		head -n 1)
	mkdir -p "$dkms_tree/$module/$module_version"
	cp -r "$1" "$dkms_tree/$module/$module_version/build"
	# shellcheck source=/dev/null
	. "$1/dkms.conf"
	[ "$PACKAGE_NAME $PACKAGE_VERSION" = "$module $VERSION" ]
	bash -c "${MAKE[0]}" >"$BATS_TEST_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_TEST_TMPDIR/log"; return 1; }
	BUILT=$dkms_tree/$module/$module_version/build/${BUILT_MODULE_NAME[0]}.ko
	[ "$(modinfo -F version "$BUILT")" = "$VERSION" ]
	[ "$(modinfo -F vermagic "$BUILT" | cut -d ' ' -f 1)" = \
		"${kernel_source_dir#*headers-}" ]
}

@test "without apt-get building goes on with what there is, testing does not" {
	run -0 env PATH=/nowhere /bin/bash "$COPY/tests/deps" build
	[[ $output == *"install by hand"*libsmartcols-dev* && $output != *qemu* ]]
	run -1 env PATH=/nowhere /bin/bash "$COPY/tests/deps"
	[[ $output == *qemu-system-x86* ]]
}

@test "make install: the tools, below DESTDIR and prefix, and nothing else" {
	make_there DESTDIR="$D" prefix=/opt/x install
	diff <(files "$D") <(tools /opt/x "")
	[ "$("$D/opt/x/sbin/govctl" --version)" = "govctl $VERSION" ]
}

@test "make modules_install: the module, below DESTDIR" {
	make_there DESTDIR="$D" modules_install
	[ "$(find "$D/lib/modules" -name 'capgov.ko*' | wc -l)" -eq 1 ]
}

@test "make dkms-install: with DESTDIR a source that DKMS can build" {
	make_there DESTDIR="$D" dkms-install
	run files "$D"
	[[ "$output" != *"/capgov-$VERSION/userspace/govctl"* ]]
	builds "$D/usr/src/capgov-$VERSION"
}

# DKMS itself would build for this machine: what it is asked for is noted.
@test "make dkms-install: other versions go, this one is put in their place" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/dkms" <<-END
	#!/bin/sh
	echo "\$*" >>$BATS_TEST_TMPDIR/asked
	[ "\$1" != status ] || printf '%s\\n' 'capgov/0.0.8: added' \\
		'capgov/0.0.9, 6.1.0-1-amd64, x86_64: installed' \\
		'capgov/0.0.9, 6.1.0-2-amd64, x86_64: installed'
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/dkms"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH make_there DKMS_SOURCE="$D" dkms-install
	diff "$BATS_TEST_TMPDIR/asked" - <<-END
	status capgov
	remove capgov/0.0.8 --all
	remove capgov/0.0.9 --all
	install --force capgov/$VERSION
	END
	[ -e "$D/dkms.conf" ]
}

@test "a tree in a path with a space is refused" {
	mkdir "$BATS_TEST_TMPDIR/a b"
	cp -r "$COPY/Makefile" "$COPY/userspace" "$COPY/tests" "$BATS_TEST_TMPDIR/a b"
	run -2 make -s -C "$BATS_TEST_TMPDIR/a b" clean
	[[ $output == *"path with a space"* ]]
}

@test "make deb: the tools, and a source that DKMS can build" {
	make_there deb
	for package in capgov capgov-dkms; do
		mkdir -p "$D"
		deb=$(echo "$COPY/build/deb/${package}_${VERSION}_"*.deb)
		[ "$(dpkg-deb -f "$deb" Version)" = "$VERSION" ]
		dpkg-deb -x "$deb" "$D/$package"
	done
	diff <(files "$D/capgov" | grep -v /usr/share/doc/) <(tools /usr .gz)
	[ "$("$D/capgov/usr/sbin/govctl" --version)" = "govctl $VERSION" ]
	[ "$(ls "$D/capgov-dkms/usr/src")" = "capgov-$VERSION" ]
	dpkg-deb -f "$deb" Depends | grep -q '^dkms '
	dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./postinst |
		grep -q "^CVERSION=\|$VERSION"
	builds "$D/capgov-dkms/usr/src/capgov-$VERSION"
}
