# SPDX-License-Identifier: GPL-2.0
# Which kernel: finds the version of a description in kernels/, its headers and
# its image. The image is unpacked into the cache, never installed.

# Version of the newest installed headers that fit the description.
kernel_installed() {
	ls -d /usr/src/linux-headers-* 2>/dev/null |
		sed 's|.*/linux-headers-||' |
		grep -xE "$version_pattern" | sort -V | tail -n 1
}

# Unpack the image of version $1 to directory $2, whole or not at all.
kernel_fetch() {
	local tmp=$cache/kernels/.fetch-$1
	rm -rf "$tmp"
	mkdir "$tmp"
	say "fetching linux-image-$1"
	if (cd "$tmp" && apt-get -qq -o APT::Sandbox::User=root \
		download "linux-image-$1" >/dev/null) &&
	   dpkg-deb -x "$tmp"/*.deb "$tmp/tree" &&
	   /sbin/depmod -b "$tmp/tree" "$1"; then
		mv -T "$tmp/tree" "$2"
	fi
	rm -rf "$tmp"
	[ -d "$2" ]
}

# Number at offset $1 of the image $2, $3 bytes long.
kernel_image_field() { od -An -v -j "$1" -N "$3" -t "u$3" "$2" | tr -d ' '; }

# Unpack the ELF kernel that is in the bzImage $1 to $2. It takes half the time
# to boot, as the guest need not do that, and is never moved (KASLR). One that
# is not compressed by xz, or cannot be started so, stays as it is.
kernel_extract() {
	local setup start length
	setup=$(kernel_image_field 0x1f1 "$1" 1)
	start=$(($(kernel_image_field 0x248 "$1" 4) + (setup + 1) * 512))
	length=$(kernel_image_field 0x24c "$1" 4)
	# The last four bytes are the length that it unpacks to.
	tail -c "+$((start + 1))" "$1" | head -c "$((length - 4))" |
		xz -dc >"$2.tmp" 2>/dev/null &&
		grep -q '^CONFIG_PVH=y' "${1%/*}/config-${1##*/vmlinuz-}" ||
		cp "$1" "$2.tmp" && mv "$2.tmp" "$2"
}

# The package that the description names, else the newest that fits it.
kernel_install_headers() {
	apt-get -qq update || true
	[ -n "$headers_package" ] || headers_package=$(apt-cache search \
		--names-only "^linux-headers-$version_pattern\$" |
		awk '{ print $1 }' | sort -V | tail -n 1)
	say "installing $headers_package"
	DEBIAN_FRONTEND=noninteractive apt-get -qq install \
		-o DPkg::Lock::Timeout=300 --no-install-recommends \
		"$headers_package" >/dev/null
}

# Sets kernel_version, kernel_tree, kernel_image, kernel_modules (what it needs
# to find the host's files) and kdir for kernel $1.
kernel_find() {
	[ -f "$here/kernels/$1" ] ||
		usage_error "$1: no such kernel; known: $(ls -m "$here/kernels")"
	. "$here/kernels/$1"
	mkdir -p "$cache/kernels"
	exec 8>"$cache/kernels/.lock-$1"
	flock 8
	if [ "${source_package:-}" ]; then
		source_find "$1"
	elif [ "${chroot_suite:-}" ]; then
		chroot_find "$1"
		kernel_stock "$1"
	else
		kernel_packaged "$1"
		kernel_stock "$1"
	fi
	exec 8>&-
}

# Build the module for it in folder $1.
kernel_module() {
	if [ "${chroot_suite:-}" ]; then
		chroot_build "$(chroot_source)" "$1"
	else
		make -s -C "$top" module KDIR="$kdir" MODULE_OUT="$1" \
			${opt_kunit:+CAPGOV_KUNIT=1}
	fi
}

# What is so of each that comes in Debian's packages.
kernel_stock() {
	kernel_image=$kernel_tree/boot/vmlinux
	[ -f "$kernel_image" ] || kernel_extract \
		"$kernel_tree/boot/vmlinuz-$kernel_version" "$kernel_image" ||
		die "$1: cannot unpack the kernel in $kernel_tree"
	kernel_modules="virtio_pci 9pnet_virtio 9p overlay"
}

# Sets kernel_version, kernel_tree and kdir for one in this release's packages.
kernel_packaged() {
	kernel_version=$(kernel_installed)
	kernel_tree=$cache/kernels/$kernel_version
	if [ -z "$kernel_version" ] || { [ ! -d "$kernel_tree" ] &&
	     ! kernel_fetch "$kernel_version" "$kernel_tree"; }; then
		# None, or one that the mirror no longer has.
		kernel_install_headers
		kernel_version=$(kernel_installed)
		[ -n "$kernel_version" ] ||
			die "$1: $headers_package does not bring this kernel here"
		kernel_tree=$cache/kernels/$kernel_version
		[ -d "$kernel_tree" ] ||
			kernel_fetch "$kernel_version" "$kernel_tree" ||
			die "$1: cannot fetch linux-image-$kernel_version"
	fi
	kdir=/usr/src/linux-headers-$kernel_version
}
