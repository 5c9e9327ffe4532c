# SPDX-License-Identifier: GPL-2.0
# What the guest starts with: busybox, our programs with their libraries, the
# module, the command, and what the user adds.

# Copy ELF program $1 to $2 in the tree, with the libraries it needs.
initramfs_program() {
	local lib
	install -D -m 755 "$1" "$root$2"
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r lib; do
		[ -e "$root$lib" ] || install -D -m 755 "$lib" "$root$lib"
	done
}

# Kernel modules $@ and what they need, in the order of loading.
initramfs_modules() {
	local name file
	for name; do
		/sbin/modprobe -d "$kernel_tree" -S "$kernel_version" \
			--show-depends "$name" |
			awk '$1 == "insmod" { print $2 }'
	done | awk '!seen[$0]++' | while read -r file; do
		install -D -m 644 "$file" "$root/modules/${file##*/}"
		echo "${file##*/}" >>"$root/modules/order"
	done
}

# Quote the arguments for the guest's shell, whatever they hold.
quote() {
	local arg
	for arg; do
		printf " '%s'" "${arg//\'/\'\\\'\'}"
	done
}

initramfs_config() {
	{
		echo "host_root=$opt_host_root"
		echo "shell=$opt_shell"
		echo "module=$([ "$opt_module" ] && echo 1)"
		echo "cwd=$(quote "$PWD" | cut -c 2-)"
		echo "path=$(quote "$top/build/userspace" | cut -c 2-)"
		echo "with_args() { \"\$@\"$(quote "$@"); }"
	} >"$root/etc/capgov-vm"
}

# Build the initramfs for the command given, to file $initrd.
initramfs_build() {
	local program spec
	root=$work/root
	mkdir -p "$root"/{bin,sbin,etc,proc,sys,dev,tmp,run,root,usr/bin,newroot}
	install -m 755 "$(command -v busybox)" "$root/bin/busybox"
	install -m 755 "$here/init" "$root/init"
	ln -s bin/busybox "$root/linuxrc"
	for program in govctl govload govlab; do
		[ -e "$top/build/userspace/$program" ] &&
			initramfs_program "$top/build/userspace/$program" \
				"/usr/bin/$program"
	done
	[ -z "$opt_module" ] || cp "$opt_module" "$root/capgov.ko"
	for spec in "${opt_add[@]}"; do
		initramfs_program "${spec%%:*}" \
			"$(case $spec in *:*) echo "${spec#*:}";;
			*) echo "/root/${spec##*/}";; esac)"
	done
	[ -z "$opt_host_root" ] ||
		initramfs_modules virtio_pci 9pnet_virtio 9p overlay
	initramfs_config "$@"
	(cd "$root" && find . | cpio -o -H newc --quiet) >"$initrd"
	rm -rf "$root"
}
