# SPDX-License-Identifier: GPL-2.0
# What the guest starts with: busybox, our programs with their libraries, the
# module, the command, and what the user adds. With --host-root the root is
# another, and everything comes in a folder that moves there (see init).

# Put file $1 at $2 into the guest.
initramfs_add() {
	local lib to=$root
	[ -z "$opt_host_root" ] || to=$root/run/vm/add
	mkdir -p "$to${2%/*}"
	cp -rL --preserve=mode "$1" "$to$2" || die "$1: cannot be copied"
	[ -z "$opt_host_root" ] || return 0
	# The libraries of a program; ldd says no more than that it is none.
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r lib; do
		[ -e "$root$lib" ] || install -D -m 755 "$lib" "$root$lib"
	done
}

# Kernel modules $@ and what they need, in the order of loading.
initramfs_modules() {
	local name file
	mkdir "$root/modules"
	: >"$root/modules/order"
	for name; do
		/sbin/modprobe -d "$kernel_tree" -S "$kernel_version" \
			--show-depends "$name" |
			awk '$1 == "insmod" { print $2 }'
	done | awk '!seen[$0]++' | while read -r file; do
		cp "$file" "$root/modules"
		echo "${file##*/}" >>"$root/modules/order"
	done
}

# Quote $1 for the guest's shell, whatever it holds.
quote() { printf "'%s'" "${1//\'/\'\\\'\'}"; }

initramfs_config() {
	local arg
	echo "host_root=$opt_host_root"
	echo "shell=$opt_shell"
	if [ "$opt_shell" ]; then
		echo "terminal=$(quote "${TERM:-dumb}")"
		echo "size=$(quote "$(stty size 2>/dev/null)")"
	fi
	if [ "$opt_host_root" ]; then
		echo "cwd=$(quote "$PWD")"
		echo "modules=$(quote "$kernel_tree/lib/modules")"
	fi
	printf 'with_args() { "$@"'
	for arg; do
		printf ' '
		quote "$arg"
	done
	echo '; }'
}

# Build the initramfs for the command given, to file $initrd.
initramfs_build() {
	local program spec
	root=$work/root
	mkdir -p "$root"/{bin,dev,newroot,proc,root,run/vm/bin,sys,tmp}
	chmod 1777 "$root/tmp"
	install -m 755 "$here/init" "$root"
	install -m 755 "$(command -v busybox)" "$root/run/vm"
	[ -z "$opt_module" ] || cp "$opt_module" "$root/capgov.ko"
	for program in govctl govload govlab; do
		initramfs_add "$top/build/userspace/$program" \
			"/usr/local/sbin/$program"
	done
	for spec in "${opt_add[@]}"; do
		case $spec in
		*:*) initramfs_add "${spec%%:*}" "${spec#*:}" ;;
		*) initramfs_add "$spec" "/root/${spec##*/}" ;;
		esac
	done
	[ -z "$opt_host_root" ] || initramfs_modules $kernel_modules
	initramfs_config "$@" >"$root/run/vm/config"
	# The same bytes for the same files: instructions are counted.
	(cd "$root" && find . -exec touch -h -d 2024-01-01Z {} + &&
		find . | LC_ALL=C sort |
		cpio -o -H newc -R 0:0 --reproducible --quiet) >"$initrd"
	rm -rf "$root"
}
