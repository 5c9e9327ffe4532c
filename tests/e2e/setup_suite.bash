# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What tests start all the time becomes the guest's own: whenever the guest waits
# for a file of the host's, its time jumps to whatever comes next, so that a busy
# host makes it late. To give a file to its owner is to copy it to the scratch layer.
setup_suite() {
	local files
	[ -e /run/vm/config ] || return 0
	mapfile -t files < <(
		type -P awk bash cat chrt date gdb govctl grep ls mkdir mkfifo nl \
			pgrep readlink rm rmdir sed sh sleep sort strace \
			taskset tar timeout touch tr uniq wc xz
		find /usr/lib/bats-core /usr/libexec/bats-core \
			"$BATS_TEST_DIRNAME/../../build/tests" -maxdepth 2 -type f)
	mapfile -t files < <(
		printf '%s\n' "${files[@]}"
		ldd "${files[@]}" 2>/dev/null |
			sed -n 's|^\t[^/]*\(/[^ ]*\) (.*|\1|p')
	chown 0:0 $(readlink -f "${files[@]}" | sort -u)
}
