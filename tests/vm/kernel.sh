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
	local tmp
	tmp=$(mktemp -d "$cache/kernels/.fetch.XXXXXX")
	say "fetching linux-image-$1"
	if (cd "$tmp" && apt-get -qq download "linux-image-$1" >/dev/null 2>&1) &&
	   dpkg-deb -x "$tmp"/*.deb "$tmp/tree" &&
	   /sbin/depmod -b "$tmp/tree" "$1"; then
		mv -T "$tmp/tree" "$2"
	fi
	rm -rf "$tmp"
	[ -d "$2" ]
}

kernel_install_headers() {
	say "installing $headers_package"
	apt-get -qq update || true
	DEBIAN_FRONTEND=noninteractive apt-get -qq install \
		-o DPkg::Lock::Timeout=300 --no-install-recommends \
		"$headers_package" >/dev/null
}

# Sets kernel_version, kernel_tree, kernel_image and kdir for kernel $1.
kernel_find() {
	[ -f "$here/kernels/$1" ] ||
		usage_error "$1: no such kernel; known: $(ls -m "$here/kernels")"
	. "$here/kernels/$1"
	mkdir -p "$cache/kernels"
	exec 8>"$cache/kernels/.lock"
	flock 8
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
	flock -u 8
	kernel_image=$kernel_tree/boot/vmlinuz-$kernel_version
	kdir=/usr/src/linux-headers-$kernel_version
}
