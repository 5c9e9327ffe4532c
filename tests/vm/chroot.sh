# SPDX-License-Identifier: GPL-2.0
# Kernels of a newer Debian, whose tools to build modules want a newer C library
# than is here: a root of that release in the cache, in which the module is
# built. It keeps the version that was the newest when it was made.

mirror=http://deb.debian.org/debian

# Run a command in root $1; objtool looks into /proc.
chroot_run() {
	unshare -m sh -c 'mount -t proc proc "$1/proc" && exec chroot "$@"' \
		sh "$@"
}

# Make root $1 with the headers, and unpack the kernel and its modules there.
chroot_make() {
	local apt="apt-get -qq -o APT::Sandbox::User=root" version deb
	debootstrap --variant=minbase --include=gcc,make,kmod "$chroot_suite" \
		"$1" "$mirror" &&
	echo "deb $mirror $chroot_suite-backports main" \
		>"$1/etc/apt/sources.list.d/backports.list" &&
	chroot_run "$1" sh -c "$apt update && DEBIAN_FRONTEND=noninteractive \
		$apt -t $chroot_suite-backports install \
		--no-install-recommends linux-headers-amd64" || return
	version=$(chroot_version "$1")
	chroot_run "$1" sh -c "cd /tmp && $apt download \
		linux-binary-$version linux-modules-$version" &&
	for deb in "$1"/tmp/*.deb; do
		dpkg-deb -x "$deb" "$1" || return
	done &&
	ln -s "../lib/modules/$version/vmlinuz" "$1/boot/vmlinuz-$version" &&
	ln -s "../lib/modules/$version/config" "$1/boot/config-$version" &&
	rm "$1"/tmp/*.deb "$1"/var/cache/apt/archives/*.deb &&
	depmod -b "$1" "$version"
}

# Version of the headers in root $1.
chroot_version() {
	ls "$1/usr/src" | sed -n 's/^linux-headers-\(.*-amd64\)$/\1/p' |
		sort -V | tail -n 1
}

# Sets what kernel_find() does, for kernel $1.
chroot_find() {
	kernel_tree=$cache/chroots/$chroot_suite
	if [ ! -d "$kernel_tree" ]; then
		mkdir -p "$cache/chroots"
		rm -rf "$kernel_tree.tmp"
		say "making a root of $chroot_suite for its kernel: some minutes"
		chroot_make "$kernel_tree.tmp" >"$kernel_tree.log" 2>&1 ||
			die "$1: no root of $chroot_suite: $(tail -n 3 \
				"$kernel_tree.log")"
		mv -T "$kernel_tree.tmp" "$kernel_tree"
	fi
	kernel_version=$(chroot_version "$kernel_tree")
	kdir=/usr/src/linux-headers-$kernel_version
}

# Where this tree's sources are in the root.
chroot_source() { echo "/src/$(md5sum <<<"$top" | head -c 8)"; }

# Build the module in folder $1 of the root, and bring it to folder $2.
chroot_build() {
	mkdir -p "$kernel_tree$1" "$2"
	(cd "$top" && cp -u --parents Kbuild userspace/VERSION \
		"$kernel_tree$1" && cp -ru kmod uapi "$kernel_tree$1") &&
	chroot_run "$kernel_tree" make -s -C "$kdir" "M=$1" W=1 modules &&
	cp "$kernel_tree$1/capgov.ko" "$2"
}
